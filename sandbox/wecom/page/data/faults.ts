import { onScopeDispose, shallowRef } from 'vue'
import { type ApiError, asApiError } from './call.ts'
import type { Active, Control } from './control.ts'

const POLL_MS = 1_000

/** The faults that are on, with what is left of them, while somebody looks. */
export function useFaults(control: Control) {
  const faults = shallowRef<readonly Active[]>()
  const problem = shallowRef<ApiError>()

  async function refresh() {
    try {
      faults.value = await control.faults()
      problem.value = undefined
    } catch (error) {
      problem.value = asApiError(error)
    }
  }
  void refresh()
  const timer = setInterval(() => void refresh(), POLL_MS)
  onScopeDispose(() => clearInterval(timer))
  return { faults, problem, refresh }
}

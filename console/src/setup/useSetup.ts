import { setup } from '@zhiyin/shared/api/setup'
import { checkIds, type CheckId } from '@zhiyin/shared/setup/checks'
import type { CheckResult } from '@zhiyin/shared/setup/result'
import { computed, ref } from 'vue'
import { useCall } from '../kit/call.ts'
import { messageOf, useLoad } from '../kit/load.ts'

/** The last result of every check; which of them run at the moment, and how to run them again. */
export const useSetup = () => {
  const call = useCall()
  const running = ref<ReadonlySet<CheckId>>(new Set())
  const error = ref('')
  const load = useLoad(async () => {
    const state = await call(setup.state)
    if (state.items.length === 0) void run()
    return state
  })
  const results = computed(
    () => new Map<CheckId, CheckResult>((load.data.value?.items ?? []).map((result) => [result.id, result])),
  )

  const run = async (ids: readonly CheckId[] = checkIds): Promise<void> => {
    error.value = ''
    running.value = new Set([...running.value, ...ids])
    try {
      const { items } = await call(setup.run, { body: { ids: [...ids] } })
      const state = load.data.value
      if (state !== undefined) {
        const rest = state.items.filter(({ id }) => !ids.includes(id))
        load.data.value = { ...state, items: [...rest, ...items] }
      }
    } catch (failure) {
      error.value = messageOf(failure)
    } finally {
      running.value = new Set([...running.value].filter((id) => !ids.includes(id)))
    }
  }
  return { load, results, running, error, run }
}

export type Setup = ReturnType<typeof useSetup>

import { rules } from '@zhiyin/shared/api/rules'
import type { DryRun, RuleInput } from '@zhiyin/shared/rule'
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { useCall } from '../kit/call.ts'
import { messageOf } from '../kit/load.ts'

export type DryRunState = {
  readonly result: ShallowRef<DryRun | undefined>
  readonly error: ShallowRef<string | undefined>
  readonly running: Ref<boolean>
  /** The draft has changed since the result was worked out. */
  readonly behind: Ref<boolean>
  readonly again: () => void
}

/**
 * Tries the draft whenever it has rested for a moment. `input` answers null while the draft is not whole;
 * an answer to an older draft is dropped.
 */
export const useDryRun = (input: () => (RuleInput & { id?: string }) | null, restMs = 600): DryRunState => {
  const call = useCall()
  const result = shallowRef<DryRun>()
  const error = shallowRef<string>()
  const running = ref(false)
  const behind = ref(false)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const run = async (): Promise<void> => {
    const body = input()
    if (body === null) return
    const mine = ++turn
    running.value = true
    try {
      const answer = await call(rules.dryRun, { body: { ...body, limit: 100 } })
      if (mine !== turn) return
      result.value = answer
      error.value = undefined
      behind.value = false
    } catch (failure) {
      if (mine === turn) error.value = messageOf(failure)
    } finally {
      if (mine === turn) running.value = false
    }
  }
  const plan = (wait: number) => {
    clearTimeout(timer)
    turn++
    running.value = false
    behind.value = true
    timer = setTimeout(() => void run(), wait)
  }
  watch(
    () => JSON.stringify(input()),
    () => plan(restMs),
  )
  plan(0)
  onScopeDispose(() => {
    clearTimeout(timer)
    turn++
  })
  return { result, error, running, behind, again: () => plan(0) }
}

import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { messageOf } from './load.ts'

export type Trial<R> = {
  readonly result: ShallowRef<R | undefined>
  readonly error: ShallowRef<string | undefined>
  readonly running: Ref<boolean>
  /** The draft has changed since the result was worked out. */
  readonly behind: Ref<boolean>
  readonly again: () => void
}

/**
 * Tries a draft whenever it has rested for a moment. `input` answers null while the draft is not whole; an answer to an older draft is
 * dropped.
 */
export const useTrial = <I, R>(input: () => I | null, ask: (input: I) => Promise<R>, restMs = 600): Trial<R> => {
  const result = shallowRef<R>()
  const error = shallowRef<string>()
  const running = ref(false)
  const behind = ref(false)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const run = async (): Promise<void> => {
    const asked = input()
    if (asked === null) return
    const mine = ++turn
    running.value = true
    try {
      const answer = await ask(asked)
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

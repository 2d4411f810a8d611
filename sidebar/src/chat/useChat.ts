import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { failureOf, type WecomFailure } from '../wecom/failure.ts'
import type { Place, Wecom } from '../wecom/wecom.ts'

export type ChatState = { kind: 'asking' } | { kind: 'outside' } | { kind: 'failed'; failure: WecomFailure } | Place

export type Chat = {
  readonly state: Readonly<ShallowRef<ChatState>>
  /** Asks the client again; keeps what is known while it asks. */
  readonly ask: () => Promise<ChatState>
  /** From the start, after a failure. */
  readonly retry: () => Promise<void>
}

const same = (a: ChatState, b: ChatState): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Which chat the page stands beside. Some clients keep the page open while the rep moves to another chat,
 * so it asks again whenever the page comes back into view or focus.
 * `demo` opens a customer outside the client.
 */
export const useChat = (wecom: Wecom, demo: string | null): Chat => {
  const start = (): ChatState => {
    if (wecom.inside) return { kind: 'asking' }
    return demo === null ? { kind: 'outside' } : { kind: 'single', externalUserId: demo, talks: false }
  }
  const state = shallowRef<ChatState>(start())
  let turn = 0

  const ask = async (): Promise<ChatState> => {
    if (!wecom.inside) return state.value
    const mine = (turn += 1)
    try {
      const next = await wecom.place()
      if (mine === turn && !same(next, state.value)) state.value = next
    } catch (reason) {
      const known = state.value.kind !== 'asking' && state.value.kind !== 'failed'
      if (mine === turn && !known) state.value = { kind: 'failed', failure: failureOf(reason) }
    }
    return state.value
  }

  const retry = async (): Promise<void> => {
    state.value = start()
    await ask()
  }

  const look = (): void => {
    if (!document.hidden) void ask()
  }
  document.addEventListener('visibilitychange', look)
  window.addEventListener('focus', look)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', look)
    window.removeEventListener('focus', look)
  })

  return { state, ask, retry }
}

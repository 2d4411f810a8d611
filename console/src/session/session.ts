import type { Role } from '@zhiyin/shared/api/endpoint'
import { session as endpoints, type LoginPanel, type Me } from '@zhiyin/shared/api/session'
import type { Call } from '@zhiyin/shared/api/client'
import { ApiError } from '@zhiyin/shared/api/client'
import { readonly, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import { messageOf } from '../kit/load.ts'
import { need } from '../kit/inject.ts'

export type SessionState = 'asking' | 'in' | 'out' | 'failed'

/** Who is signed in. `lost` is called by any answer that says nobody is. */
export type Session = {
  readonly state: Readonly<Ref<SessionState>>
  readonly me: Readonly<ShallowRef<Me | undefined>>
  readonly error: Readonly<Ref<string>>
  readonly ask: () => Promise<void>
  readonly lost: () => void
  /** Where and how to sign in, to come back to `to`. */
  readonly login: (to: string) => Promise<{ url: string; panel: LoginPanel | null }>
  /** Leaves this page. */
  readonly go: (url: string) => void
  readonly logout: () => Promise<void>
}

export const sessionKey: InjectionKey<Session> = Symbol('session')
export const useSession = (): Session => need(sessionKey)

const rank: Record<Role, number> = { rep: 0, manager: 1, admin: 2 }

/** Whether a role may do what asks for at least `wanted`. */
export const mayAct = (role: Role | undefined, wanted: Role): boolean =>
  role !== undefined && rank[role] >= rank[wanted]

export const createSession = (call: () => Call, go: (url: string) => void): Session => {
  const state = ref<SessionState>('asking')
  const me = shallowRef<Me>()
  const error = ref('')
  const lost = () => {
    me.value = undefined
    state.value = 'out'
  }
  const ask = async () => {
    state.value = 'asking'
    try {
      me.value = await call()(endpoints.me)
      state.value = 'in'
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 401) return lost()
      error.value = messageOf(failure)
      state.value = 'failed'
    }
  }
  // Inside the client nobody scans a code: it knows who they are.
  const way = /wxwork/i.test(navigator.userAgent) ? 'client' : 'qr'
  const login = (to: string) => call()(endpoints.login, { query: { to, way } })
  const logout = async () => {
    await call()(endpoints.logout)
    lost()
  }
  return { state: readonly(state), me, error: readonly(error), ask, lost, login, go, logout }
}

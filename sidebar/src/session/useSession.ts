import { ApiError, type Client } from '@zhiyin/shared/api/client'
import { session, type Me } from '@zhiyin/shared/api/session'
import { shallowRef, type ShallowRef } from 'vue'
import { messageOf } from '../platform/useAction.ts'
import { provided } from '../platform/provided.ts'
import { passing } from '../platform/storage.ts'

export type SessionState =
  | { kind: 'checking' }
  | { kind: 'signed-in'; me: Me }
  /** On the way to WeCom's sign-in page. */
  | { kind: 'leaving' }
  | { kind: 'signed-out' }
  /** `looped`: came back from signing in and still nobody is signed in (cookies refused). */
  | { kind: 'failed'; message: string; looped: boolean }

export type Session = {
  readonly state: Readonly<ShallowRef<SessionState>>
  /** The company's time zone. UTC until somebody is signed in, when no time is shown. */
  readonly zone: Readonly<ShallowRef<string>>
  /** `quietly`: without showing that it checks. */
  readonly check: (quietly?: boolean) => Promise<void>
  /** Sends the browser to sign in; harmless when it is on its way already. */
  readonly signIn: () => Promise<void>
  readonly signOut: () => Promise<void>
}

type SessionOptions = {
  call: () => Client['call']
  way: 'client' | 'qr'
  path: () => string
  go: (url: string) => void
  now: () => number
}

const loopWindow = 60_000
const loopLimit = 2

/** Signs a member in through WeCom and knows who it is. */
export const createSession = ({ call, way, path, go, now }: SessionOptions): Session => {
  const state = shallowRef<SessionState>({ kind: 'checking' })
  const zone = shallowRef('UTC')

  const recentTries = (): number[] =>
    (passing.get('signin') ?? '')
      .split(',')
      .map(Number)
      .filter((at) => at > now() - loopWindow)

  const fail = (error: unknown): void => {
    state.value = { kind: 'failed', message: messageOf(error), looped: false }
  }

  const signIn = async (): Promise<void> => {
    if (state.value.kind !== 'checking' && state.value.kind !== 'signed-in') return
    const tries = recentTries()
    if (tries.length >= loopLimit) {
      passing.set('signin', '')
      state.value = { kind: 'failed', message: '', looped: true }
      return
    }
    state.value = { kind: 'leaving' }
    passing.set('signin', [...tries, now()].join(','))
    try {
      const { url } = await call()(session.login, { query: { to: path(), way } })
      go(url)
    } catch (error) {
      fail(error)
    }
  }

  const check = async (quietly = false): Promise<void> => {
    if (!quietly) state.value = { kind: 'checking' }
    try {
      const me = await call()(session.me)
      passing.set('signin', '')
      zone.value = me.timezone
      state.value = { kind: 'signed-in', me }
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) return fail(error)
      if (quietly) state.value = { kind: 'checking' }
      await signIn()
    }
  }

  const signOut = async (): Promise<void> => {
    await call()(session.logout)
    state.value = { kind: 'signed-out' }
  }

  return { state, zone, check, signIn, signOut }
}

export const sessionOf = provided<Session>('session')

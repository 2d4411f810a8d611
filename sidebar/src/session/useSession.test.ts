import { beforeEach, describe, expect, it } from 'vitest'
import { fakeServer, Refusal } from '../testing/fakeServer.ts'
import { createSession } from './useSession.ts'

const nobody = () => {
  throw new Refusal(401, 'session.missing')
}
const setUp = (answer: () => unknown) => {
  const went: string[] = []
  const server = fakeServer({
    'GET /api/session': answer,
    'GET /api/session/login': () => ({ url: 'https://wecom/login', panel: null }),
    'POST /api/session/logout': () => ({ ok: true }),
  })
  const session = () =>
    createSession({
      call: () => server.call,
      way: 'client',
      path: () => '/sidebar/?external=wm1',
      go: (url) => went.push(url),
      now: () => 1_000_000,
    })
  return { server, went, session }
}

beforeEach(() => {
  sessionStorage.clear()
})

describe('createSession', () => {
  it('knows who is signed in', async () => {
    const session = setUp(() => ({ userid: 'wang', name: '王敏', role: 'rep', timezone: 'Asia/Shanghai' })).session()
    await session.check()
    expect(session.state.value).toMatchObject({ kind: 'signed-in', me: { name: '王敏' } })
    await session.signOut()
    expect(session.state.value.kind).toBe('signed-out')
    await session.signIn()
    expect(session.state.value.kind).toBe('signed-out')
  })

  it('goes to sign in once, and comes back to this very page', async () => {
    const { server, went, session } = setUp(nobody)
    const one = session()
    await one.check()
    await one.signIn()
    expect(one.state.value.kind).toBe('leaving')
    expect(went).toEqual(['https://wecom/login'])
    const login = server.asked.find(({ path }) => path === '/api/session/login')
    expect(Object.fromEntries(login?.query ?? [])).toEqual({ to: '/sidebar/?external=wm1', way: 'client' })
  })

  it('stops going round when signing in does not hold', async () => {
    const { went, session } = setUp(nobody)
    await session().check()
    await session().check()
    const third = session()
    await third.check()
    expect(third.state.value).toMatchObject({ kind: 'failed', looped: true })
    await third.signIn()
    expect(went).toHaveLength(2)
  })

  it('shows a failure and checks again without blinking', async () => {
    let up = false
    const { session } = setUp(() => {
      if (!up) throw new Refusal(503, 'storage.unavailable')
      return { userid: 'wang', name: '王敏', role: 'rep', timezone: 'Asia/Shanghai' }
    })
    const one = session()
    await one.check()
    expect(one.state.value).toEqual({ kind: 'failed', message: '存储暂时不可用，稍后会自动恢复', looped: false })
    up = true
    const checking = one.check(true)
    expect(one.state.value.kind).toBe('failed')
    await checking
    expect(one.state.value.kind).toBe('signed-in')
  })
})

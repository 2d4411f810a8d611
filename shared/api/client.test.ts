import { describe, expect, expectTypeOf, it } from 'vitest'
import { ApiError, createClient, type FetchLike } from './client.ts'
import { customers } from './customers.ts'
import { session, type Me } from './session.ts'
import { tasks } from './tasks.ts'

type Asked = { url: string; init: Parameters<FetchLike>[1] }

const setUp = (status: number, answer: unknown, headers: Record<string, string> = {}) => {
  const asked: Asked[] = []
  const seen = { unauthorized: 0, time: 0 }
  const { call } = createClient({
    base: '/base',
    lang: () => 'zh',
    onUnauthorized: () => (seen.unauthorized += 1),
    onServerTime: (ms) => (seen.time = ms),
    fetch: (url, init) => {
      asked.push({ url, init })
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
      return Promise.resolve({
        status,
        headers: { get: (name) => headers[name] ?? null },
        text: () => Promise.resolve(text),
      })
    },
  })
  return { call, asked, seen }
}

const failing = async (promise: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof ApiError) return error
  throw new Error('expected an ApiError')
}

describe('createClient', () => {
  it('returns what the endpoint promises and learns the server time', async () => {
    const { call, asked, seen } = setUp(
      200,
      { userid: 'u1', name: '王敏', role: 'rep', timezone: 'America/New_York', more: 1 },
      {
        date: 'Mon, 03 Aug 2026 01:02:03 GMT',
      },
    )
    const me = await call(session.me)
    expectTypeOf(me).toEqualTypeOf<Me>()
    expect(me).toEqual({ userid: 'u1', name: '王敏', role: 'rep', timezone: 'America/New_York' })
    expect(asked[0]?.url).toBe('/base/api/session')
    expect(asked[0]?.init.headers['accept-language']).toBe('zh')
    expect(asked[0]?.init.body).toBeUndefined()
    expect(seen.time).toBe(Date.UTC(2026, 7, 3, 1, 2, 3))
  })

  it('fills the path, encodes the query and leaves out what is undefined', async () => {
    const { call, asked } = setUp(200, { items: [], next: null })
    await call(customers.timeline, { params: { id: 'a/b' }, query: { limit: 20, after: undefined } })
    await call(tasks.list, { query: { customerId: 'x&y' } })
    expect(asked.map((each) => each.url)).toEqual([
      '/base/api/customers/a%2Fb/timeline?limit=20',
      '/base/api/tasks?customerId=x%26y',
    ])
  })

  it('sends JSON with POST and PUT only', async () => {
    const { call, asked } = setUp(200, { ok: true })
    await call(customers.said, { params: { id: 'c1' }, body: { key: '12345678', text: '你好' } })
    await call(session.logout)
    expect(asked[0]?.init.body).toBe('{"key":"12345678","text":"你好"}')
    expect(asked[0]?.init.headers['content-type']).toBe('application/json')
    expect(asked[1]?.init.body).toBe('{}')
  })

  it('does not compile without what an endpoint requires', () => {
    const { call } = setUp(200, {})
    const wrong = (): unknown[] => [
      // @ts-expect-error params are required
      call(customers.get),
      // @ts-expect-error the body lacks its key
      call(customers.replied, { params: { id: 'c1' }, body: {} }),
      // @ts-expect-error no such state
      call(tasks.list, { query: { state: 'lost' } }),
    ]
    expect(wrong).toBeTypeOf('function')
  })

  it('says a known failure in the reader’s language, with fields and request id', async () => {
    const { call, seen } = setUp(403, {
      error: { code: 'policy.not_your_customer', message: 'x', params: {}, requestId: 'r1' },
    })
    const error = await failing(call(customers.get, { params: { id: 'c1' } }))
    expect(error).toMatchObject({ code: 'policy.not_your_customer', status: 403, requestId: 'r1', fields: [] })
    expect(error.message).toBe('你没有跟进这位客户')
    expect(error.passing).toBe(false)
    expect(seen.unauthorized).toBe(0)
  })

  it('keeps the server’s words for a code it does not know, and tells of a 401', async () => {
    const { call, seen } = setUp(401, {
      error: {
        code: 'new.code',
        message: '新的错误',
        params: {},
        requestId: 'r',
        fields: [{ path: 'a', message: 'b' }],
      },
    })
    const error = await failing(call(session.me))
    expect(error.message).toBe('新的错误')
    expect(error.fields).toEqual([{ path: 'a', message: 'b' }])
    expect(seen.unauthorized).toBe(1)
  })

  it('explains an answer that is not ours', async () => {
    const html = await failing(setUp(502, '<html>').call(session.me))
    expect(html).toMatchObject({ code: 'client.status', status: 502, passing: true })
    expect(html.message).toContain('502')
    const odd = await failing(setUp(200, { userid: 1 }).call(session.me))
    expect(odd.code).toBe('client.unexpected')
    expect(odd.message).toContain('GET /api/session userid')
    expect((await failing(setUp(200, 'not json').call(session.me))).code).toBe('client.unexpected')
  })

  it('turns a network fault into a clear error', async () => {
    const { call } = createClient({
      base: '',
      lang: () => 'en',
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    })
    const error = await failing(call(session.me))
    expect(error).toMatchObject({ code: 'client.offline', status: 0, passing: true })
    expect(error.message).toContain('cannot be reached')
  })

  it('refuses a path with a missing parameter', async () => {
    const { call } = setUp(200, {})
    await expect(call(customers.get, { params: { id: '' } })).rejects.toThrow(TypeError)
  })
})

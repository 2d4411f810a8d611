import { createClient, type Client } from '@zhiyin/shared/api/client'

export type Asked = { method: string; path: string; query: URLSearchParams; body: unknown }
type Answer = (asked: Asked) => unknown
export type FakeServer = {
  call: Client['call']
  asked: Asked[]
  /** Answers `GET /api/x` from now on; throw a Refusal to answer with an error. */
  readonly on: (route: string, answer: Answer) => void
  readonly count: (route: string) => number
}

/** An answer that is an error of the API. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

const errorBody = (code: string) => ({ error: { code, message: code, params: {}, requestId: 'r1' } })

/** The real client over a fetch that answers from a table; a route nobody set answers 404. */
export const fakeServer = (routes: Record<string, Answer> = {}): FakeServer => {
  const table = new Map(Object.entries(routes))
  const asked: Asked[] = []
  const routeOf = ({ method, path }: Asked): string => `${method} ${path}`
  const answerOf = async (one: Asked): Promise<{ status: number; body: unknown }> => {
    const answer = table.get(routeOf(one))
    if (!answer) return { status: 404, body: errorBody('not_found') }
    try {
      return { status: 200, body: await answer(one) }
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: errorBody(error.code) }
      throw error
    }
  }
  const { call } = createClient({
    base: '',
    lang: () => 'zh',
    fetch: async (url, { method, body }) => {
      const { pathname, searchParams } = new URL(url, 'http://test')
      const sent: unknown = typeof body === 'string' ? JSON.parse(body) : body
      const one = { method, path: pathname, query: searchParams, body: sent }
      asked.push(one)
      const answer = await answerOf(one)
      const text = JSON.stringify(answer.body)
      return { status: answer.status, headers: { get: () => null }, text: () => Promise.resolve(text) }
    },
  })
  return {
    call,
    asked,
    on: (route, answer) => table.set(route, answer),
    count: (route) => asked.filter((one) => routeOf(one) === route).length,
  }
}

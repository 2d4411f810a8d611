import type { z } from 'zod'
import type { CallInput } from '@zhiyin/shared/api/client'
import type { Endpoint } from '@zhiyin/shared/api/endpoint'
import { z as zod } from 'zod'

const Refused = zod.object({ error: zod.string() })

/** Nobody answered (`status` 0), the stand-in refused, or its answer does not fit the contract. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly status: number

  constructor(message: string, status: number, cause?: unknown) {
    super(message, { cause })
    this.status = status
  }
}

type Rest<T> = Record<never, never> extends T ? [input?: T] : [input: T]
type Loose = { params?: unknown; query?: unknown; body?: unknown }

/** `params`, `query` and `body` as the endpoint of `admin` declares them; the answer is checked against its output. */
export type AdminCall = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, O>,
  ...rest: Rest<CallInput<P, Q, B>>
) => Promise<z.output<O>>

/**
 * A typed client of the stand-in's admin API: `call(admin.customers.create, { body: { name: '王小明' } })`.
 *
 * @param url where the stand-in listens; '' for the page's own host
 */
export function createAdminClient(url: string, fetcher: typeof fetch = (input, init) => fetch(input, init)): AdminCall {
  return async (endpoint, ...rest) => {
    const input: Loose = rest[0] ?? {}
    const carries = endpoint.method === 'POST' || endpoint.method === 'PUT'
    const response = await fetcher(url + pathOf(endpoint.path, input), {
      method: endpoint.method,
      ...(carries ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(input.body ?? {}) } : {}),
    }).catch((error: unknown) => {
      throw new AdminError(`${url || 'the stand-in'} does not answer`, 0, error)
    })
    const text = await response.text()
    const what = `${endpoint.method} ${endpoint.path}`
    if (!response.ok) throw new AdminError(`${what} answered ${response.status}: ${errorIn(text)}`, response.status)
    const answer = endpoint.output.safeParse(json(text))
    if (!answer.success)
      throw new AdminError(`${what}: ${zod.prettifyError(answer.error)}`, response.status, answer.error)
    return answer.data
  }
}

function pathOf(path: string, input: Loose): string {
  const params = new Map(entriesOf(input.params))
  const filled = path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params.get(name) ?? ''))
  const query = new URLSearchParams(entriesOf(input.query)).toString()
  return query === '' ? filled : `${filled}?${query}`
}

function entriesOf(value: unknown): [string, string][] {
  return Object.entries(typeof value === 'object' && value !== null ? value : {}).flatMap(
    ([name, one]): [string, string][] =>
      typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? [[name, String(one)]] : [],
  )
}

function errorIn(text: string): string {
  return Refused.safeParse(json(text)).data?.error ?? text.slice(0, 200)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

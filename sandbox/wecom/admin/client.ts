import type { CallInput } from '@zhiyin/shared/api/client'
import type { Endpoint } from '@zhiyin/shared/api/endpoint'
import { z } from 'zod'

const JSON_TYPE = { 'content-type': 'application/json' }
const Refused = z.object({ error: z.string() })

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

/** One exchange: the JSON answered, or an AdminError. `path` begins with /sandbox/api. */
export type AdminAsk = (method: string, path: string, body?: unknown) => Promise<unknown>

/** @param url where the stand-in listens; '' for the page's own host */
export function createAdminAsk(url: string, fetcher: typeof fetch = (input, init) => fetch(input, init)): AdminAsk {
  return async (method, path, body) => {
    const sent = body === undefined ? {} : { headers: JSON_TYPE, body: JSON.stringify(body) }
    const response = await fetcher(url + path, { method, ...sent }).catch((error: unknown) => {
      throw new AdminError(`${url || 'the stand-in'} does not answer`, 0, error)
    })
    const answer = json(await response.text())
    if (response.ok) return answer
    const reason = Refused.safeParse(answer).data?.error ?? 'no reason given'
    throw new AdminError(`${method} ${path} answered ${response.status}: ${reason}`, response.status)
  }
}

/** A typed client of the stand-in's admin API: `call(admin.customers.create, { body: { name: '王小明' } })`. */
export function createAdminClient(url: string, fetcher?: typeof fetch): AdminCall {
  const ask = createAdminAsk(url, fetcher)
  return async (endpoint, ...rest) => {
    const input: Loose = rest[0] ?? {}
    const carries = endpoint.method === 'POST' || endpoint.method === 'PUT'
    const answer = await ask(endpoint.method, pathOf(endpoint.path, input), carries ? (input.body ?? {}) : undefined)
    const checked = endpoint.output.safeParse(answer)
    if (checked.success) return checked.data
    throw new AdminError(`${endpoint.method} ${endpoint.path}: ${z.prettifyError(checked.error)}`, 200, checked.error)
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

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

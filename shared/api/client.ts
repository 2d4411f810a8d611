import type { z } from 'zod'
import { ErrorBody, errorTexts, sayError, type ErrorCode } from '../errors/index.ts'
import { fill, type Bilingual, type Lang, type Params } from '../text.ts'
import type { Endpoint, Method } from './endpoint.ts'

/** The part of `fetch` the client uses, so that this file needs neither the DOM's nor Node's types. */
export type FetchLike = (
  url: string,
  init: {
    method: Method
    headers: Record<string, string>
    credentials: 'same-origin'
    body?: string | Uint8Array<ArrayBuffer>
  },
) => Promise<{ status: number; headers: { get(name: string): string | null }; text(): Promise<string> }>

export type ClientOptions = {
  /** In front of every path: '' for the page's own host. */
  base: string
  lang: () => Lang
  /** The company's time zone, for the moments in errors; undefined while nobody is signed in. */
  zone?: () => string | undefined
  fetch: FetchLike
  /** Called on every 401 before the call rejects. */
  onUnauthorized?: () => void
  /** Called with the server's time (its Date header) at every answer. */
  onServerTime?: (ms: number) => void
}

/** What went wrong between us and the server, where the server could not say it itself. */
export const clientTexts = {
  'client.offline': {
    zh: '连不上服务器，请检查网络后重试',
    en: 'The server cannot be reached; check the network and retry',
  },
  'client.unexpected': {
    zh: '服务器的应答和页面对不上，请刷新页面（{what}）',
    en: 'The answer does not fit this page; reload it ({what})',
  },
  'client.status': { zh: '服务器返回 {status}，请稍后再试', en: 'The server answered {status}; try again later' },
} as const satisfies Record<string, Bilingual>

type Field = { path: string; message: string }

/** A call that failed: `code` for the program, `message` for the person (in their language). `status` 0: no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  readonly status: number
  readonly fields: readonly Field[]
  readonly requestId: string | null
  readonly params: Params

  constructor(told: {
    code: string
    message: string
    status: number
    fields?: readonly Field[]
    requestId?: string | null
    params?: Params
    cause?: unknown
  }) {
    super(told.message, { cause: told.cause })
    this.code = told.code
    this.status = told.status
    this.fields = told.fields ?? []
    this.requestId = told.requestId ?? null
    this.params = told.params ?? {}
  }

  /** Worth trying again as it is: no answer, too many requests, or a fault of the server. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

type Part<K extends string, T extends z.ZodType> =
  Record<never, never> extends z.input<T> ? { [key in K]?: z.input<T> } : { [key in K]: z.input<T> }

/** `params`, `query` and `body` as the endpoint declares them; a part that has no required key may be left out. */
export type CallInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', P> &
  Part<'query', Q> &
  Part<'body', B> & {
    /** The file of an endpoint that takes one. */
    file?: Uint8Array<ArrayBuffer>
  }

type Rest<T> = Record<never, never> extends T ? [input?: T] : [input: T]

export type Call = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, O>,
  ...rest: Rest<CallInput<P, Q, B>>
) => Promise<z.output<O>>

export type Client = { readonly call: Call }

type Loose = { params?: unknown; query?: unknown; body?: unknown; file?: Uint8Array<ArrayBuffer> }

const entriesOf = (value: unknown): [string, string][] =>
  Object.entries(typeof value === 'object' && value !== null ? value : {}).flatMap(([key, each]): [string, string][] =>
    typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean' ? [[key, String(each)]] : [],
  )

const addressOf = (base: string, path: string, input: Loose): string => {
  const params = new Map(entriesOf(input.params))
  const filled = path.replace(/:(\w+)/g, (_all, name: string) => {
    const value = params.get(name)
    if (value === undefined || value === '') throw new TypeError(`${path} needs the parameter ${name}`)
    return encodeURIComponent(value)
  })
  const query = entriesOf(input.query).map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
  return base + filled + (query.length > 0 ? `?${query.join('&')}` : '')
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTexts, code)

const jsonOf = (text: string): { ok: true; value: unknown } | { ok: false } => {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}

const failureOf = (status: number, text: string, lang: Lang, zone: string | undefined): ApiError => {
  const json = jsonOf(text)
  const body = ErrorBody.safeParse(json.ok ? json.value : null)
  if (!body.success)
    return new ApiError({
      code: 'client.status',
      message: fill(clientTexts['client.status'], { status }, lang),
      status,
    })
  const { code, message, params, requestId, fields } = body.data.error
  const said = isErrorCode(code) ? sayError(code, { requestId, ...params }, lang, zone) : message
  return new ApiError({ code, message: said, status, params, requestId, fields: fields ?? [] })
}

/**
 * Calls declared endpoints: builds the address, sends JSON, checks the answer against the endpoint's output.
 * Every failure is an ApiError; a wrong use (a missing path parameter) is a TypeError.
 */
export const createClient = ({ base, lang, zone, fetch, onUnauthorized, onServerTime }: ClientOptions): Client => {
  const exchange = async (
    method: Method,
    url: string,
    { body, file }: Loose,
  ): Promise<{ status: number; text: string }> => {
    const headers: Record<string, string> = { accept: 'application/json', 'accept-language': lang() }
    const carries = method === 'POST' || method === 'PUT'
    if (carries) headers['content-type'] = file === undefined ? 'application/json' : 'application/octet-stream'
    try {
      const answer = await fetch(url, {
        method,
        headers,
        credentials: 'same-origin',
        ...(carries ? { body: file ?? JSON.stringify(body ?? {}) } : {}),
      })
      const text = await answer.text()
      const time = Date.parse(answer.headers.get('date') ?? '')
      if (!Number.isNaN(time)) onServerTime?.(time)
      return { status: answer.status, text }
    } catch (cause) {
      throw new ApiError({
        code: 'client.offline',
        message: clientTexts['client.offline'][lang()],
        status: 0,
        cause,
      })
    }
  }

  const call: Call = async (endpoint, ...rest) => {
    const input: Loose = rest[0] ?? {}
    const { status, text } = await exchange(endpoint.method, addressOf(base, endpoint.path, input), input)
    if (status === 401) onUnauthorized?.()
    if (status < 200 || status >= 300) throw failureOf(status, text, lang(), zone?.())
    const json = jsonOf(text)
    const parsed = endpoint.output.safeParse(json.ok ? json.value : undefined)
    if (parsed.success) return parsed.data
    const at = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new ApiError({
      code: 'client.unexpected',
      message: fill(
        clientTexts['client.unexpected'],
        { what: `${endpoint.method} ${endpoint.path} ${at}`.trim() },
        lang(),
      ),
      status,
      cause: parsed.error,
    })
  }

  return { call }
}

import { z } from 'zod'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Broker } from './broker.ts'
import type { TokenOf, WecomEndpoint } from './endpoint.ts'
import { WecomError, hintOf, kindOf } from './errors.ts'
import type { Gate } from './gate.ts'
import { exchange, type Answered } from './exchange.ts'
import { formOf, jsonOf } from './form.ts'
import { pause, worthRepeating } from './repeat.ts'
import type { WireFile } from './types/media.ts'

const TIMEOUT_MS = 8000
const Head = z.object({ errcode: z.int().default(0), errmsg: z.string().default('') })

/** What a call may need beside its input. */
type CallOptions = {
  /** Goes into the query, never into a log: the key of a robot. */
  readonly key?: string
  /** Another address than the configured one: a robot's webhook. */
  readonly base?: string
  /** Narrows the rate gate: one robot's limit is not another's. */
  readonly scope?: string
  /** Goes as the body instead of the input, which then stands in the query. */
  readonly file?: WireFile
}

export type Call = <I extends z.ZodType, O extends z.ZodType>(
  endpoint: WecomEndpoint<I, O>,
  input: z.input<I>,
  options?: CallOptions,
) => Promise<z.output<O>>

type Tokens = { readonly [T in Exclude<TokenOf, 'none'>]: Broker }

type Deps = {
  base: string
  tokens: Tokens
  gate: Gate
  log: Log
  metrics: Pick<Metrics, 'wecomCalls' | 'wecomSeconds'>
}

const query = (input: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeof input === 'object' && input !== null ? input : {}).flatMap(
      ([name, value]: [string, unknown]): [string, string][] =>
        typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  )

/**
 * Calls WeCom: checks both sides, adds the token, refetches it once when WeCom refuses it, repeats busy reads twice, and turns every
 * failure into a WecomError. A write whose answer was lost is `ambiguous`; a call that never left is `unreachable`.
 */
export const createCall = ({ base, tokens, gate, log, metrics }: Deps): Call => {
  const once = async <I extends z.ZodType, O extends z.ZodType>(
    endpoint: WecomEndpoint<I, O>,
    input: unknown,
    token: string | null,
    options: CallOptions,
  ): Promise<z.output<O>> => {
    const { path, effect } = endpoint
    const at = path + (options.scope ?? '')
    const fail = (
      kind: WecomError['kind'],
      told: { errcode?: number; hint: string; afterMs?: number; cause?: unknown },
    ) => new WecomError({ kind, path, errcode: 0, ...told })
    const blockedMs = gate.blockedMs(at)
    if (blockedMs > 0) throw fail('blocked', { errcode: 45009, hint: 'not called: over the limit', afterMs: blockedMs })
    const address = new URL((options.base ?? base) + path)
    const secrets = { ...(token === null ? {} : { access_token: token }), ...(options.key ? { key: options.key } : {}) }
    const asked = endpoint.method === 'GET' || options.file ? { ...query(input), ...secrets } : secrets
    for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value)

    const stop = metrics.wecomSeconds.startTimer({ path })
    const answer: Answered = await gate.run(at, () =>
      exchange(address, {
        method: endpoint.method,
        timeoutMs: endpoint.timeoutMs ?? TIMEOUT_MS,
        ...(endpoint.method === 'POST' ? { body: options.file ? formOf(options.file) : jsonOf(input) } : {}),
      }),
    )
    stop()
    /** Lost on the way: harmless for what may be repeated. */
    const lost = (hint: string, cause?: unknown): WecomError => {
      metrics.wecomCalls.inc({ path, errcode: 'lost' })
      return fail(effect === 'once' ? 'ambiguous' : 'unreachable', { hint, cause })
    }
    if (answer.state === 'not_sent') {
      metrics.wecomCalls.inc({ path, errcode: 'unreachable' })
      throw fail('unreachable', { hint: answer.hint, cause: answer.cause })
    }
    if (answer.state !== 'answered') throw lost(answer.hint, answer.cause)
    const head = Head.safeParse(answer.body)
    if (!head.success) throw lost('an answer that is not WeCom’s')
    const { errcode, errmsg } = head.data
    metrics.wecomCalls.inc({ path, errcode: String(errcode) })
    if (errcode !== 0) {
      const kind = kindOf(errcode)
      const hint = hintOf(errmsg)
      throw fail(kind, { errcode, hint, ...(kind === 'blocked' ? { afterMs: gate.block(at) } : {}) })
    }
    gate.passed(at)
    const parsed = endpoint.response.safeParse(answer.body)
    if (!parsed.success) throw lost(`an answer of another shape: ${z.prettifyError(parsed.error)}`)
    return parsed.data
  }

  /** With a token; one that WeCom refuses is renewed and the call repeated once. A fresh one refused too is a wrong secret. */
  const authorised: Call = async (endpoint, input, options = {}) => {
    if (endpoint.token === 'none') return once(endpoint, input, null, options)
    const broker = tokens[endpoint.token]
    const token = await broker.get()
    try {
      return await once(endpoint, input, token.value, options)
    } catch (error) {
      if (!(error instanceof WecomError) || error.kind !== 'token') throw error
      try {
        return await once(endpoint, input, (await broker.renew(token)).value, options)
      } catch (again) {
        if (!(again instanceof WecomError) || again.kind !== 'token') throw again
        throw new WecomError({ kind: 'config', path: endpoint.path, errcode: again.errcode, hint: again.hint })
      }
    }
  }

  return async (endpoint, input, options) => {
    const checked = endpoint.request.safeParse(input)
    if (!checked.success) {
      throw new WecomError({
        kind: 'refused',
        path: endpoint.path,
        errcode: 40058,
        hint: `not sent: ${z.prettifyError(checked.error)}`,
      })
    }
    for (let made = 1; ; made += 1) {
      try {
        return await authorised(endpoint, input, options)
      } catch (error) {
        if (!(error instanceof WecomError)) throw error
        const { path, kind, errcode, hint } = error
        log.warn({ path, kind, errcode, hint, made }, 'wecom call failed')
        if (!worthRepeating(endpoint, error, made)) throw error
        await pause(made)
      }
    }
  }
}

import { z } from 'zod'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Broker } from './broker.ts'
import type { Budget, Host } from './budget/budget.ts'
import type { Urgency } from './budget/limits.ts'
import type { TokenOf, WecomEndpoint } from './endpoint.ts'
import { kindOf } from './errcodes.ts'
import { WecomError, hintOf, isFault } from './errors.ts'
import { exchange } from './exchange.ts'
import { pause, worthRepeating } from './repeat.ts'
import { requestOf } from './request.ts'
import { createSerial } from './serial.ts'
import type { WireFile } from './types/media.ts'

const TIMEOUT_MS = 8000
const WITHIN_MS = 20_000
/** What is sent once is written down as under way before; it must not lie about for long. */
const ONCE_WAIT_MS = 2000
const TOO_PARALLEL = 45033
const Head = z.object({ errcode: z.int().default(0), errmsg: z.string().default('') })

/** What a call may need beside its input. */
type CallOptions = {
  /** Goes into the query, never into a log: the key of a robot. */
  readonly key?: string
  /** Another address than the configured one: a robot's webhook. */
  readonly base?: string
  /** Narrows what a 45009 closes: one robot's limit is not another's. */
  readonly scope?: string
  /** Goes as the body instead of the input, which then stands in the query. */
  readonly file?: WireFile
  /** Calls of one object (a customer, a tag group) come one after the other, else WeCom may answer 6000. */
  readonly object?: string
  readonly urgency?: Urgency
}

export type Call = <I extends z.ZodType, O extends z.ZodType>(
  endpoint: WecomEndpoint<I, O>,
  input: z.input<I>,
  options?: CallOptions,
) => Promise<z.output<O>>

/** The same calls, more or less urgent than the usual. */
export const withUrgency =
  (call: Call, urgency: Urgency): Call =>
  (endpoint, input, options) =>
    call(endpoint, input, { urgency, ...options })

type Tokens = { readonly [T in Exclude<TokenOf, 'none'>]: Broker }

/** Told of what a person should look into, and when it works again. Neither may throw. */
export type Hooks = {
  /** WeCom's settings are at fault (kind `config`), or it answered an errcode nobody knows. */
  readonly onFault?: (error: WecomError) => void
  /** A call of this path went through; called often. */
  readonly onPassed?: (path: string) => void
}

type Deps = Hooks & {
  base: string
  tokens: Tokens
  budget: Budget
  log: Log
  metrics: Pick<Metrics, 'wecomCalls' | 'wecomSeconds'>
}

/** One call with its retries: how long it may still take. */
type Run = CallOptions & { readonly until: number }

/**
 * Calls WeCom: checks both sides, waits for its turn in the budget, adds the token, refetches it once when WeCom refuses it, repeats
 * what may be repeated, and turns every failure into a WecomError. A write whose answer was lost is `ambiguous`; a call that never left
 * is `unreachable`; one that would have to wait too long is `blocked`.
 */
export const createCall = ({ base, tokens, budget, log, metrics, onFault, onPassed }: Deps): Call => {
  const serial = createSerial()

  const send = async <I extends z.ZodType, O extends z.ZodType>(
    endpoint: WecomEndpoint<I, O>,
    input: unknown,
    token: string | null,
    run: Run & { timeoutMs: number; host: Host },
  ): Promise<z.output<O>> => {
    const { path, effect, method } = endpoint
    const { host, timeoutMs } = run
    const fail = (
      kind: WecomError['kind'],
      told: { errcode?: number; hint: string; afterMs?: number; cause?: unknown },
    ) => new WecomError({ kind, path, errcode: 0, ...told })
    const count = (errcode: string): void => metrics.wecomCalls.inc({ path, errcode })

    const { address, body } = requestOf(endpoint, { ...run, base: run.base ?? base, input, token })
    const stop = metrics.wecomSeconds.startTimer({ path })
    const answer = await exchange(address, { method, timeoutMs, ...(body ? { body } : {}) })
    stop()
    /** Lost on the way: harmless for what may be repeated. */
    const lost = (hint: string, cause?: unknown): WecomError => {
      count('lost')
      return fail(effect === 'once' ? 'ambiguous' : 'unreachable', { hint, cause })
    }
    if (answer.state === 'not_sent') {
      count('unreachable')
      throw fail('unreachable', { hint: answer.hint, cause: answer.cause })
    }
    if (answer.state !== 'answered') throw lost(answer.hint, answer.cause)
    const head = Head.safeParse(answer.body)
    if (!head.success) throw lost('an answer that is not WeCom’s')
    const { errcode, errmsg } = head.data
    count(String(errcode))
    const kind = errcode === 0 ? null : kindOf(errcode)
    if (kind === 'blocked') throw fail(kind, { errcode, hint: hintOf(errmsg), afterMs: await host.block() })
    await host.pass()
    if (errcode === TOO_PARALLEL) await host.narrow()
    if (kind !== null) throw fail(kind, { errcode, hint: hintOf(errmsg) })
    const parsed = endpoint.response.safeParse(answer.body)
    if (!parsed.success) throw lost(`an answer of another shape: ${z.prettifyError(parsed.error)}`)
    onPassed?.(path)
    return parsed.data
  }

  /** One try, when its turn has come. */
  const once = <I extends z.ZodType, O extends z.ZodType>(
    endpoint: WecomEndpoint<I, O>,
    input: unknown,
    token: string | null,
    run: Run,
  ): Promise<z.output<O>> => {
    const left = Math.max(1, run.until - performance.now())
    const whole = endpoint.timeoutMs ?? TIMEOUT_MS
    const timeoutMs = endpoint.effect === 'once' ? whole : Math.min(whole, left)
    const visit = {
      path: endpoint.path,
      ...(run.scope === undefined ? {} : { scope: run.scope }),
      urgency: endpoint.urgency ?? run.urgency ?? 'soon',
      patienceMs: endpoint.effect === 'once' ? Math.min(ONCE_WAIT_MS, left) : left,
      timeoutMs,
    }
    return budget.run(visit, (host) => send(endpoint, input, token, { ...run, timeoutMs, host }))
  }

  /** With a token; one that WeCom refuses is renewed and the call repeated once. A fresh one refused too is a wrong secret. */
  const authorised = async <I extends z.ZodType, O extends z.ZodType>(
    endpoint: WecomEndpoint<I, O>,
    input: unknown,
    run: Run,
  ): Promise<z.output<O>> => {
    if (endpoint.token === 'none') return once(endpoint, input, null, run)
    const broker = tokens[endpoint.token]
    const token = await broker.get()
    try {
      return await once(endpoint, input, token.value, run)
    } catch (error) {
      if (!(error instanceof WecomError) || error.kind !== 'token') throw error
      const fresh = await broker.renew(token)
      // Renewed a moment ago and refused again: not at once for a third time.
      if (fresh.id === token.id) throw error
      try {
        return await once(endpoint, input, fresh.value, run)
      } catch (again) {
        if (!(again instanceof WecomError) || again.kind !== 'token') throw again
        throw new WecomError({ kind: 'config', path: endpoint.path, errcode: again.errcode, hint: again.hint })
      }
    }
  }

  const repeated = async <I extends z.ZodType, O extends z.ZodType>(
    endpoint: WecomEndpoint<I, O>,
    input: unknown,
    options: CallOptions,
  ): Promise<z.output<O>> => {
    const until = performance.now() + (endpoint.withinMs ?? Math.max(WITHIN_MS, endpoint.timeoutMs ?? 0))
    for (let made = 1; ; made += 1) {
      try {
        return await authorised(endpoint, input, { ...options, until })
      } catch (error) {
        if (!(error instanceof WecomError)) throw error
        const { path, kind, errcode, hint } = error
        log.warn({ path, kind, errcode, hint, made }, 'wecom call failed')
        if (!worthRepeating(endpoint, error, { made, until })) {
          if (isFault(error)) onFault?.(error)
          throw error
        }
        await pause(made)
      }
    }
  }

  return async (endpoint, input, options = {}) => {
    const checked = endpoint.request.safeParse(input)
    if (!checked.success) {
      const hint = `not sent: ${z.prettifyError(checked.error)}`
      throw new WecomError({ kind: 'refused', path: endpoint.path, errcode: 40058, hint })
    }
    const work = () => repeated(endpoint, input, options)
    return options.object === undefined ? work() : serial(options.object, work)
  }
}

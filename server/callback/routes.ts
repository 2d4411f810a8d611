import type { IncomingMessage } from 'node:http'
import Router from 'koa-router'
import getRawBody from 'raw-body'
import type { Context } from 'koa'
import { sayError, type ErrorCode } from '@zhiyin/shared/errors'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { openerOf } from '../wecom/crypto.ts'
import { createAccept } from './accept.ts'
import type { ReceivedEvent } from './event.ts'

export type { ReceivedEvent } from './event.ts'

const LIMIT_BYTES = 1_000_000

type Outcome = 'signature' | 'stale' | 'garbled' | 'receiver' | 'too_large' | 'cut'

/** How each refusal is answered; anything but 200 makes WeCom try again, which helps only where it is our fault. */
const answers: Readonly<Record<Outcome, { status: number; code: ErrorCode }>> = {
  signature: { status: 403, code: 'callback.signature' },
  stale: { status: 403, code: 'callback.stale' },
  receiver: { status: 403, code: 'callback.receiver' },
  garbled: { status: 400, code: 'callback.garbled' },
  cut: { status: 400, code: 'callback.garbled' },
  too_large: { status: 413, code: 'request.too_large' },
}

type Deps = {
  config: Pick<
    Config,
    | 'WECOM_CORP_ID'
    | 'WECOM_CALLBACK_TOKEN'
    | 'WECOM_CALLBACK_AES_KEY'
    | 'WECOM_CALLBACK_TOKEN_PREVIOUS'
    | 'WECOM_CALLBACK_AES_KEY_PREVIOUS'
  >
  clock: Clock
  /** Resolves once the event is durable. */
  append: (event: ReceivedEvent) => Promise<void>
  /** Counts a refusal where people can see it. */
  refused?: (why: string) => void
  metrics: Pick<Metrics, 'callbacks' | 'callbackSeconds'>
  log: Log
  /** How far a timestamp may be from the clock, in ms. */
  windowMs?: number
}

/** The body as text, or why not. */
const bodyOf = async (req: IncomingMessage, length: number | undefined): Promise<{ text: string } | Outcome> => {
  try {
    const options = { limit: LIMIT_BYTES, encoding: 'utf-8' as const }
    return { text: await getRawBody(req, length === undefined ? options : { ...options, length }) }
  } catch (error) {
    req.resume()
    return error instanceof Error && 'type' in error && error.type === 'entity.too.large' ? 'too_large' : 'cut'
  }
}

/**
 * GET and POST /wecom/callback: verify, decrypt, parse, append, answer, and nothing else. What is refused is answered 4xx and stored
 * nowhere; when the event cannot be stored the answer is 503, so that WeCom sends it again (three tries in all).
 */
export const callbackRoutes = ({ config, clock, append, refused, metrics, log, windowMs }: Deps): Router => {
  const accept = createAccept(openerOf(config), clock, windowMs)
  const accepted = metrics.callbacks.labels('accepted')

  const refuse = (ctx: Context, why: Outcome): void => {
    const { status, code } = answers[why]
    metrics.callbacks.inc({ outcome: why })
    refused?.(why)
    log.warn({ why, ip: ctx.ip }, 'callback refused')
    ctx.status = status
    ctx.type = 'text/plain'
    ctx.set('connection', 'close')
    ctx.body = sayError(code, { limit: '1 MB' }, 'en')
  }

  const router = new Router()
  router.get('/wecom/callback', (ctx) => {
    const echo = accept.echo(ctx.query)
    if (!echo.ok) return refuse(ctx, echo.why)
    ctx.type = 'text/plain'
    ctx.body = echo.value
  })
  router.post('/wecom/callback', async (ctx) => {
    const began = performance.now()
    const body = await bodyOf(ctx.req, ctx.request.length)
    if (typeof body === 'string') return refuse(ctx, body)
    const event = accept.event(ctx.query, body.text)
    if (!event.ok) return refuse(ctx, event.why)
    try {
      await append(event.value)
    } catch (error) {
      metrics.callbacks.inc({ outcome: 'not_stored' })
      log.error({ err: error, event: event.value.event }, 'callback not stored; WeCom will send it again')
      ctx.status = 503
      ctx.type = 'text/plain'
      ctx.body = sayError('storage.unavailable', {}, 'en')
      return
    }
    accepted.inc()
    metrics.callbackSeconds.observe((performance.now() - began) / 1000)
    ctx.body = 'success'
  })
  return router
}

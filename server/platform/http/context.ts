import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Lang } from '@zhiyin/shared/text'
import { sayError, type ErrorBody } from '@zhiyin/shared/errors'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'

/** What every request carries. */
export type RequestState = { requestId: string; lang: Lang; route?: string }

/** The reader's language: `x-lang` of our own apps, else what the browser prefers, else Chinese. */
export const langOf = (header: (name: string) => string): Lang => {
  const wanted = header('x-lang') || header('accept-language')
  return /^\s*en\b/i.test(wanted) ? 'en' : 'zh'
}

/** Gives each request an id and a language, and measures it. */
export const requestContext =
  (metrics: Metrics, clock: Clock): Middleware<RequestState> =>
  async (ctx, next) => {
    ctx.state.requestId = randomUUID()
    ctx.state.lang = langOf((name) => ctx.get(name))
    ctx.set('x-request-id', ctx.state.requestId)
    // Pages tell "3 minutes ago" by the server's time, which in the sandbox may be moved.
    ctx.set('date', clock.date().toUTCString())
    const started = process.hrtime.bigint()
    try {
      await next()
    } finally {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9
      metrics.httpSeconds.observe(
        { method: ctx.method, route: ctx.state.route ?? 'other', status: String(ctx.status) },
        seconds,
      )
    }
  }

const bodyOf = (error: AppError, requestId: string, lang: Lang, zone?: string): ErrorBody => ({
  error: {
    code: error.code,
    message: sayError(error.code, error.params, lang, zone),
    params: error.params,
    requestId,
    ...(error.fields === undefined ? {} : { fields: [...error.fields] }),
  },
})

/** The one mapping from errors to HTTP: what is wrong and what to do, in the reader's language and the company's time; the rest is logged, not shown. */
export const errorAnswers =
  (log: Log, zone?: string): Middleware<RequestState> =>
  async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      const { requestId, lang } = ctx.state
      const known =
        error instanceof AppError
          ? error
          : new AppError('internal', { status: 500, report: true, params: { requestId }, cause: error })
      if (known.report)
        log.error({ err: known.cause ?? known, requestId, method: ctx.method, path: ctx.path }, 'request failed')
      ctx.status = known.status
      ctx.body = bodyOf(known, requestId, lang, zone)
      if (typeof known.retry === 'object') {
        const seconds = String(Math.ceil(known.retry.afterMs / 1000))
        ctx.set({ 'retry-after': seconds, 'x-ratelimit-reset': seconds })
      }
    }
  }

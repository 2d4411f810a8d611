import { Readable } from 'node:stream'
import Router from 'koa-router'
import type { ParameterizedContext } from 'koa'
import type { z } from 'zod'
import type { Actor } from '../platform/actor.ts'
import { FileOut } from '@zhiyin/shared/api/endpoint'
import { readBytes, readJson, readPieces } from '../platform/http/body.ts'
import { cookiesOf } from '../platform/http/cookies.ts'
import { anyOrigin, preflight } from '../platform/http/cors.ts'
import type { RequestState } from '../platform/http/context.ts'
import type { RateLimit } from '../platform/http/rate-limit.ts'
import { sameOrigin } from '../platform/http/security.ts'
import type { Bound } from './bind.ts'

type Deps = {
  bounds: readonly Bound[]
  rateLimit: RateLimit
  /** Who asks, from the session cookie, an Authorization header or the write key in the body. */
  actorOf: (cookie: string | undefined, authorization: string, bodyKey?: string) => Promise<Actor>
  publicUrl: string
}

/** What is larger is answered so; Segment's libraries know 400. */
const bodyLimits = { ingest: { bytes: 500 * 1024, tooLarge: 400 }, other: { bytes: 1024 * 1024, tooLarge: 413 } }

type Method = 'get' | 'post' | 'put' | 'delete'
const verbs: Readonly<Record<string, Method>> = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' }

/** Shown in a page where that is harmless, else saved; never run. What an id names does not change, so it may be kept. */
const sendFile = (ctx: ParameterizedContext, { mime, name, bytes }: z.output<typeof FileOut>): void => {
  const shown = /^(image\/(png|jpeg)|video\/mp4)$/.test(mime)
  ctx.type = shown ? mime : 'application/octet-stream'
  ctx.attachment(name, { type: shown ? 'inline' : 'attachment' })
  if (bytes instanceof Uint8Array) {
    ctx.set('cache-control', 'private, max-age=86400, immutable')
    ctx.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } else {
    ctx.set('cache-control', 'no-store')
    ctx.body = Readable.from(bytes, { objectMode: false })
  }
}

const writeKeyIn = (body: unknown): string | undefined => {
  const key: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'writeKey') : undefined
  return typeof key === 'string' ? key : undefined
}

/** Every declared endpoint behind the same steps: rate limit → session → validation → policy → handler → presenter. */
export const apiRouter = ({ bounds, rateLimit, actorOf, publicUrl }: Deps): Router<RequestState> => {
  const router = new Router<RequestState>()
  const ownHost = new URL(publicUrl).host

  const serve = async (
    ctx: ParameterizedContext<RequestState, Router.IRouterParamContext<RequestState>>,
    { endpoint, answer }: Bound,
  ): Promise<void> => {
    ctx.state.route = endpoint.path
    const ingests = endpoint.permission === 'ingest'
    if (ingests) anyOrigin(ctx)
    // Whoever sends messages shows the write key; a cookie that came along opens nothing there.
    const cookie = ingests ? undefined : ctx.cookies.get('zhiyin_session')
    const authorization = ctx.get('authorization')
    await rateLimit(endpoint.permission, authorization || cookie || ctx.ip)
    if (cookie !== undefined && authorization === '') sameOrigin(ctx.method, ctx.get('origin'), [ownHost, ctx.host])
    const { bytes, tooLarge } = ingests ? bodyLimits.ingest : bodyLimits.other
    const empty = endpoint.method === 'GET' || endpoint.method === 'DELETE' || endpoint.upload !== undefined
    const read = (): Promise<unknown> => (empty ? Promise.resolve({}) : readJson(ctx.req, bytes, tooLarge))
    const keyed = ingests && authorization === '' ? await read() : undefined
    const actor = await actorOf(cookie, authorization, keyed === undefined ? undefined : writeKeyIn(keyed))
    const answered = await answer({
      params: ctx.params,
      query: { ...ctx.query },
      body: keyed ?? (await read()),
      actor,
      file: () => readBytes(ctx.req, endpoint.upload ?? 0),
      pieces: () => readPieces(ctx.req, endpoint.upload ?? 0),
      lang: ctx.state.lang,
      requestId: ctx.state.requestId,
      cookies: cookiesOf(ctx),
    })
    if (endpoint.download === true) sendFile(ctx, FileOut.parse(answered))
    else {
      ctx.body = answered
      ctx.set('cache-control', 'no-store')
    }
  }

  for (const bound of [...bounds].sort(
    (a, b) => Number(a.endpoint.path.includes('/:')) - Number(b.endpoint.path.includes('/:')),
  )) {
    const verb = verbs[bound.endpoint.method]
    if (verb === undefined) continue
    router[verb](bound.endpoint.path, (ctx) => serve(ctx, bound))
    if (bound.endpoint.permission === 'ingest') router.options(bound.endpoint.path, preflight)
  }
  return router
}

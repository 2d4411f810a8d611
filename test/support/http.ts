import { createServer } from 'node:http'
import Koa from 'koa'
import { createActorOf } from '../../server/api/actor-of.ts'
import type { Bound } from '../../server/api/bind.ts'
import { apiRouter } from '../../server/api/router.ts'
import type { Actor } from '../../server/platform/actor.ts'
import type { Clock } from '../../server/platform/clock.ts'
import { errorAnswers, requestContext, type RequestState } from '../../server/platform/http/context.ts'
import { createRateLimit } from '../../server/platform/http/rate-limit.ts'
import { createMetrics } from '../../server/platform/metrics.ts'
import { quietLog } from './log.ts'

export const writeKey = 'write-key-of-the-tests'
export const apiKey = 'api-key-of-the-tests-0123456789'

/** Some endpoints behind the real middleware on a free port. A session cookie is looked up in `members`. */
export const serveApi = async (
  bounds: readonly Bound[],
  clock: Clock,
  members: Readonly<Record<string, Actor>> = {},
): Promise<{ url: string; close(): Promise<void> }> => {
  const app = new Koa<RequestState>()
  app.use(requestContext(createMetrics(), clock))
  app.use(errorAnswers(quietLog))
  const actorOf = createActorOf({
    adminApiKey: apiKey,
    ingestWriteKey: writeKey,
    memberOf: async (cookie) => members[cookie] ?? { kind: 'nobody' },
  })
  app.use(apiRouter({ bounds, rateLimit: createRateLimit(), actorOf, publicUrl: 'http://127.0.0.1' }).routes())
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

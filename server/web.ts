import { createServer } from 'node:http'
import Koa from 'koa'
import { api } from '@zhiyin/shared/api'
import { healthRoutes } from './api/health.ts'
import { openapi } from './api/openapi.ts'
import { mountPages } from './api/pages.ts'
import { queueBoard } from './api/queues.ts'
import { apiRouter } from './api/router.ts'
import type { Deps } from './deps.ts'
import { errorAnswers, requestContext, type RequestState } from './platform/http/context.ts'
import { createRateLimit } from './platform/http/rate-limit.ts'
import { securityHeaders } from './platform/http/security.ts'

/** The web role: callbacks, API, pages. Draining stops listening, then lets open requests end. */
export const startWeb = async (deps: Deps): Promise<{ drain(): Promise<void> }> => {
  const { config, log, metrics, clock, backlogs } = deps
  let draining = false
  const app = new Koa<RequestState>()
  app.proxy = true
  app.on('error', (error: unknown) => log.warn({ err: error }, 'http'))
  app.use(requestContext(metrics, clock))
  app.use(errorAnswers(log))
  app.use(deps.callbackRoutes.routes())
  app.use(securityHeaders)
  app.use(healthRoutes({ checks: deps.checks, draining: () => draining, metrics, backlogs, clock }).routes())
  app.use(deps.authRoutes.routes())
  app.use(
    apiRouter({
      bounds: deps.bounds,
      rateLimit: createRateLimit(),
      actorOf: deps.actorOf,
      publicUrl: config.PUBLIC_URL,
    }).routes(),
  )
  app.use(queueBoard(deps.queues, deps.actorOf))
  mountPages(app, deps.root, openapi(api, config.PUBLIC_URL, deps.version))

  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response))
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.PORT, resolve)
  })
  const address = server.address()
  log.info({ port: typeof address === 'object' && address !== null ? address.port : config.PORT }, 'listening')
  return {
    drain: async () => {
      draining = true
      server.closeIdleConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

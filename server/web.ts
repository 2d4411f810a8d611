import Koa from 'koa'
import { api } from '@zhiyin/shared/api'
import { healthRoutes } from './api/health.ts'
import { openapi } from './api/openapi.ts'
import { mountPages } from './api/pages.ts'
import { queueBoard } from './api/queues.ts'
import { apiRouter } from './api/router.ts'
import type { Deps } from './deps/index.ts'
import { errorAnswers, requestContext, type RequestState } from './platform/http/context.ts'
import { listen } from './platform/http/listen.ts'
import { createRateLimit } from './platform/http/rate-limit.ts'
import { createStarting } from './platform/http/starting.ts'
import { securityHeaders } from './platform/http/security.ts'

type Role = { drain(): Promise<void> }

type Doors = {
  /** Reached before anything else looks at the request. */
  readonly front: (app: Koa<RequestState>) => void
  readonly rest: (app: Koa<RequestState>) => void
}

/** Serves what lies behind the doors, and health and metrics; behind the front door at once. Draining stops listening, then lets open requests end. */
const serve = async (deps: Deps, doors?: Doors): Promise<Role> => {
  const { config, log, metrics, clock, backlogs, checks, upToDate } = deps
  let draining = false
  const { starting, shut } = createStarting(upToDate)
  const app = new Koa<RequestState>()
  app.on('error', (error: unknown) => log.warn({ err: error }, 'http'))
  doors?.front(app)
  app.use(requestContext(metrics, clock))
  app.use(errorAnswers(log, config.TIMEZONE))
  app.use(healthRoutes({ checks, starting, draining: () => draining, metrics, backlogs, clock }).routes())
  app.use(shut)
  doors?.rest(app)
  const answer = app.callback()
  const listening = await listen((request, response) => void answer(request, response), config.PORT)
  log.info({ port: listening.port }, 'listening')
  return {
    drain: () => {
      draining = true
      return listening.drain()
    },
  }
}

/** The web role: callbacks, API, pages. */
export const startWeb = (deps: Deps): Promise<Role> =>
  serve(deps, {
    // WeCom needs neither a language nor a request id, and comes in bursts.
    front: (app) => {
      app.proxy = true
      app.use(deps.callbackRoutes.routes())
    },
    rest: (app) => {
      app.use(securityHeaders)
      app.use(deps.authRoutes.routes())
      const rateLimit = createRateLimit()
      app.use(deps.verifyFileRoutes.routes())
      app.use(deps.linkRoutes(rateLimit).routes())
      app.use(
        apiRouter({
          bounds: deps.bounds,
          rateLimit,
          actorOf: deps.actorOf,
          publicUrl: deps.config.PUBLIC_URL,
        }).routes(),
      )
      app.use(queueBoard(deps.queues, deps.actorOf))
      mountPages(app, deps.root, () => openapi(api, deps.config.PUBLIC_URL, deps.version))
    },
  })

/** Health and metrics of a process without the web role. */
export const startHealth = (deps: Deps): Promise<Role> => serve(deps)

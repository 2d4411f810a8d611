import type Router from 'koa-router'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { clockEndpoints as endpoints } from './endpoints/clock.ts'

/** The movable clock and its followers. */
export function clockRoutes(router: Router, { clock }: World): void {
  bind(router, endpoints.follow, ({ query, ctx }) => {
    const gone = new AbortController()
    ctx.res.once('close', () => {
      if (!ctx.res.writableFinished) gone.abort()
    })
    return clock.follow(query.since, query.follower, gone.signal)
  })
  bind(router, endpoints.advance, ({ body }) => clock.move(clock.state().offsetMs + body.ms))
  bind(router, endpoints.set, ({ body }) => clock.move(body.now === null ? 0 : body.now - Date.now()))
}

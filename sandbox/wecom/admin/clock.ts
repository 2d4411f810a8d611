import type Router from 'koa-router'
import { z } from 'zod'
import type { World } from '../world.ts'
import { ClockAdvance, ClockSet } from './contract.ts'
import { bodyAs, queryAs } from './input.ts'

const Follow = z.object({ since: z.coerce.number().pipe(z.int()).optional(), follower: z.string().max(100).optional() })

/** The movable clock and its followers. */
export function clockRoutes(router: Router, world: World): void {
  router.get('/clock', async (ctx) => {
    const { since, follower } = queryAs(ctx, Follow)
    const gone = new AbortController()
    ctx.res.once('close', () => {
      if (!ctx.res.writableFinished) gone.abort()
    })
    ctx.body = await world.clock.follow(since, follower, gone.signal)
  })
  router.post('/clock/advance', async (ctx) => {
    const { ms } = await bodyAs(ctx, ClockAdvance)
    ctx.body = await world.clock.move(world.clock.state().offsetMs + ms)
  })
  router.post('/clock/set', async (ctx) => {
    const { now } = await bodyAs(ctx, ClockSet)
    ctx.body = await world.clock.move(now === null ? 0 : now - Date.now())
  })
}

import type Router from 'koa-router'
import type { World } from '../world.ts'
import { Limits } from './contract.ts'
import { bodyAs } from './input.ts'

/** The platform's limits, which a test may set low. */
export function limitRoutes(router: Router, world: World): void {
  router.get('/limits', (ctx) => {
    ctx.body = world.rates.limits()
  })
  router.put('/limits', async (ctx) => {
    const changed = await bodyAs(ctx, Limits.partial())
    world.rates.setLimits(Limits.parse({ ...world.rates.limits(), ...changed }))
    ctx.body = world.rates.limits()
  })
}

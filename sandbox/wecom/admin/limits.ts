import type Router from 'koa-router'
import { setRange, watchRange } from '../company/app-range.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { Limits } from './contract.ts'
import { limitEndpoints as endpoints } from './endpoints/limits.ts'

/** The platform's limits, and whom the app may see. */
export function limitRoutes(router: Router, world: World): void {
  const { rates } = world
  bind(router, endpoints.read, () => rates.limits())
  bind(router, endpoints.change, ({ body }) => {
    rates.setLimits(Limits.parse({ ...rates.limits(), ...body }))
    return rates.limits()
  })
  bind(router, endpoints.range, ({ body }) => {
    watchRange(world, () => setRange(world, body.range))
    return {}
  })
}

import type Router from 'koa-router'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { Limits } from './contract.ts'
import { limitEndpoints as endpoints } from './endpoints/limits.ts'

/** The platform's limits. */
export function limitRoutes(router: Router, { rates }: World): void {
  bind(router, endpoints.read, () => rates.limits())
  bind(router, endpoints.change, ({ body }) => {
    rates.setLimits(Limits.parse({ ...rates.limits(), ...body }))
    return rates.limits()
  })
}

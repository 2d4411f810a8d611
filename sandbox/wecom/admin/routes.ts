import Router from 'koa-router'
import type { World } from '../world.ts'
import { callbackRoutes } from './callbacks.ts'
import { clockRoutes } from './clock.ts'
import { companyRoutes } from './company.ts'
import { customerRoutes } from './customers.ts'
import { groupRoutes } from './groups.ts'
import { limitRoutes } from './limits.ts'
import { watchRoutes } from './watch.ts'

/** The stand-in's own API under /sandbox/api, as contract.ts says. */
export function adminRouter(world: World): Router {
  const router = new Router({ prefix: '/sandbox/api' })
  clockRoutes(router, world)
  companyRoutes(router, world)
  customerRoutes(router, world)
  groupRoutes(router, world)
  callbackRoutes(router, world)
  limitRoutes(router, world)
  watchRoutes(router, world)
  return router
}

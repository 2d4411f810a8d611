import Router from 'koa-router'
import type { World } from '../world.ts'
import { appRoutes } from './app.ts'
import { callbackRoutes } from './callbacks.ts'
import { clockRoutes } from './clock.ts'
import { companyRoutes } from './company.ts'
import { consoleTagRoutes } from './console-tags.ts'
import { customerRoutes } from './customers.ts'
import { groupRoutes } from './groups.ts'
import { growthRoutes } from './growth.ts'
import { kfRoutes } from './kf.ts'
import { limitRoutes } from './limits.ts'
import { mediaRoutes } from './media.ts'
import { momentRoutes } from './moments.ts'
import { docsRoutes } from './openapi.ts'
import { watchRoutes } from './watch.ts'

/** The stand-in's own API under /sandbox/api, as api.ts declares it, and its page. */
export function adminRouter(world: World): Router {
  const router = new Router()
  clockRoutes(router, world)
  companyRoutes(router, world)
  consoleTagRoutes(router, world)
  customerRoutes(router, world)
  groupRoutes(router, world)
  growthRoutes(router, world)
  momentRoutes(router, world)
  kfRoutes(router, world)
  appRoutes(router, world)
  callbackRoutes(router, world)
  limitRoutes(router, world)
  mediaRoutes(router, world)
  watchRoutes(router, world)
  docsRoutes(router)
  return router
}

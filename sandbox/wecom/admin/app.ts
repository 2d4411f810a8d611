import type Router from 'koa-router'
import { enterApp, reportPlace, sayToApp, useMenu } from '../company/app.ts'
import { enterBot, sayToBot } from '../company/bot.ts'
import { pressCard } from '../company/card-press.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { appEndpoints as endpoints } from './endpoints/app.ts'

/** What members do with the app and the AI bot. */
export function appRoutes(router: Router, world: World): void {
  bind(router, endpoints.enter, ({ body }) => enterApp(world, body.userid))
  bind(router, endpoints.say, ({ body }) => sayToApp(world, body))
  bind(router, endpoints.menu, ({ body }) => useMenu(world, body))
  bind(router, endpoints.locate, ({ body }) => reportPlace(world, body))
  bind(router, endpoints.press, ({ body }) => pressCard(world, body))
  bind(router, endpoints.sayToBot, ({ body }) => sayToBot(world, body))
  bind(router, endpoints.enterBot, ({ body }) => enterBot(world, body.userid))
}

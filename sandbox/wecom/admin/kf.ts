import type Router from 'koa-router'
import { answerKf, enterKf, writeToKf } from '../company/kf.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { kfEndpoints as endpoints } from './endpoints/kf.ts'

/** 微信客服: what customers and servicers do. */
export function kfRoutes(router: Router, world: World): void {
  bind(router, endpoints.enter, ({ body }) => ({
    code: enterKf(world, body.open_kfid, body.external_userid, body.scene),
  }))
  bind(router, endpoints.write, ({ body }) => writeToKf(world, body.open_kfid, body.external_userid, body.text))
  bind(router, endpoints.answer, ({ body }) =>
    answerKf(world, body.open_kfid, body.userid, body.external_userid, body.text),
  )
}

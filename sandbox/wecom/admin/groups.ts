import type Router from 'koa-router'
import { addRobot, changeGroup, createGroup, dismiss, join, leave, removeRobot } from '../company/groups.ts'
import { scanJoinWay } from '../company/join-ways.ts'
import { found } from '../company/refusal.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { groupEndpoints as endpoints } from './endpoints/groups.ts'

/** Groups of customers and of colleagues. */
export function groupRoutes(router: Router, world: World): void {
  bind(router, endpoints.create, ({ body }) => ({ chat_id: createGroup(world, body).chat_id }))
  bind(router, endpoints.join, ({ params, body }) => join(world, params.chat_id, body.id, body.scene, body.state))
  bind(router, endpoints.scan, ({ body: { config_id, external_userid } }) => {
    const way = found(world.store.joinWays.get(config_id), `join way ${config_id}`)
    return { chat_id: scanJoinWay(world, way, external_userid).chat_id }
  })
  bind(router, endpoints.leave, ({ params, body }) => leave(world, params.chat_id, body.id, body.scene))
  bind(router, endpoints.change, ({ params, body }) => changeGroup(world, params.chat_id, body))
  bind(router, endpoints.dismiss, ({ params }) => {
    dismiss(world, params.chat_id)
    return {}
  })
  bind(router, endpoints.addRobot, ({ params, body }) => {
    const key = addRobot(world, params.chat_id, body.name)
    return { key, webhook: `${world.addresses.url}/cgi-bin/webhook/send?key=${key}` }
  })
  bind(router, endpoints.removeRobot, ({ params, body }) => {
    removeRobot(world, params.chat_id, body.key)
    return {}
  })
}

import type Router from 'koa-router'
import { setGroupWelcome } from '../company/group-welcome.ts'
import { scanJoinWay } from '../company/join-ways.ts'
import { setQuota } from '../company/link-quota.ts'
import { addByLink, deleteLinkByHand, readLinkUrl } from '../company/links.ts'
import { openidOf } from '../company/openids.ts'
import { found } from '../company/refusal.ts'
import { refuseTransfer } from '../company/transfers.ts'
import type { JoinWayRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { growthEndpoints as endpoints } from './endpoints/growth.ts'

/** Ways in besides contact ways, and hand-overs. */
export function growthRoutes(router: Router, world: World): void {
  bind(router, endpoints.scanJoinWay, ({ body }) => scanJoinWay(world, joinWayOf(world, body), body.external_userid))
  bind(router, endpoints.welcome, ({ params, body }) => {
    setGroupWelcome(world, params.chat_id, body.template_id)
    return {}
  })
  bind(router, endpoints.opengid, ({ query: { chat_id } }) => {
    found(world.store.groups.get(chat_id), `group ${chat_id}`)
    return { opengid: openidOf(world.options.corpId, chat_id) }
  })
  bind(router, endpoints.addByLink, ({ body }) => {
    const named = body.url === undefined ? undefined : readLinkUrl(body.url)
    const link_id = found(body.link_id ?? named?.link_id, 'link_id or url')
    return addByLink(world, link_id, body.external_userid, body.customer_channel ?? named?.channel)
  })
  bind(router, endpoints.setQuota, ({ body }) => {
    const { total, parts } = setQuota(world, body.parts)
    return { total, parts: parts.map(({ balance, expire }) => ({ balance, expires: expire })) }
  })
  bind(router, endpoints.deleteLink, ({ body }) => {
    deleteLinkByHand(world, body.link_id)
    return {}
  })
  bind(router, endpoints.transfers, ({ query: { external_userid } }) =>
    [...world.store.transfers.values()].filter(
      (one) => external_userid === undefined || one.external_userid === external_userid,
    ),
  )
  bind(router, endpoints.refuse, ({ body }) => refuseTransfer(world, body.external_userid, body.takeover_userid))
}

/** The join way by its id or, of several with one state, the newest. */
function joinWayOf(world: World, asked: { config_id?: string | undefined; state?: string | undefined }): JoinWayRow {
  if (asked.config_id !== undefined)
    return found(world.store.joinWays.get(asked.config_id), `join way ${asked.config_id}`)
  const way = [...world.store.joinWays.values()].findLast((one) => one.state === asked.state)
  return found(way, `a join way with state ${asked.state ?? '(none given)'}`)
}

import type Router from 'koa-router'
import { say, sayInGroup } from '../company/chat.ts'
import {
  befriend,
  createCustomer,
  deletedByCustomer,
  deletedByMember,
  editByHand,
  holdMany,
  scan,
} from '../company/customers.ts'
import { confirm, createMass } from '../company/mass.ts'
import { found, Refusal } from '../company/refusal.ts'
import { addHalf, agreeToArchiving } from '../company/welcome-codes.ts'
import type { ContactWayRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { customerEndpoints as endpoints } from './endpoints/customers.ts'
import { tasksOf } from './tasks.ts'

/** What customers and members do with each other. */
export function customerRoutes(router: Router, world: World): void {
  bind(router, endpoints.create, ({ body }) => ({ external_userid: createCustomer(world, body).external_userid }))
  bind(router, endpoints.hold, ({ body: { userid, count, since } }) => ({
    external_userids: holdMany(world, userid, count, since ?? world.clock.now()),
  }))
  bind(router, endpoints.scan, ({ body }) => scan(world, wayOf(world, body), body.external_userid, body.userid))
  bind(router, endpoints.add, ({ body }) => ({ userid: body.userid, welcome_code: befriend(world, body) }))
  bind(router, endpoints.addHalf, ({ body }) => ({ welcome_code: addHalf(world, body) }))
  bind(router, endpoints.agreeToArchiving, ({ body: { userid, external_userid } }) => {
    agreeToArchiving(world, userid, external_userid)
    return {}
  })
  bind(router, endpoints.deleteByCustomer, ({ body: { userid, external_userid } }) => {
    deletedByCustomer(world, userid, external_userid)
    return {}
  })
  bind(router, endpoints.deleteByMember, ({ body: { userid, external_userid } }) => {
    deletedByMember(world, userid, external_userid)
    return {}
  })
  bind(router, endpoints.say, ({ body: { from, userid, external_userid, chat_id, ...line } }) => {
    if (chat_id !== undefined)
      return sayInGroup(world, chat_id, from === 'member' ? userid : (external_userid ?? userid), line)
    if (external_userid !== undefined) return say(world, from, userid, external_userid, line)
    throw new Refusal('external_userid or chat_id is needed')
  })
  bind(router, endpoints.remark, ({ body: { userid, external_userid, ...change } }) =>
    editByHand(world, userid, external_userid, change),
  )
  bind(router, endpoints.tag, ({ body: { userid, external_userid, ...change } }) =>
    editByHand(world, userid, external_userid, change),
  )
  bind(router, endpoints.chat, ({ query: { userid, external_userid, chat_id } }) => {
    if (chat_id !== undefined) return world.ledger.group(chat_id)
    if (userid !== undefined && external_userid !== undefined) return world.ledger.pair(userid, external_userid)
    throw new Refusal('userid and external_userid, or chat_id, are needed')
  })
  massRoutes(router, world)
}

/** 群发助手: the tasks, sending them, and a member's own mass messages. */
function massRoutes(router: Router, world: World): void {
  bind(router, endpoints.tasks, ({ query }) => tasksOf(world, query.userid))
  bind(router, endpoints.confirm, ({ params, body }) =>
    confirm(world, params.msgid, body.userid, body.external_userids),
  )
  bind(router, endpoints.mass, ({ body: { userid, external_userids, chat_ids, text, attachments } }) => {
    found(world.store.members.get(userid), `member ${userid}`)
    const mass = createMass(world, {
      chat_type: chat_ids.length === 0 ? 'single' : 'group',
      create_type: 1,
      creator: userid,
      text,
      attachments,
      allow_select: false,
      tasks: new Map([[userid, [...external_userids, ...chat_ids]]]),
    })
    return confirm(world, mass.msgid, userid)
  })
}

/** The contact way by its id or, of several with one state, the newest. */
function wayOf(world: World, asked: { config_id?: string | undefined; state?: string | undefined }): ContactWayRow {
  if (asked.config_id !== undefined)
    return found(world.store.contactWays.get(asked.config_id), `contact way ${asked.config_id}`)
  const way = [...world.store.contactWays.values()].findLast((one) => one.state === asked.state)
  return found(way, `a contact way with state ${asked.state ?? '(none given)'}`)
}

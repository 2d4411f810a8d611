import { z } from 'zod'
import type { GroupMemberRow, GroupRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { rangeOf } from '../company/app-range.ts'
import { activeMembers } from '../company/members.ts'
import { openidOf } from '../company/openids.ts'
import { ANY, endpoint, post } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { page } from './page.ts'
import { cursor, flag, seconds, userid } from './schema.ts'

/** With more members in sight the owners must be named. */
const MAX_MEMBERS = 1000

/** 1 when the owner has left the company and the group waits to be inherited, 3 when it has been. */
function statusOf(world: World, group: GroupRow): number {
  if (world.store.members.get(group.owner)?.status === 5) return 1
  return group.inherited === true ? 3 : 0
}

function shownMember(world: World, member: GroupMemberRow, named: boolean) {
  const unionid = world.store.customers.get(member.id)?.unionid
  return {
    userid: member.id,
    type: member.type,
    join_time: seconds(member.join_time),
    join_scene: member.join_scene,
    ...(member.invitor === undefined ? {} : { invitor: { userid: member.invitor } }),
    group_nickname: '',
    ...(named ? { name: member.name } : {}),
    ...(unionid === undefined ? {} : { unionid }),
    ...(member.state === undefined ? {} : { state: member.state }),
  }
}

/** Customer groups (客户群); internal groups do not show here. */
export const groups = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/groupchat/list',
    secrets: ANY,
    input: z.object({
      status_filter: z.int().min(0).max(3).default(0),
      owner_filter: z.object({ userid_list: z.array(userid).max(100).default([]) }).optional(),
      cursor,
      limit: z.int().min(1).max(1000),
    }),
    handle(world, { status_filter, owner_filter, cursor, limit }, { secret }) {
      const owners = owner_filter?.userid_list ?? []
      const range = rangeOf(world, secret)
      const seen = activeMembers(world).filter((member) => range.hasMember(member.userid))
      if (owners.length === 0 && seen.length > MAX_MEMBERS) throw new ApiError(81017)
      const list = [...world.store.groups.values()].filter(
        (group) =>
          group.kind === 'customer' &&
          (owners.length === 0 || owners.includes(group.owner)) &&
          (status_filter === 0 || statusOf(world, group) === status_filter),
      )
      const { rows, next_cursor } = page('groupchat', list, (group) => group.chat_id, cursor, limit)
      return {
        group_chat_list: rows.map((group) => ({ chat_id: group.chat_id, status: statusOf(world, group) })),
        next_cursor,
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/groupchat/get',
    secrets: ANY,
    input: z.object({ chat_id: z.string().min(1), need_name: flag.default(0) }),
    handle(world, { chat_id, need_name }) {
      const group = world.store.groups.get(chat_id)
      if (!group || group.kind !== 'customer') throw new ApiError(90501)
      return {
        group_chat: {
          chat_id,
          name: group.name,
          owner: group.owner,
          create_time: seconds(group.create_time),
          notice: group.notice,
          member_list: group.members.map((member) => shownMember(world, member, need_name === 1)),
          admin_list: group.admins.map((id) => ({ userid: id })),
          member_version: group.member_version,
        },
      }
    },
  }),
  post('/cgi-bin/externalcontact/opengid_to_chatid', z.object({ opengid: z.string().min(1) }), (world, { opengid }) => {
    const group = [...world.store.groups.values()].find(
      (one) => one.kind === 'customer' && openidOf(world.options.corpId, one.chat_id) === opengid,
    )
    return { chat_id: known(group, 90511).chat_id }
  }),
]

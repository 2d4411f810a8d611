import { z } from 'zod'
import { behaviourOf, sumOf } from '../company/behaviour.ts'
import { membersOf } from '../company/customers.ts'
import { groupNumbers } from '../company/group-numbers.ts'
import type { World } from '../world.ts'
import { post } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { flag, limit, seconds, userid } from './schema.ts'
import { statDays } from './stat-days.ts'

const cgi = '/cgi-bin/externalcontact'
const MINUTE_MS = 60_000
const owners = z.object({ userid_list: z.array(userid).min(1).max(100) })
const days = { day_begin_time: z.int(), day_end_time: z.int().optional(), owner_filter: owners }
const daysOf = (world: World, asked: { day_begin_time: number; day_end_time?: number | undefined }): number[] =>
  statDays(world, asked.day_begin_time, asked.day_end_time ?? asked.day_begin_time)

type Numbers = ReturnType<typeof groupNumbers>
/** order_by: 1 new groups, 2 groups, 3 new members, 4 members. */
const ORDERS: Record<1 | 2 | 3 | 4, keyof Numbers> = {
  1: 'new_chat_cnt',
  2: 'chat_total',
  3: 'new_member_cnt',
  4: 'member_total',
}

function checkMembers(world: World, ids: string[]): void {
  for (const id of ids) if (!world.store.members.has(id)) throw new ApiError(40003, id)
}

/** What members and customer groups have done (统计), counted from what happened here. Several members are summed. */
export const statistics = [
  post(
    `${cgi}/get_user_behavior_data`,
    z.object({
      userid: z.array(userid).max(100).default([]),
      partyid: z.array(z.int()).max(100).default([]),
      start_time: z.int(),
      end_time: z.int(),
    }),
    (world, asked) => {
      if (asked.userid.length + asked.partyid.length === 0) throw new ApiError(40063, 'userid and partyid')
      checkMembers(world, asked.userid)
      for (const id of asked.partyid)
        if (!world.store.departments.has(String(id))) throw new ApiError(60003, String(id))
      const members = membersOf(world, { user: asked.userid, party: asked.partyid })
      const behavior_data = statDays(world, asked.start_time, asked.end_time).map((day) => {
        const sum = sumOf(members.map((id) => behaviourOf(world, id, day)))
        return {
          stat_time: seconds(day),
          chat_cnt: sum.chats,
          message_cnt: sum.messages,
          ...(sum.begun > 0 ? { reply_percentage: round((sum.answered / sum.begun) * 100) } : {}),
          ...(sum.answered > 0 ? { avg_reply_time: Math.round(sum.waitedMs / sum.answered / MINUTE_MS) } : {}),
          negative_feedback_cnt: sum.lost,
          new_apply_cnt: sum.applied,
          new_contact_cnt: sum.added,
        }
      })
      return { behavior_data }
    },
  ),
  post(
    `${cgi}/groupchat/statistic`,
    z.object({
      ...days,
      order_by: z.literal([1, 2, 3, 4]).default(1),
      order_asc: flag.default(0),
      offset: z.int().min(0).default(0),
      limit: limit(500, 1000),
    }),
    (world, asked) => {
      const { userid_list } = asked.owner_filter
      checkMembers(world, userid_list)
      const when = daysOf(world, asked)
      const all = userid_list.map((owner) => ({ owner, data: groupNumbers(world, owner, when) }))
      const by = ORDERS[asked.order_by]
      const sign = asked.order_asc === 1 ? 1 : -1
      const sorted = all.toSorted((a, b) => sign * (a.data[by] - b.data[by]))
      const items = sorted.slice(asked.offset, asked.offset + asked.limit)
      return { total: all.length, next_offset: asked.offset + items.length, items }
    },
  ),
  post(`${cgi}/groupchat/statistic_group_by_day`, z.object(days), (world, asked) => {
    const { userid_list } = asked.owner_filter
    checkMembers(world, userid_list)
    const items = daysOf(world, asked).map((day) => {
      const all = userid_list.map((owner) => groupNumbers(world, owner, [day]))
      return { stat_time: seconds(day), data: all.reduce(plus) }
    })
    return { items }
  }),
]

const round = (number: number): number => Math.round(number * 100) / 100

function plus(a: Numbers, b: Numbers): Numbers {
  return {
    new_chat_cnt: a.new_chat_cnt + b.new_chat_cnt,
    chat_total: a.chat_total + b.chat_total,
    chat_has_msg: a.chat_has_msg + b.chat_has_msg,
    new_member_cnt: a.new_member_cnt + b.new_member_cnt,
    member_total: a.member_total + b.member_total,
    member_has_msg: a.member_has_msg + b.member_has_msg,
    msg_total: a.msg_total + b.msg_total,
    migrate_trainee_chat_cnt: 0,
  }
}

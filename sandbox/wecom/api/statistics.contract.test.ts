import { z } from 'zod'
import { contract, seconds } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { statistics } from './statistics.ts'

const DAY = 86_400
const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  await sandbox.friends('lina')
  await sandbox.act('groups', { name: '群', owner: 'lina', kind: 'customer' })
  await sandbox.advance(DAY * 1000 * 2)
  const now = Math.floor((await sandbox.state()).now / 1000)
  return { day: now - 2 * DAY, now }
}

const count = z.int().min(0)
const data = z.strictObject({
  new_chat_cnt: z.literal(1),
  chat_total: z.literal(1),
  chat_has_msg: count,
  new_member_cnt: count,
  member_total: z.literal(1),
  member_has_msg: count,
  msg_total: count,
  migrate_trainee_chat_cnt: count,
})
const owner_filter = { userid_list: ['lina'] }

contract(statistics, prepare, {
  '/cgi-bin/externalcontact/get_user_behavior_data': {
    good: ({ day }) => ({ userid: ['lina'], start_time: day, end_time: day }),
    shape: z.strictObject({
      behavior_data: z.tuple([
        z.strictObject({
          stat_time: seconds,
          chat_cnt: count,
          message_cnt: count,
          negative_feedback_cnt: count,
          new_apply_cnt: count,
          new_contact_cnt: z.literal(1),
        }),
      ]),
    }),
    bad: ({ day, now }) => [
      [{ start_time: day, end_time: day }, 40063],
      [{ userid: ['nobody'], start_time: day, end_time: day }, 40003],
      [{ partyid: [99], start_time: day, end_time: day }, 60003],
      [{ userid: Array.from({ length: 101 }, () => 'lina'), start_time: day, end_time: day }, 40058],
      [{ userid: ['lina'], start_time: now - 32 * DAY, end_time: now }, 40058],
      [{ userid: ['lina'], start_time: now - 182 * DAY, end_time: now - 160 * DAY }, 40058],
      [{ userid: ['lina'], start_time: now, end_time: day }, 40058],
      [{ userid: ['lina'] }, 40063],
    ],
  },
  '/cgi-bin/externalcontact/groupchat/statistic': {
    good: ({ day }) => ({ day_begin_time: day, owner_filter, order_by: 2, order_asc: 0 }),
    shape: z.strictObject({
      total: z.literal(1),
      next_offset: z.literal(1),
      items: z.tuple([z.strictObject({ owner: z.literal('lina'), data })]),
    }),
    bad: ({ day, now }) => [
      [{ day_begin_time: day }, 40063],
      [{ owner_filter }, 40063],
      [{ day_begin_time: day, owner_filter: { userid_list: [] } }, 40058],
      [{ day_begin_time: day, owner_filter: { userid_list: ['nobody'] } }, 40003],
      [{ day_begin_time: day, owner_filter, order_by: 5 }, 40058],
      [{ day_begin_time: day, owner_filter, limit: 1001 }, 40058],
      [{ day_begin_time: now - 32 * DAY, day_end_time: now, owner_filter }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/groupchat/statistic_group_by_day': {
    good: ({ day, now }) => ({ day_begin_time: day, day_end_time: now, owner_filter }),
    shape: z.strictObject({
      items: z
        .array(z.looseObject({ stat_time: seconds }))
        .min(1)
        .max(2),
    }),
    bad: ({ day }) => [
      [{ day_begin_time: day }, 40063],
      [{ day_begin_time: day, owner_filter: { userid_list: ['nobody'] } }, 40003],
    ],
  },
})

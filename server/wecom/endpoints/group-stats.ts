import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, seconds, text } from './shapes.ts'

/** apis.md §6. */
const owners = z.object({ userid_list: z.array(text.min(1)).min(1).max(100) })
const days = { day_begin_time: z.int(), day_end_time: z.int(), owner_filter: owners }
const count = z.coerce.number().default(0)
const data = z.object({
  new_chat_cnt: count,
  chat_total: count,
  chat_has_msg: count,
  new_member_cnt: count,
  member_total: count,
  member_has_msg: count,
  msg_total: count,
})
export type WireGroupNumbers = z.output<typeof data>

export const groupStatistic = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/statistic`,
  token: 'contact',
  effect: 'read',
  request: z.object({ ...days, limit: z.int().min(1).max(1000) }),
  response: z.object({ items: z.array(z.object({ owner: text, data })).default([]) }),
})

export const groupStatisticByDay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/statistic_group_by_day`,
  token: 'contact',
  effect: 'read',
  request: z.object(days),
  response: z.object({ items: z.array(z.object({ stat_time: seconds, data })).default([]) }),
})

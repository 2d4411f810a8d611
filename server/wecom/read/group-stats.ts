import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import type { WireGroupNumbers } from '../endpoints/index.ts'
import { dateOf } from '../pages.ts'
import type { GroupNumbers, GroupStatsRead } from '../types/group-stats.ts'

const OWNERS_PER_CALL = 100

const numbersOf = (data: WireGroupNumbers): GroupNumbers => ({
  newGroups: data.new_chat_cnt,
  groups: data.chat_total,
  activeGroups: data.chat_has_msg,
  newMembers: data.new_member_cnt,
  members: data.member_total,
  activeMembers: data.member_has_msg,
  messages: data.msg_total,
})

const askOf = (owners: readonly string[], from: Date, to: Date) => ({
  day_begin_time: from.getTime() / 1000,
  day_end_time: to.getTime() / 1000,
  owner_filter: { userid_list: [...owners] },
})

/** Numbers of customer groups by their owner (客户群统计). */
export const createGroupStatsRead = (call: Call): GroupStatsRead => ({
  groupStats: async (owners, from, to) => {
    const { items } = await call(api.groupStatistic, { ...askOf(owners, from, to), limit: OWNERS_PER_CALL })
    return items.map(({ owner, data }) => ({ owner, numbers: numbersOf(data) }))
  },
  groupStatsByDay: async (owner, from, to) => {
    const { items } = await call(api.groupStatisticByDay, askOf([owner], from, to))
    return items.map(({ stat_time, data }) => ({ day: dateOf(stat_time), numbers: numbersOf(data) }))
  },
})

import type { ChannelCounts, ChannelStats } from '@zhiyin/shared/api/channels'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { addsModel } from './adds.model.ts'
import { dayOf } from './duty.ts'

const dayMs = 86_400_000
const month = 30

/** ChannelStats without the names of reps. */
type Counted = Omit<ChannelStats, 'reps'> & { reps: Omit<ChannelStats['reps'][number], 'name'>[] }
type Row = ChannelCounts & { day: string; userid: string }
type Group = { _id: { day: string; userid: string }; adds: number; lost: number; lost24h: number; ordered: number }

const none: ChannelCounts = { adds: 0, following: 0, lost: 0, lost24h: 0, ordered: 0 }
const plus = (a: ChannelCounts, b: ChannelCounts): ChannelCounts => ({
  adds: a.adds + b.adds,
  following: a.following + b.following,
  lost: a.lost + b.lost,
  lost24h: a.lost24h + b.lost24h,
  ordered: a.ordered + b.ordered,
})
const sum = (rows: readonly ChannelCounts[]): ChannelCounts => rows.reduce(plus, none)
const countIf = (condition: unknown) => ({ $sum: { $cond: [condition, 1, 0] } })
/** A date that is set compares above null. */
const isSet = (field: string) => ({ $gt: [field, null] })

/** The `count` days up to today as dates; noon is on the right day whatever the clocks did. */
export const daysUpTo = (today: string, count: number): string[] => {
  const noon = Date.parse(`${today}T12:00:00Z`)
  return Array.from({ length: count }, (_, index) =>
    new Date(noon - (count - 1 - index) * dayMs).toISOString().slice(0, 10),
  )
}

export type ChannelStatsRead = {
  /** By day (every day of the span, oldest first) and by rep (who got most first). */
  of: (channelId: string, days: number) => Promise<Counted>
  /** New customers of today and of the last 30 days; channels without any are left out. */
  recent: (channelIds: readonly string[]) => Promise<ReadonlyMap<string, { today: number; last30: number }>>
  /** New customers of today by rep, in small letters: WeCom spells userids in any case. */
  todayByRep: (channelId: string) => Promise<ReadonlyMap<string, number>>
}

/** Who came through channels, counted by their index over the days asked for. */
export const createChannelStats = (deps: { mongo: Mongo; clock: Clock; zone: string }): ChannelStatsRead => {
  const model = addsModel(deps.mongo.connection)
  const today = (): string => dayOf(deps.clock.date(), deps.zone)

  const rows = async (channelId: string, from: string): Promise<Row[]> => {
    const groups = await model.aggregate<Group>([
      { $match: { channelId, day: { $gte: from } } },
      {
        $group: {
          _id: { day: '$day', userid: '$userid' },
          adds: { $sum: 1 },
          lost: countIf(isSet('$lostAt')),
          lost24h: countIf('$lost24h'),
          ordered: countIf(isSet('$orderedAt')),
        },
      },
    ])
    return groups.map(({ _id, adds, lost, lost24h, ordered }) => ({
      ..._id,
      adds,
      following: adds - lost,
      lost,
      lost24h,
      ordered,
    }))
  }

  const todayByRep = async (channelId: string): Promise<ReadonlyMap<string, number>> => {
    const groups = await model.aggregate<{ _id: string; n: number }>([
      { $match: { channelId, day: today() } },
      { $group: { _id: { $toLower: '$userid' }, n: { $sum: 1 } } },
    ])
    return new Map(groups.map(({ _id, n }) => [_id, n]))
  }

  return {
    todayByRep,
    of: async (channelId, count) => {
      const days = daysUpTo(today(), count)
      const found = await rows(channelId, days[0] ?? today())
      const reps = [...new Set(found.map(({ userid }) => userid))].map((userid) => {
        const own = found.filter((row) => row.userid === userid)
        return { userid, ...sum(own), today: sum(own.filter(({ day }) => day === today())).adds }
      })
      return {
        total: sum(found),
        days: days.map((day) => ({ day, ...sum(found.filter((row) => row.day === day)) })),
        reps: reps.sort((a, b) => b.adds - a.adds || (a.userid < b.userid ? -1 : 1)),
      }
    },
    recent: async (channelIds) => {
      const groups = await model.aggregate<{ _id: string; today: number; last30: number }>([
        { $match: { channelId: { $in: [...channelIds] }, day: { $gte: daysUpTo(today(), month)[0] ?? today() } } },
        { $group: { _id: '$channelId', last30: { $sum: 1 }, today: countIf({ $eq: ['$day', today()] }) } },
      ])
      return new Map(groups.map(({ _id, ...counts }) => [_id, counts]))
    },
  }
}

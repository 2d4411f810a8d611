import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { eachOf } from '../platform/parallel.ts'
import type { WecomRead } from '../wecom/types.ts'
import { groupModel } from './groups.model.ts'
import { groupDayModel, groupOwnerModel, type GroupDayDoc, type GroupOwnerDoc } from './stats.model.ts'

/** WeCom counts days in China. */
const zone = 'Asia/Shanghai'
/** apis.md §6: at most 30 days at once, at most 180 days back. */
const spanDays = 30
const oldestDays = 180
/** Yesterday's numbers come in the morning; away from the full and half hour (limits.md §2), each owner at another minute. */
const morning = 9 * 60 + 35
const spreadMinutes = 50
const hourMs = 3_600_000
/** A job that is lost is found again after this long. */
const againMs = 20 * 60_000
const ownersPerJob = 50
const atOnce = 3

export type GroupStatsDeps = {
  mongo: Mongo
  clock: Clock
  enqueue: Enqueue
  read: Pick<WecomRead, 'groupStats' | 'groupStatsByDay'>
}

const dayNumber = (at: Date): number => zonedTime(at, zone).day
const startOf = (day: number): Date => momentOf(day, 0, zone)
/** The same minute every day for the same owner. */
const minuteOf = (userid: string): number =>
  [...userid].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % spreadMinutes

/** What happens in customer groups, by owner and day: fetched once a day for each owner, kept beyond WeCom's 180 days. */
export const createGroupStats = ({ mongo, clock, enqueue, read }: GroupStatsDeps) => {
  const days = groupDayModel(mongo.connection)
  const owners = groupOwnerModel(mongo.connection)
  const groups = groupModel(mongo.connection)

  const dayId = (owner: string, day: Date): string => `${owner}:${zonedTime(day, zone).date}`

  /** WeCom counts all messages so far; those of a day are the difference to the day before (a group handed over takes its own along). */
  const keepDays = async (owner: string, from: number, to: number): Promise<Date | null> => {
    const [found, before] = await Promise.all([
      read.groupStatsByDay(owner, startOf(from), startOf(to)),
      days.findById(dayId(owner, startOf(from - 1))).lean<GroupDayDoc | null>(),
    ])
    const sorted = [...found].sort((a, b) => a.day.getTime() - b.day.getTime())
    const totals = [before?.messages ?? null, ...sorted.map(({ numbers }) => numbers.messages)]
    const rows = sorted.map(({ day, numbers }, index) => {
      const last = totals[index] ?? null
      return { day, set: { owner, day, ...numbers, said: last === null ? 0 : Math.max(0, numbers.messages - last) } }
    })
    if (rows.length === 0) return null
    await days.bulkWrite(
      rows.map(({ day, set }) => ({
        updateOne: { filter: { _id: dayId(owner, day) }, update: { $set: set }, upsert: true },
      })),
      { ordered: false },
    )
    return rows.at(-1)?.day ?? null
  }

  /** The first time the last 30 days; afterwards every day that is missing, as far back as WeCom goes. */
  const fetchOwner = async ({ _id: owner, until }: GroupOwnerDoc): Promise<void> => {
    const today = dayNumber(clock.date())
    const first = until === null ? today - spanDays : Math.max(dayNumber(until) + 1, today - oldestDays + 1)
    let last = until
    for (let from = first; from < today; from += spanDays) {
      last = (await keepDays(owner, from, Math.min(from + spanDays - 1, today - 1))) ?? last
      await owners.updateOne({ _id: owner }, { $set: { until: last } })
    }
    const [sum] = await read.groupStats([owner], startOf(today - spanDays), startOf(today - 1))
    const complete = last !== null && dayNumber(last) === today - 1
    const next = momentOf(today + (complete ? 1 : 0), morning + minuteOf(owner), zone).getTime()
    await owners.updateOne(
      { _id: owner },
      {
        $set: {
          month: sum?.numbers ?? null,
          monthAt: clock.date(),
          error: null,
          nextAt: new Date(Math.max(next, clock.now() + hourMs)),
        },
      },
    )
  }

  /** Whoever owns no group any more is not asked for again; what is kept stays. */
  const one = async (owner: GroupOwnerDoc): Promise<void> => {
    if ((await groups.exists({ owner: owner._id, dismissed: false })) === null) {
      await owners.deleteOne({ _id: owner._id })
      return
    }
    try {
      await fetchOwner(owner)
    } catch (error) {
      // Somebody who has left, or is out of the app's range: nothing to fetch today, and no reason to hold up the others.
      if (!(error instanceof AppError) || error.retry !== 'never') throw error
      const nextAt = momentOf(dayNumber(clock.date()) + 1, morning + minuteOf(owner._id), zone)
      await owners.updateOne({ _id: owner._id }, { $set: { error: messageOf(error).slice(0, 300), nextAt } })
    }
  }

  return {
    onOwner: (userid: string): Promise<unknown> =>
      owners.updateOne({ _id: userid }, { $setOnInsert: { nextAt: clock.date() } }, { upsert: true }).exec(),

    /** 'groups.stats'. */
    fetch: async (userids: readonly string[]): Promise<void> => {
      const due = await owners
        .find({ _id: { $in: [...userids] }, nextAt: { $lte: new Date(clock.now() + againMs) } })
        .lean<GroupOwnerDoc[]>()
      await eachOf(due, atOnce, one)
    },

    sweep: {
      stage: 'groups.stats',
      async run(now) {
        const due = await owners
          .find({ nextAt: { $lte: now } }, { _id: 1 })
          .sort({ nextAt: 1 })
          .limit(ownersPerJob)
          .lean<Pick<GroupOwnerDoc, '_id'>[]>()
        if (due.length === 0) return 0
        const ids = due.map(({ _id }) => _id)
        await owners.updateMany({ _id: { $in: ids } }, { $set: { nextAt: new Date(now.getTime() + againMs) } })
        await enqueue('groups.stats', { owners: ids })
        return due.length
      },
    } satisfies Sweep,
  }
}

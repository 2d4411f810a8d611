import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { emptyTally, type Tally } from '../profile/read.ts'
import { qualityModel, type QualityDoc } from './quality.model.ts'

const one = { _id: 'quality' }
const againMs = 20_000
const perBatch = 500
/** 03:10, when little else is going on. */
const nightly = 190

/** Adds the next customers in the order of ids to a count; answers the last of them, null when there are no more. */
export type Count = (
  tally: Tally,
  after: string,
  limit: number,
  now: Date,
) => Promise<{ tally: Tally; last: string | null }>

type Deps = { mongo: Mongo; clock: Clock; enqueue: Enqueue; zone: string; count: Count }

/** Counts every night, over every customer, what is known of each attribute; the place is kept, so that a crash costs one batch. */
export const createQuality = ({ mongo, clock, enqueue, zone, count }: Deps) => {
  const model = qualityModel(mongo.connection)
  const read = (): Promise<QualityDoc | null> => model.findOne(one).lean<QualityDoc | null>().exec()

  /** The next night after a moment. */
  const nightAfter = (now: Date): Date => {
    const { day, minutes } = zonedTime(now, zone)
    return momentOf(minutes < nightly ? day : day + 1, nightly, zone)
  }
  const begin = async (now: Date): Promise<void> => {
    const running = { at: now, after: '', tally: emptyTally }
    await model.updateOne(
      { ...one, running: null },
      { $set: { running, lookAt: new Date(now.getTime() + againMs), nextAt: nightAfter(now) } },
    )
  }
  /** The first count is made once there is anything to count: at once. */
  const ensure = async (now: Date): Promise<void> => {
    const set = { nextAt: now, running: null, lookAt: now, counted: null }
    await model.updateOne(one, { $setOnInsert: set }, { upsert: true })
  }

  return {
    read,
    /** Counts now, unless a count is under way. */
    async want(): Promise<void> {
      const now = clock.date()
      await ensure(now)
      await begin(now)
      await enqueue('attributes.quality', {})
    },

    /** 'attributes.quality': the next batch. */
    async run(): Promise<void> {
      const running = (await read())?.running ?? null
      if (running === null) return
      const { at, after } = running
      const { tally, last } = await count(running.tally, after, perBatch, at)
      const standing = { ...one, 'running.at': at, 'running.after': after }
      const kept = await model.updateOne(
        standing,
        last === null
          ? { $set: { counted: { at, tally }, running: null } }
          : { $set: { running: { at, after: last, tally }, lookAt: new Date(clock.now() + againMs) } },
      )
      if (kept.matchedCount === 1 && last !== null) await enqueue('attributes.quality', {})
    },

    sweep: {
      stage: 'attributes.quality',
      async run(now) {
        const doc = await read()
        if (doc === null) await ensure(now)
        else if (doc.running === null && doc.nextAt <= now) await begin(now)
        else if (doc.running === null || doc.lookAt > now) return 0
        else
          await model.updateOne({ ...one, lookAt: doc.lookAt }, { $set: { lookAt: new Date(now.getTime() + againMs) } })
        await enqueue('attributes.quality', {})
        return 1
      },
    } satisfies Sweep,
  }
}

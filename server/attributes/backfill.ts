import { mostKept } from '@zhiyin/shared/attribute'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { backfillModel, type BackfillDoc } from './attributes.model.ts'

/** Other processes may still hold the attributes they read before; what they fold would forget the new one. */
const settleMs = 2_500
const againMs = 20_000
const perBatch = 200

/**
 * Looks through the past of the next customers in the order of ids for one computed attribute. Answers the last of them, null when there
 * are no more, and how many there were. Repeating it changes nothing.
 */
export type Backfill = (key: string, after: string, limit: number) => Promise<{ last: string | null; count: number }>

type Deps = { mongo: Mongo; clock: Clock; enqueue: Enqueue; backfill: Backfill }

/** Works a new or changed computed attribute out over the past, batch by batch; the place is kept, so that a crash costs one batch. */
export const createBackfills = ({ mongo, clock, enqueue, backfill }: Deps) => {
  const model = backfillModel(mongo.connection)
  const inMs = (ms: number): Date => new Date(clock.now() + ms)

  return {
    want: async (key: string): Promise<void> => {
      const set = { after: '', done: 0, most: mostKept, nextAt: inMs(settleMs) }
      await model.updateOne({ _id: key }, { $set: set, $inc: { round: 1 } }, { upsert: true })
    },
    forget: async (key: string): Promise<void> => void (await model.deleteOne({ _id: key })),
    running: async (): Promise<Map<string, { done: number }>> => {
      const docs = await model.find({ nextAt: { $exists: true } }).lean<BackfillDoc[]>()
      return new Map(docs.map(({ _id, done }) => [_id, { done }]))
    },

    /** 'attributes.backfill': the next batch, if it is still where it stands. */
    async run({ key }: { key: string }): Promise<void> {
      const doc = await model.findOne({ _id: key, nextAt: { $exists: true } }).lean<BackfillDoc | null>()
      if (doc === null) return
      const { last, count } = await backfill(key, doc.after, perBatch)
      const done = doc.done + count
      const kept = await model.updateOne(
        { _id: key, round: doc.round, after: doc.after },
        last === null
          ? { $set: { done }, $unset: { nextAt: 1 } }
          : { $set: { done, after: last, nextAt: inMs(againMs) } },
      )
      if (kept.matchedCount === 1 && last !== null) await enqueue('attributes.backfill', { key })
    },

    sweep: {
      stage: 'attributes',
      async run(now) {
        const anew = { after: '', done: 0, most: mostKept, nextAt: now }
        await model.updateMany({ most: { $ne: mostKept } }, { $set: anew, $inc: { round: 1 } })
        const due = await model.find({ nextAt: { $lte: now } }).lean<BackfillDoc[]>()
        for (const { _id } of due) {
          await model.updateOne({ _id, nextAt: { $lte: now } }, { $set: { nextAt: new Date(now.getTime() + againMs) } })
          await enqueue('attributes.backfill', { key: _id })
        }
        return due.length
      },
    } satisfies Sweep,
  }
}

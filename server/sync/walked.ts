import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { walkedModel, type WalkedDoc } from './runs.model.ts'

/** Reps whose customers have been taken over, and how many there were. */
export const createWalked = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const model = walkedModel(mongo.connection)
  return {
    /** Of those who have been walked. */
    counts: async (userids: readonly string[]): Promise<Map<string, number>> => {
      const docs = await model.find({ _id: { $in: [...userids] } }).lean<WalkedDoc[]>()
      return new Map(docs.map(({ _id, pairs }) => [_id, pairs]))
    },
    keep: async (counts: ReadonlyMap<string, number>): Promise<void> => {
      const at = clock.date()
      await model.bulkWrite(
        [...counts].map(([_id, pairs]) => ({
          updateOne: { filter: { _id }, update: { $set: { pairs, at } }, upsert: true },
        })),
        { ordered: false },
      )
    },
  }
}

export type Walked = ReturnType<typeof createWalked>

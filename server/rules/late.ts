import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { runCollection, runModel } from './runs.model.ts'

export type LateSends = { stepId: string; count: number; oldest: Date }

type Deps = { mongo: Mongo; clock: Clock; enqueue: Enqueue }

/** Sends that came too late to go without a person's word. */
export const createLate = ({ mongo, clock, enqueue }: Deps) => {
  const runs = runCollection(mongo.connection)
  return {
    async list(ruleId: string): Promise<LateSends[]> {
      const found = await runModel(mongo.connection).aggregate<{ _id: string; count: number; oldest: Date }>([
        { $match: { ruleId, asks: { $exists: true } } },
        { $group: { _id: '$asks.stepId', count: { $sum: 1 }, oldest: { $min: '$asks.at' } } },
        { $sort: { oldest: 1 } },
      ])
      return found.map(({ _id: stepId, count, oldest }) => ({ stepId, count, oldest }))
    },
    /** Lets those that wait at a step go on, with their send or without it; answers how many. */
    async answer(ruleId: string, stepId: string, send: boolean, by: string): Promise<number> {
      const now = clock.date()
      const { modifiedCount } = await runs.updateMany(
        { ruleId, 'asks.stepId': stepId, open: true, asks: { $exists: true } },
        { $set: { answer: { stepId, send, by }, dueAt: now, lookAt: now }, $unset: { asks: 1 } },
      )
      const first = await runs
        .find({ ruleId, 'answer.stepId': stepId, open: true, lookAt: { $lte: now } }, { projection: { _id: 1 } })
        .limit(500)
        .toArray()
      // The sweep finds the others.
      if (first.length > 0) await enqueue('rules.advance', { runIds: first.map(({ _id }) => _id) })
      return modifiedCount
    },
  }
}

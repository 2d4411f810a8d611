import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { isAhead } from './ahead.ts'
import { factCollection } from './facts.model.ts'
import { awaitingOf } from './kinds.ts'
import { factOf } from './read.ts'

/** Facts dated ahead that counted at once when they were told: they wait for their moment like those that are told now. */
export const createWaitAhead = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const facts = factCollection(mongo.connection)
  return async (customerIds: readonly string[]): Promise<void> => {
    const now = clock.date()
    const docs = await facts
      .find({ customerId: { $in: [...customerIds] }, at: { $gt: now }, dueAt: { $exists: false } })
      .toArray()
    const ahead = docs.map(factOf).filter((fact) => isAhead(fact, now) && awaitingOf(fact).includes('profile'))
    if (ahead.length > 0)
      await facts.bulkWrite(
        ahead.map(({ id, at }) => ({
          updateOne: { filter: { _id: id }, update: { $set: { nudgeAt: at, dueAt: at }, $unset: { pending: 1 } } },
        })),
        { ordered: false },
      )
  }
}

import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { factCollection } from './facts.model.ts'

/** The facts of one person: all that ever happened. */
export const createFactsPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const facts = factCollection(connection)
  return {
    room: 'facts',
    collect: async ({ ids }) => ({
      facts: await facts
        .find({ customerId: { $in: [...ids] } })
        .sort({ at: 1 })
        .toArray(),
    }),
    forget: async ({ ids }) => ({ facts: (await facts.deleteMany({ customerId: { $in: [...ids] } })).deletedCount }),
  }
}

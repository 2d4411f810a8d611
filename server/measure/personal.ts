import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { exposureCollection } from './exposures.model.ts'

/** What was tried on a person, and what they did then. Erased, they are missing from the comparisons too. */
export const createMeasurePersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const exposures = exposureCollection(connection)
  return {
    room: 'measure',
    collect: async ({ ids }) => ({ exposures: await exposures.find({ customerId: { $in: [...ids] } }).toArray() }),
    forget: async ({ ids }) => ({
      exposures: (await exposures.deleteMany({ customerId: { $in: [...ids] } })).deletedCount,
    }),
  }
}

import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { tierCollections } from './tiers.model.ts'

/** Where a person stands in the lists of moves that a change of limits would cause; the counts name nobody. */
export const createTiersPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const { moves } = tierCollections(connection)
  return {
    room: 'tiers',
    collect: async ({ ids }) => ({ moves: await moves.find({ customerId: { $in: [...ids] } }).toArray() }),
    forget: async ({ ids }) => ({ moves: (await moves.deleteMany({ customerId: { $in: [...ids] } })).deletedCount }),
  }
}

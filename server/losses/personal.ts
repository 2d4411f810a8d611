import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { lossModel } from './losses.model.ts'

/** When a person deleted a rep. */
export const createLossesPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const losses = lossModel(connection)
  const ofThem = (customerId: string) => ({ _id: { $gte: `${customerId}:`, $lt: `${customerId};` } })
  return {
    room: 'losses',
    collect: async ({ customerId }) => ({ losses: await losses.find(ofThem(customerId)).lean() }),
    forget: async ({ customerId }) => ({ losses: (await losses.deleteMany(ofThem(customerId))).deletedCount }),
  }
}

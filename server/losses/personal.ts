import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { lossModel } from './losses.model.ts'

/** When a person deleted a rep. */
export const createLossesPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const losses = lossModel(connection)
  const ofThem = (ids: readonly string[]) => ({ $or: ids.map((id) => ({ _id: { $gte: `${id}:`, $lt: `${id};` } })) })
  return {
    room: 'losses',
    collect: async ({ ids }) => ({ losses: await losses.find(ofThem(ids)).lean() }),
    forget: async ({ ids }) => ({ losses: (await losses.deleteMany(ofThem(ids))).deletedCount }),
  }
}

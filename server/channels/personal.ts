import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { addsModel } from './adds.model.ts'

/** By which channels a person came. The days' figures keep them as nobody. */
export const createChannelsPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const adds = addsModel(connection)
  return {
    room: 'channels',
    collect: async ({ ids }) => ({ adds: await adds.find({ customerId: { $in: [...ids] } }).lean() }),
    forget: async ({ ids }) => ({ adds: (await adds.deleteMany({ customerId: { $in: [...ids] } })).deletedCount }),
  }
}

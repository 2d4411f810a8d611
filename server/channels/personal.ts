import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { addsModel } from './adds.model.ts'

/** By which channels a person came. The days' figures keep them as nobody. */
export const createChannelsPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const adds = addsModel(connection)
  return {
    room: 'channels',
    collect: async ({ customerId }) => ({ adds: await adds.find({ customerId }).lean() }),
    forget: async ({ customerId }) => ({ adds: (await adds.deleteMany({ customerId })).deletedCount }),
  }
}

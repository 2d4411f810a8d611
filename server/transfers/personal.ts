import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { itemModel, transferModel } from './transfers.model.ts'

/** A person's hand-overs between reps. */
export const createTransfersPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const items = itemModel(connection)
  const transfers = transferModel(connection)
  return {
    room: 'transfers',
    collect: async ({ externalUserIds }) => ({
      handOvers: await items.find({ target: { $in: [...externalUserIds] } }).lean(),
    }),
    async forget({ externalUserIds, ids: numbers }) {
      const target = { $in: [...externalUserIds] }
      const ids = await items.distinct('transferId', { target })
      const asked = { $in: [...externalUserIds, ...numbers] }
      await transfers.updateMany({ _id: { $in: ids }, 'ask.customers': asked }, { $pull: { 'ask.customers': asked } })
      return { handOvers: (await items.deleteMany({ target })).deletedCount }
    },
  }
}

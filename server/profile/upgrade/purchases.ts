import { lateFromOf } from '../../conditions/rhythm.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { rhythmOf } from '../rhythm.ts'
import { standingOrders } from '../signals.ts'
import { walk, type Step } from './step.ts'

type Doc = Pick<CustomerDoc, '_id' | 'rev' | 'lastOrderAt' | 'medianGapDays'> & {
  state: Pick<CustomerDoc['state'], 'orders'>
}

const fields = { rev: 1, lastOrderAt: 1, medianGapDays: 1, 'state.orders': 1 } as const

/**
 * In how many purchases somebody bought is kept with them, and since when they are late by their own rhythm, so that an index finds them:
 * three orders of one day were taken for a rhythm once.
 */
export const keepPurchases = ({ connection }: Pick<Mongo, 'connection'>): Step => {
  const customers = customerCollection(connection)
  return walk<Doc>({
    name: 'purchases',
    limit: 1000,
    page: (after, limit) =>
      customers
        .find<Doc>({ _id: { $gt: after }, purchases: { $exists: false } }, { projection: fields })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      await customers.bulkWrite(
        docs.map(({ _id, rev, state, ...rhythmic }) => {
          const { purchases } = rhythmOf(standingOrders(state.orders).map(({ at }) => at))
          const set = { purchases, lateFrom: lateFromOf({ ...rhythmic, purchases }) }
          return { updateOne: { filter: { _id, rev }, update: { $set: set, $inc: { rev: 1 } } } }
        }),
        { ordered: false },
      )
      return docs.length
    },
  })
}

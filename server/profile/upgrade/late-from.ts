import { lateFromOf } from '../../conditions/rhythm.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { walk, type Step } from './step.ts'

type Doc = Pick<CustomerDoc, '_id' | 'rev' | 'orders' | 'lastOrderAt' | 'medianGapDays'>

const fields = { rev: 1, orders: 1, lastOrderAt: 1, medianGapDays: 1 } as const

/** Since when somebody is late by their own rhythm is kept with them, so that an index finds them. */
export const keepLateFrom = ({ connection }: Pick<Mongo, 'connection'>): Step => {
  const customers = customerCollection(connection)
  return walk<Doc>({
    name: 'late-from',
    limit: 1000,
    page: (after, limit) =>
      customers
        .find<Doc>({ _id: { $gt: after }, lateFrom: { $exists: false } }, { projection: fields })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      await customers.bulkWrite(
        docs.map(({ _id, rev, ...rhythmic }) => ({
          updateOne: { filter: { _id, rev }, update: { $set: { lateFrom: lateFromOf(rhythmic) }, $inc: { rev: 1 } } },
        })),
        { ordered: false },
      )
      return docs.length
    },
  })
}

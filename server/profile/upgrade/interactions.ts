import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { interactionsOf } from '../state/interactions.ts'
import { walk, type Step } from './step.ts'

type Day = { readonly day: number; readonly marks: readonly number[] }
type Doc = Pick<CustomerDoc, '_id' | 'rev'> & { readonly state: { readonly interactions: readonly Day[] } }

/** Interactions, kept by their days before, are one list of numbers: a fourth of the values to read and write with every event. */
export const flattenInteractions = ({ connection }: Pick<Mongo, 'connection'>): Step => {
  const customers = customerCollection(connection)
  return walk<Doc>({
    name: 'interactions',
    limit: 1000,
    page: (after, limit) =>
      customers
        .find<Doc>(
          { _id: { $gt: after }, 'state.interactions.day': { $exists: true } },
          { projection: { rev: 1, 'state.interactions': 1 } },
        )
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      await customers.bulkWrite(
        docs.map(({ _id, rev, state }) => ({
          updateOne: {
            filter: { _id, rev },
            update: { $set: { 'state.interactions': interactionsOf(state.interactions) }, $inc: { rev: 1 } },
          },
        })),
        { ordered: false },
      )
      return docs.length
    },
  })
}

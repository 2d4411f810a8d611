import type { Mongo } from '../../platform/mongo.ts'
import { conflictModel } from '../identities.model.ts'
import { pairOf, pairsOf } from '../identities/sides.ts'
import type { Blind } from '../identity.ts'
import { hiddenKey } from './identities.ts'
import { walk, type Step } from './step.ts'

/** All who met in one message, and whether somebody had decided, which nobody could. */
type Met = {
  readonly _id: string
  readonly customerIds: readonly string[]
  readonly identities: readonly string[]
  readonly at: Date
}

/** Customers who met in one message are asked about pair by pair. */
export const pairDoubts = ({ connection }: Pick<Mongo, 'connection'>, blind: Blind): Step => {
  const conflicts = conflictModel(connection)
  return walk({
    name: 'doubts',
    limit: 500,
    page: (after, limit) =>
      conflicts
        .find({ _id: { $gt: after }, state: { $exists: false } })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<Met[]>(),
    async change(docs) {
      const pairs = docs.flatMap(({ customerIds, identities, at }) =>
        pairsOf(customerIds).map(([a, b]) => ({
          updateOne: {
            filter: { _id: pairOf(a, b) },
            update: {
              $setOnInsert: {
                customerIds: a < b ? [a, b] : [b, a],
                identities: identities.map((key) => hiddenKey(key, blind)),
                at,
                state: 'open',
                by: null,
                note: '',
                decidedAt: null,
              },
            },
            upsert: true,
          },
        })),
      )
      await conflicts.bulkWrite([...pairs, { deleteMany: { filter: { _id: { $in: docs.map(({ _id }) => _id) } } } }])
      return docs.length
    },
  })
}

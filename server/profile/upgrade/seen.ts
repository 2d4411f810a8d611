import { activeAtOf, seenKey, withoutSeen, withSeen } from '../../conditions/seen.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { isSame } from '../../platform/same.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { isAsked } from '../sorted-attributes.ts'
import type { Definitions } from '../types.ts'
import { walk, type Step } from './step.ts'

const fields = { rev: 1, createdAt: 1, lastSeenAt: 1, activeAt: 1, attrs: 1 } as const
type Doc = Pick<CustomerDoc, '_id' | keyof typeof fields>

/**
 * When somebody was seen is kept once, no longer beside it as an attribute, and whoever was never seen stands at the end of the lists:
 * conditions on it look there.
 */
export const keepSeenOnce = (
  { connection }: Pick<Mongo, 'connection'>,
  definitions: () => Promise<Pick<Definitions, 'attributes'>>,
): Step => {
  const customers = customerCollection(connection)
  return walk<Doc>({
    name: 'seen',
    limit: 1000,
    page: (after, limit) =>
      customers
        .find<Doc>({ _id: { $gt: after } }, { projection: fields })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      const { attributes } = await definitions()
      const asked = isAsked(attributes, seenKey)
      const changes = docs.flatMap(({ _id, rev, createdAt, lastSeenAt, ...was }) => {
        const known = withSeen(was.attrs, lastSeenAt)
        const attrs = withoutSeen(asked ? known : known.filter(({ k }) => k !== seenKey), lastSeenAt)
        const is = { activeAt: activeAtOf(lastSeenAt, createdAt), attrs }
        const update = { $set: is, $inc: { rev: 1 } }
        return isSame(is, was) ? [] : [{ updateOne: { filter: { _id, rev }, update } }]
      })
      if (changes.length > 0) await customers.bulkWrite(changes, { ordered: false })
      return changes.length
    },
  })
}

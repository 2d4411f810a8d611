import type { Mongo } from '../../platform/mongo.ts'
import { identityCollection } from '../identities.model.ts'
import { identityOfKey, keyOf, type Blind } from '../identity.ts'
import { walk, type Step } from './step.ts'

/** The key an identity has now. */
export const hiddenKey = (key: string, blind: Blind): string => {
  const known = identityOfKey(key)
  return known === null ? key : keyOf(blind(known))
}

/** Phones and e-mail addresses that were identities in clear are found by their blind index. */
export const hideIdentities = ({ connection }: Pick<Mongo, 'connection'>, blind: Blind): Step => {
  const identities = identityCollection(connection)
  return walk({
    name: 'identities',
    limit: 2000,
    page: (after, limit) =>
      identities
        .find({ _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      const clear = docs.filter(({ _id }) => hiddenKey(_id, blind) !== _id)
      if (clear.length === 0) return 0
      await identities.bulkWrite(
        clear.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id: hiddenKey(_id, blind) }, update: { $setOnInsert: rest }, upsert: true },
        })),
        { ordered: false },
      )
      await identities.deleteMany({ _id: { $in: clear.map(({ _id }) => _id) } })
      return clear.length
    },
  })
}

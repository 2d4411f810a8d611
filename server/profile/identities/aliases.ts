import type { Mongo } from '../../platform/mongo.ts'
import { identityCollection } from '../identities.model.ts'
import { keyOf, kindOfKey, valueOfKey } from '../identity.ts'
import type { Doubts } from './doubts.ts'

type Deps = { mongo: Pick<Mongo, 'connection'>; doubts: Pick<Doubts, 'report'> }

/**
 * An alias that comes before anybody is known by its previous id: that is taken for a device, but may turn out to have been a user. Two
 * users are two people until somebody has looked, as if the alias had come last.
 */
export const createAliases = ({ mongo: { connection }, doubts }: Deps) => {
  const identities = identityCollection(connection)

  /** Which of these users an alias named before they were known, and whose the alias made them. */
  const ask = async (users: readonly string[]): Promise<void> => {
    if (users.length === 0) return
    const userOf = new Map(users.map((user) => [keyOf({ kind: 'anonymous_id', value: valueOfKey(user) }), user]))
    const devices = await identities.find({ _id: { $in: [...userOf.keys()] }, alias: true }).toArray()
    if (devices.length === 0) return
    const found = await identities.find({ _id: { $in: [...userOf.values()] } }).toArray()
    const owners = new Map(found.map(({ _id, customerId }) => [_id, customerId]))
    await doubts.report(
      devices.flatMap(({ _id, customerId }) => {
        const user = userOf.get(_id) ?? ''
        const owner = owners.get(user)
        return owner === undefined || owner === customerId ? [] : [{ customerIds: [customerId, owner], keys: [user] }]
      }),
    )
  }

  return {
    /** An alias has named these, and nobody was known by them. */
    async noted(keys: readonly string[]): Promise<void> {
      const users = keys.filter((key) => kindOfKey(key) === 'user_id')
      const devices = users.map((user) => keyOf({ kind: 'anonymous_id', value: valueOfKey(user) }))
      if (devices.length === 0) return
      await identities.updateMany({ _id: { $in: devices } }, { $set: { alias: true } })
      // One may have come meanwhile.
      await ask(users)
    },

    /** Customers have given these keys for the first time. */
    given: (owners: ReadonlyMap<string, string>): Promise<void> =>
      ask([...owners.keys()].filter((key) => kindOfKey(key) === 'user_id')),
  }
}

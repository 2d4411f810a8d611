import type { Mongo } from '../../platform/mongo.ts'
import { indexOf } from '../../platform/vault.ts'
import { customerCollection, type ContactFollow } from '../customers.model.ts'
import { identityCollection } from '../identities.model.ts'
import { indexOfValue, keyOf, kindOfKey, markOfIndex, normalPhone, valueOfKey } from '../identity.ts'
import type { Doubts } from './doubts.ts'
import type { Doubt } from './plan.ts'

const doubtOf = (a: string, b: string, key: string): Doubt => ({ customerIds: [a, b], keys: [key] })

const keyOfNoted = (mobile: string): string[] => {
  const index = indexOf(mobile)
  const value = index === null ? normalPhone(mobile) : `${markOfIndex}${index}`
  return value === null ? [] : [keyOf({ kind: 'phone', value })]
}

export type NotedPhones = ReturnType<typeof createNotedPhones>

/**
 * A phone that a rep notes of one customer and another customer has given themselves: the rep may have mistyped it, or noted a relative's,
 * so it makes nobody one, and somebody is asked. Looked up by key and by index, when a phone is noted and when one is given first.
 */
export const createNotedPhones = ({
  mongo: { connection },
  doubts,
}: {
  mongo: Pick<Mongo, 'connection'>
  doubts: Pick<Doubts, 'report'>
}) => {
  const identities = identityCollection(connection)
  const customers = customerCollection(connection)

  return {
    /** Reps have these noted of customers now. */
    async noted(
      list: readonly { readonly customerId: string; readonly follows: readonly ContactFollow[] }[],
    ): Promise<void> {
      const notes = list.flatMap(({ customerId, follows }) =>
        follows.flatMap(({ mobiles }) => mobiles.flatMap(keyOfNoted)).map((key) => ({ customerId, key })),
      )
      if (notes.length === 0) return
      const keys = [...new Set(notes.map(({ key }) => key))]
      const found = await identities.find({ _id: { $in: keys } }).toArray()
      const owners = new Map(found.map(({ _id, customerId }) => [_id, customerId]))
      await doubts.report(
        notes.flatMap(({ customerId, key }) => {
          const owner = owners.get(key)
          return owner === undefined || owner === customerId ? [] : [doubtOf(customerId, owner, key)]
        }),
      )
    },

    /** Customers have given these keys for the first time. */
    async given(owners: ReadonlyMap<string, string>): Promise<void> {
      const phones = new Map(
        [...owners].flatMap(([key, owner]) =>
          kindOfKey(key) === 'phone' ? [[indexOfValue(valueOfKey(key)), { key, owner }] as const] : [],
        ),
      )
      if (phones.size === 0) return
      const found = await customers
        .find({ phones: { $in: [...phones.keys()] } }, { projection: { phones: 1 } })
        .toArray()
      await doubts.report(
        found.flatMap(({ _id, phones: own }) =>
          own.flatMap((phone) => {
            const said = phones.get(phone)
            return said === undefined || said.owner === _id ? [] : [doubtOf(_id, said.owner, said.key)]
          }),
        ),
      )
    },
  }
}

import type { Mongo } from './mongo.ts'

type Owned = { _id: string; customerId: string | null; of?: string }

/**
 * The records of a collection that carry `customerId`, as customers become one and part: `of` marks whose a record was. Both may be
 * repeated. The collection needs an index that begins with `customerId`.
 */
export const ownedIn = ({ connection }: Pick<Mongo, 'connection'>, name: string) => {
  const records = connection.collection<Owned>(name)
  return {
    async handOn({ from, to }: { readonly from: string; readonly to: string }): Promise<void> {
      await records.updateMany({ customerId: from, of: { $exists: false } }, { $set: { customerId: to, of: from } })
      await records.updateMany({ customerId: from }, { $set: { customerId: to } })
    },
    async giveBack({
      whole,
      to,
      parts,
    }: {
      readonly whole: string
      readonly to: string
      readonly parts: readonly string[]
    }): Promise<void> {
      await records.updateMany({ customerId: whole, of: to }, { $set: { customerId: to }, $unset: { of: 1 } })
      await records.updateMany({ customerId: whole, of: { $in: [...parts] } }, { $set: { customerId: to } })
    },
  }
}

import type { ClientSession } from 'mongoose'
import type { Fact } from '@zhiyin/shared/fact'
import type { Mongo } from '../platform/mongo.ts'
import { factCollection } from './facts.model.ts'
import { factOf } from './read.ts'

/** Customers who part: the facts of `whole` that came through one of `parts` go to `to`, those of WeCom's too where it is `to` whom WeCom knows. */
type Parting = {
  readonly whole: string
  readonly to: string
  readonly parts: readonly string[]
  readonly wecom: boolean
}

/** Whose facts are: as customers become one, and part again. What a fact says and when is never touched. */
export const createFactOwners = ({ connection }: Pick<Mongo, 'connection'>) => {
  const facts = factCollection(connection)

  return {
    /** One page of a customer's facts for somebody else, marked with whose they were; answers them as they are now. None are left when it answers none. */
    async handOn(from: string, to: string, limit: number, session: ClientSession): Promise<Fact[]> {
      const docs = await facts.find({ customerId: from }, { limit, session }).toArray()
      const _id = { $in: docs.map((doc) => doc._id) }
      if (docs.length === 0) return []
      await facts.updateMany({ _id, of: { $exists: false } }, { $set: { customerId: to, of: from } }, { session })
      await facts.updateMany({ _id, customerId: from }, { $set: { customerId: to } }, { session })
      return docs.map((doc) => factOf({ ...doc, customerId: to, of: doc.of ?? from }))
    },

    /** One page of what goes back to whom it came through; answers how many. */
    async giveBack({ whole, to, parts, wecom }: Parting, limit: number, session: ClientSession): Promise<number> {
      const through = { of: { $in: [...parts] } }
      const theirs = wecom ? { $or: [through, { of: { $exists: false }, source: 'wecom' as const }] } : through
      const docs = await facts
        .find({ customerId: whole, ...theirs }, { projection: { _id: 1 }, limit, session })
        .toArray()
      const _id = { $in: docs.map((doc) => doc._id) }
      if (docs.length === 0) return 0
      await facts.updateMany({ _id, of: to }, { $set: { customerId: to }, $unset: { of: 1 } }, { session })
      await facts.updateMany({ _id, customerId: whole }, { $set: { customerId: to } }, { session })
      return docs.length
    },

    /** Facts that came in while their customer became one with another, or parted. `of` null: through the customer themselves. */
    async set(ids: readonly string[], customerId: string, of: string | null, session: ClientSession): Promise<void> {
      const update = of === null ? { $set: { customerId }, $unset: { of: 1 as const } } : { $set: { customerId, of } }
      await facts.updateMany({ _id: { $in: [...ids] } }, update, { session })
    },

    /** All facts of a customer, a page at a time, in no order. */
    async *pages(customerId: string, limit: number, session: ClientSession): AsyncGenerator<Fact[]> {
      let page: Fact[] = []
      for await (const doc of facts.find({ customerId }, { batchSize: limit, session })) {
        page.push(factOf(doc))
        if (page.length < limit) continue
        yield page
        page = []
      }
      yield page
    },
  }
}

import type { Fact } from '@zhiyin/shared/fact'
import type { Mongo } from '../../server/platform/mongo.ts'
import { customerCollection } from '../../server/profile/customers.model.ts'
import { workOut } from '../../server/profile/fold.ts'
import { identityCollection } from '../../server/profile/identities.model.ts'
import { newCustomer } from '../../server/profile/new-customer.ts'
import type { Definitions } from '../../server/profile/types.ts'
import { chanceOf } from '../../sandbox/population/random.ts'

const perInsert = 500
const dayMs = 86_400_000

/** A few months of somebody: added, some pages, now and then an order. */
const pastOf = (customerId: string, index: number, now: Date): Fact[] => {
  const chance = chanceOf('settle', index)
  const ago = (days: number): Date => new Date(now.getTime() - days * dayMs)
  const base = { customerId, seenAt: now }
  const added = 30 + chance.int(0, 300 - 1)
  const first: Fact = {
    ...base,
    id: `added:${index}`,
    type: 'contact.added',
    at: ago(added),
    source: 'wecom',
    payload: { userid: `rep${index % 50}` },
  }
  const looks = Array.from({ length: 3 + chance.int(0, 6 - 1) }, (_each, i): Fact => ({
    ...base,
    id: `look:${index}:${i}`,
    type: 'behavior.tracked',
    at: ago(chance.int(0, added - 1)),
    source: 'ingest',
    payload: { name: 'Page Viewed', properties: { category: '护肤' } },
  }))
  const orders = Array.from({ length: chance.int(0, 4 - 1) }, (_each, i): Fact => ({
    ...base,
    id: `order:${index}:${i}`,
    type: 'order.completed',
    at: ago(chance.int(0, added - 1)),
    source: 'ingest',
    payload: { orderId: `o:${index}:${i}`, amount: 5_000 + chance.int(0, 90_000 - 1), currency: 'CNY', products: [] },
  }))
  return [first, ...looks, ...orders]
}

/** Puts customers with a past straight into the database, each worked out as the product would have. `customer_u7` has the user id `u7`. */
export const settleCustomers = async (
  { connection }: Mongo,
  count: number,
  definitions: Definitions,
): Promise<void> => {
  const customers = customerCollection(connection)
  const identities = identityCollection(connection)
  const now = new Date()
  for (let from = 0; from < count; from += perInsert) {
    const docs = Array.from({ length: Math.min(perInsert, count - from) }, (_each, i) => {
      const _id = `customer_u${from + i}`
      const bare = { ...newCustomer(_id, null, now, definitions), workedOutAt: new Date(now.getTime() - 400 * dayMs) }
      return { ...bare, ...workOut(bare, pastOf(_id, from + i, now), definitions, now).set, rev: 1 }
    })
    await Promise.all([
      customers.insertMany(docs),
      identities.insertMany(
        docs.map((doc) => ({ _id: `user_id:${doc._id.slice('customer_'.length)}`, customerId: doc._id, at: now })),
      ),
    ])
  }
}

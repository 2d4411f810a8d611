import type { Fact } from '@zhiyin/shared/fact'
import type { Mongo } from '../../server/platform/mongo.ts'
import { customerCollection } from '../../server/profile/customers.model.ts'
import { workOut } from '../../server/profile/fold.ts'
import { identityCollection } from '../../server/profile/identities.model.ts'
import { newCustomer } from '../../server/profile/new-customer.ts'
import type { Definitions } from '../../server/profile/types.ts'
import { chanceOf, type Chance } from '../../sandbox/population/random.ts'

const perInsert = 500
const dayMs = 86_400_000
const cities = ['上海', '北京', '广州', '深圳', '杭州', '苏州', '成都', '武汉', '南京', '西安'] as const
const hobbies = ['护肤', '露营', '瑜伽', '烘焙', '跑步', '红酒'] as const
const categories = ['护肤', '彩妆', '香氛', '个护', '礼盒'] as const
const behaviours = ['Page Viewed', 'Product Viewed', 'Product Added', 'Coupon Applied', 'Article Opened'] as const

type Base = Pick<Fact, 'id' | 'customerId' | 'at' | 'seenAt'>

const order = (base: Base, chance: Chance): Fact => ({
  ...base,
  source: 'ingest',
  type: 'order.completed',
  payload: {
    orderId: base.id,
    amount: chance.int(3_000, 90_000),
    currency: 'CNY',
    products: [{ name: `商品 ${chance.int(1, 200)}`, category: chance.pick(categories) }],
  },
})
const behaviour = (base: Base, chance: Chance): Fact => ({
  ...base,
  source: 'ingest',
  type: 'behavior.tracked',
  payload: { name: chance.pick(behaviours), properties: { category: chance.pick(categories) } },
})
const tagged = (base: Base, chance: Chance): Fact => {
  const tag = `t${chance.int(1, 20)}`
  return { ...base, source: 'rep', type: 'tag.added', payload: { tagId: tag, tag, because: [] } }
}
const joined = (base: Base, chance: Chance): Fact => ({
  ...base,
  source: 'wecom',
  type: 'group.joined',
  payload: { chatId: `g${chance.int(1, 50)}` },
})
const replied = (base: Base): Fact => ({
  ...base,
  source: 'wecom',
  type: 'customer.replied',
  payload: { via: 'wecom' },
})
/** Most of those who were asked agreed. */
const consented = (base: Base, chance: Chance): Fact => ({
  ...base,
  source: 'rep',
  type: 'consent.changed',
  payload: { purpose: 'profiling', state: chance.is(0.8) ? 'granted' : 'withdrawn', source: 'customer' },
})
const told = (base: Base, chance: Chance): Fact => ({
  ...base,
  source: 'ingest',
  type: 'profile.identified',
  payload: {
    traits: { city: chance.pick(cities), age: chance.int(18, 60), hobbies: [chance.pick(hobbies)] },
    source: 'ingest',
  },
})

/** Up to a year of somebody: added, traits told, pages looked at, orders of the few who buy often, tags, groups and consents of some. */
const pastOf = (customerId: string, index: number, now: Date): Fact[] => {
  const chance = chanceOf('segment-customers', index)
  const added = chance.int(1, 365)
  // Of every five three have done nothing lately.
  const until = chance.is(0.4) ? 0 : Math.floor(added * chance.next())
  const facts: Fact[] = []
  const put = (make: (base: Base, chance: Chance) => Fact, daysAgo = chance.int(until, added)): void => {
    const at = new Date(now.getTime() - daysAgo * dayMs - chance.int(0, dayMs - 1))
    facts.push(make({ id: `${customerId}:${facts.length}`, customerId, at, seenAt: now }, chance))
  }
  const times = (mean: number): number => Math.floor(chance.gamma(mean, 1))
  const first = (base: Base): Fact => ({
    ...base,
    source: 'wecom',
    type: 'contact.added',
    payload: { userid: `rep${index % 50}`, channelId: `ch${index % 8}` },
  })
  put(first, added)
  put(told, added)
  for (let left = times(4); left > 0; left -= 1) put(behaviour)
  for (let left = times(1.2); left > 0; left -= 1) put(order)
  for (let left = times(1); left > 0; left -= 1) put(replied)
  for (let left = chance.int(0, 3); left > 0; left -= 1) put(tagged)
  if (chance.is(0.3)) put(joined)
  if (chance.is(0.5)) put(consented)
  return facts
}

/**
 * Puts customers straight into the database, each worked out as the product would have, from a seed: the same number is always the same
 * customers. `customer_u7` has the user id `u7`. The next ones are made while the last ones are written; no more than that is in memory.
 */
export const segmentCustomers = async (
  { connection }: Mongo,
  count: number,
  definitions: Definitions,
  now: Date,
): Promise<void> => {
  const customers = customerCollection(connection)
  const identities = identityCollection(connection)
  const made = (index: number) => {
    const _id = `customer_u${index}`
    // Nothing is told of the years before: what counts is where they stand now.
    const bare = { ...newCustomer(_id, `wm${index}`, now, definitions), stageVersion: 1, tierVersion: 1 }
    return { ...bare, ...workOut(bare, pastOf(_id, index, now), definitions, now).set, rev: 1 }
  }
  let writing: Promise<unknown> = Promise.resolve()
  for (let from = 0; from < count; from += perInsert) {
    const docs = Array.from({ length: Math.min(perInsert, count - from) }, (_each, i) => made(from + i))
    await writing
    writing = Promise.all([
      customers.insertMany(docs),
      identities.insertMany(
        docs.map(({ _id }) => ({ _id: `user_id:${_id.slice('customer_'.length)}`, customerId: _id, at: now })),
      ),
    ])
  }
  await writing
}

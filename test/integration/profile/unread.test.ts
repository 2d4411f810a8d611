import * as fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { Fact } from '@zhiyin/shared/fact'
import { withoutUnread } from '../../../server/profile/unread.ts'
import { anyFacts } from '../../support/any-facts.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2027-06-01T00:00:00Z'))
let engine: ReturnType<typeof customerEngine>
let serial = 0

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock)
  await mongo.indexes()
})

const bought = [10, 40, 71, 99].map((day): Fact => ({
  customerId: '',
  id: `bought:${day}`,
  type: 'order.completed',
  at: new Date(Date.UTC(2026, 0, day)),
  seenAt: clock.date(),
  source: 'ingest',
  payload: { orderId: `bought:${day}`, amount: 5_000, currency: 'CNY', products: [] },
}))
/** Also enough orders for a rhythm, among the others. */
const stream = fc
  .tuple(anyFacts, fc.subarray(bought))
  .chain(([some, orders]) => fc.shuffledSubarray([...some, ...orders], { minLength: some.length + orders.length }))

/** What an event leaves unread unless it changes what that follows from. */
const unreadOf = async (id: string): Promise<Record<string, unknown>> => {
  const { updatedAt: _updatedAt, ...doc } = { ...(await engine.read.whole(id)) }
  return Object.fromEntries(Object.entries(doc).filter(([field]) => Object.hasOwn(withoutUnread, field)))
}

it('who is written event by event is looked up by the same as who is worked out of all that happened', async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(stream, fc.integer({ min: 1, max: 5 }), async (facts, size) => {
      const run = `unread-${++serial}`
      const customerId = await engine.profile.ensureCustomer([{ kind: 'user_id', value: run }])
      for (let from = 0; from < facts.length; from += size) {
        const before = await unreadOf(customerId)
        const some = facts.slice(from, from + size)
        await engine.profile.take(some.map((fact) => ({ ...fact, customerId, id: `${run}:${fact.id}` })))
        await engine.drain()
        const after = await unreadOf(customerId)
        for (const field of Object.keys(after))
          if (JSON.stringify(after[field]) !== JSON.stringify(before[field])) seen.add(field)
      }
      const written = await unreadOf(customerId)
      await engine.profile.refold(customerId)
      expect(await unreadOf(customerId)).toEqual(written)
    }),
    { numRuns: 60 },
  )
  // Each of them was another one at some time.
  const still = Object.keys(withoutUnread).filter((field) => !seen.has(field) && field !== 'updatedAt')
  expect(still).toEqual([])
})

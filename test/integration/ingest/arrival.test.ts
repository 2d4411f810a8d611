import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dayOf } from '../../../server/profile/state/interactions.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { writeKey } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'
import { serveIngest } from './room.ts'

const mongo = useMongo()
const now = Date.UTC(2027, 0, 5)
const clock = movableClock(new Date(now))
let engine: ReturnType<typeof customerEngine>
let server: Awaited<ReturnType<typeof serveIngest>>
let serial = 0

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock)
  server = await serveIngest(mongo.get(), engine, clock)
})
afterAll(() => server.close())

type Told = { readonly hoursAgo: number; readonly message: object }
const track = (event: string, properties: object) => ({ type: 'track', event, properties })
const order_id = fc.constantFrom('o1', 'o2', 'o3')
const total = fc.constantFrom(0, 19.9, 500, 1200)
const currency = fc.constantFrom('CNY', 'CNY', 'USD')
const products = fc.subarray([
  { name: '精华', category: '护肤', price: 99 },
  { name: '口红', category: '彩妆', price: 199 },
])
const version = fc.record({ order_id, total, currency, products })
const message: fc.Arbitrary<object> = fc.oneof(
  version.map((properties) => track('Order Completed', properties)),
  version.map((properties) => track('Order Updated', properties)),
  fc.record({ order_id }).map((properties) => track('Order Cancelled', properties)),
  fc
    .record({ order_id, total, currency, refund_id: fc.constantFrom('r1', 'r2') })
    .map((properties) => track('Order Refunded', properties)),
  fc.record({ order_id }).map((properties) => track('Order Refunded', properties)),
  fc.record({ category: fc.constantFrom('护肤', '彩妆') }).map((properties) => track('Product Viewed', properties)),
  fc.constantFrom('上海', '杭州').map((city) => ({ type: 'identify', traits: { city } })),
  fc.constantFrom('甲公司', '乙公司').map((name) => ({ type: 'group', groupId: name, traits: { name } })),
  fc.constant({ type: 'page', name: '首页' }),
  fc.constant(track('Customer Replied', {})),
)
const life: fc.Arbitrary<Told[]> = fc.array(fc.record({ hoursAgo: fc.integer({ min: 1, max: 24 * 90 }), message }), {
  minLength: 1,
  maxLength: 14,
})

const send = async (batch: object[]) => {
  const response = await fetch(`${server.url}/v1/batch`, { method: 'POST', body: JSON.stringify({ batch, writeKey }) })
  expect(await response.json()).toEqual({ success: true, rejected: [] })
  await engine.drain()
}

/** Everything that is known of somebody but for ids and when we found it out. */
const profileOf = async (userId: string) => {
  const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: userId }])
  const doc = await engine.read.whole(id)
  if (doc === null) throw new Error('no customer')
  const { state, stage, tier, levels, attrs, orders, spend, lastSeenAt, lastOrderAt, lastProduct, nextDueAt } = doc
  return {
    ...{ orders, spend, lastSeenAt, lastOrderAt, lastProduct, nextDueAt, attrs },
    stage: [stage.stage, stage.because],
    tier: tier.tier,
    levels: levels.map(({ scheme, level, because }) => [scheme, level, because]),
    // A refund that names no id of its own is told apart by its message.
    placed: state.orders.map(({ refunds, ...order }) => ({
      ...order,
      refunds: refunds.map(({ id: _id, ...rest }) => rest),
    })),
    traits: state.traits,
    events: state.events.map(({ n, at }) => [n, at]),
    days: state.interactions.map(dayOf),
    topics: state.topics.map(({ topic, marks }) => [topic, marks.length]),
  }
}

it('late, repeated and out-of-order messages end in the profile that ordered ones do', async () => {
  const arrivals = life.chain((told) =>
    fc.record({
      told: fc.constant(told),
      shuffled: fc.shuffledSubarray(
        told.map((_, i) => i),
        { minLength: told.length },
      ),
      again: fc.subarray(told.map((_, i) => i)),
      size: fc.integer({ min: 1, max: 6 }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ told, shuffled, again, size }) => {
      const run = ++serial
      const of = (userId: string) =>
        told.map(({ hoursAgo, message: said }, i) => ({
          ...said,
          userId,
          // Ids in the same order for both, for what is decided by them.
          messageId: `${userId}-${String(i).padStart(3, '0')}`,
          timestamp: new Date(now - hoursAgo * 3_600_000).toISOString(),
        }))
      const [ordered, mixed] = [of(`ordered${run}`), of(`mixed${run}`)]
      await send([...ordered].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1)))
      const sequence = [...shuffled, ...again].flatMap((i) => mixed[i] ?? [])
      for (let from = 0; from < sequence.length; from += size) await send(sequence.slice(from, from + size))
      const same = (profile: object): unknown =>
        JSON.parse(JSON.stringify(profile).replaceAll(`mixed${run}`, '').replaceAll(`ordered${run}`, ''))
      expect(same(await profileOf(`mixed${run}`))).toEqual(same(await profileOf(`ordered${run}`)))
    }),
    { numRuns: 8 },
  )
}, 60_000)

import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import type { NewFact } from '@zhiyin/shared/fact'
import { dayOf } from '../../../server/profile/state/interactions.ts'
import { computedAttributes } from '../../support/computed-attributes.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { writeKey } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'
import { serveIngest } from './room.ts'

const mongo = useMongo()
const now = Date.UTC(2027, 0, 5)
const Consent = z.object({ consent: z.enum(['granted', 'withdrawn']) })
const clock = movableClock(new Date(now))
let engine: ReturnType<typeof customerEngine>
let server: Awaited<ReturnType<typeof serveIngest>>
let serial = 0

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock, {}, async () => ({
    attributes: [...builtInAttributes, ...computedAttributes],
  }))
  server = await serveIngest(mongo.get(), engine, clock)
})
afterAll(() => server.close())

type Told = { readonly hoursAgo: number; readonly message: object; readonly by: By }
/** Who says it: the customer signed in, on a device, or a device nobody has signed in on yet. */
type By = 'user' | 'phone' | 'tablet' | 'user on phone'
const track = (event: string, properties: object) => ({ type: 'track', event, properties })
const order_id = fc.constantFrom('o1', 'o2', 'o3')
const total = fc.constantFrom(0, 19.9, 500, 1200)
/** Without a currency a refund or an update is in that of its order. */
const unit = fc.constantFrom({ currency: 'CNY' }, { currency: 'USD' }, { currency: 'JPY' }, {})
const products = fc.subarray([
  { name: '精华', category: '护肤', price: 99 },
  { name: '口红', category: '彩妆', price: 199, quantity: 2 },
])
const version = fc.record({ order_id, total, unit, products }).map(({ unit: told, ...rest }) => ({ ...rest, ...told }))
const part = fc
  .record({
    order_id,
    total: fc.constantFrom(19.9, 30, undefined),
    unit,
    products,
    refund_id: fc.constantFrom('r1', 'r2'),
  })
  .map(({ unit: told, ...rest }) => ({ ...rest, ...told }))
const message: fc.Arbitrary<object> = fc.oneof(
  version.map((properties) => track('Order Completed', properties)),
  version.map((properties) => track('Order Updated', properties)),
  fc.record({ order_id, products }).map((properties) => track('Order Cancelled', properties)),
  part.map((properties) => track('Order Refunded', properties)),
  fc.record({ order_id }).map((properties) => track('Order Refunded', properties)),
  fc.record({ category: fc.constantFrom('护肤', '彩妆') }).map((properties) => track('Product Viewed', properties)),
  fc.constantFrom('护肤', '彩妆').map((topic) => track('Article Opened', { topic })),
  fc.constantFrom('上海', '杭州').map((city) => ({ type: 'identify', traits: { city } })),
  fc.constantFrom('甲公司', '乙公司').map((name) => ({ type: 'group', groupId: name, traits: { name } })),
  fc.constant({ type: 'page', name: '首页' }),
  fc.constantFrom('好的', '不要再发了').map((text) => track('Customer Replied', { text })),
  fc.constantFrom('granted' as const, 'withdrawn' as const).map((consent) => ({ consent })),
)
const hoursAgo = fc.integer({ min: 1, max: 24 * 90 })
const by = fc.constantFrom<By>('user', 'user', 'user on phone', 'phone', 'tablet')
/** Of the devices one is theirs by an alias, the other by signing in on it; either may be known before or after what was done on it. */
const known: fc.Arbitrary<Told[]> = fc.tuple(hoursAgo, hoursAgo).map(([login, alias]) => [
  { hoursAgo: login, by: 'user on phone', message: { type: 'identify', traits: { level: 'gold' } } },
  { hoursAgo: alias, by: 'user', message: { type: 'alias', previousId: 'tablet' } },
])
const life: fc.Arbitrary<Told[]> = fc
  .tuple(fc.array(fc.record({ hoursAgo, message, by }), { minLength: 1, maxLength: 16 }), known)
  .map(([told, links]) => [...told, ...links])

const whoOf = (said: By, name: string): object => {
  if (said === 'user') return { userId: name }
  return said === 'user on phone' ? { userId: name, anonymousId: `${name}-phone` } : { anonymousId: `${name}-${said}` }
}
type Sent = { readonly id: string; readonly at: string; readonly message: object }
/** What was told of somebody of this name. No two moments are one: what ids decide then is another thing for everybody. */
const sentOf = (told: readonly Told[], name: string): Sent[] =>
  told.map(({ hoursAgo: ago, message: said, by: who }, i) => {
    const id = `${name}-${String(i).padStart(3, '0')}`
    const at = new Date(now - ago * 3_600_000 - i * 1000).toISOString()
    const previous = 'previousId' in said ? { previousId: `${name}-tablet` } : {}
    return { id, at, message: { ...said, ...whoOf(who, name), ...previous, messageId: id, timestamp: at } }
  })

const send = async (list: readonly Sent[], name: string) => {
  const batch = list.map((one) => one.message).filter((one) => 'type' in one)
  const response = await fetch(`${server.url}/v1/batch`, { method: 'POST', body: JSON.stringify({ batch, writeKey }) })
  expect(await response.json()).toEqual({ success: true, rejected: [] })
  const [customerId = ''] = await engine.profile.ensureParts([[{ kind: 'user_id', value: name }]])
  await engine.facts.append(
    list.flatMap(({ id, at, message: said }): NewFact[] => {
      const parsed = Consent.safeParse(said)
      if (!parsed.success) return []
      const payload = { purpose: 'marketing' as const, state: parsed.data.consent, source: 'form' as const }
      return [{ id, customerId, at: new Date(at), source: 'ingest', type: 'consent.changed', payload }]
    }),
  )
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
    consents: state.consents,
    events: state.events.map(({ n, at }) => [n, at]),
    days: state.interactions.map(dayOf),
    topics: state.topics.map(({ topic, marks }) => [topic, marks.length]),
  }
}

/**
 * Links that contradict each other are left out: of two accounts that claim one phone, or an alias of another account, the first come are
 * two people until somebody has looked at them in 身份核对 (aliases.test.ts).
 */
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
      const [ordered, mixed] = [`ordered${run}`, `mixed${run}`]
      await send(
        sentOf(told, ordered).sort((a, b) => (a.at < b.at ? -1 : 1)),
        ordered,
      )
      const all = sentOf(told, mixed)
      const sequence = [...shuffled, ...again].flatMap((i) => all[i] ?? [])
      for (let from = 0; from < sequence.length; from += size) await send(sequence.slice(from, from + size), mixed)
      const same = (profile: object): unknown =>
        JSON.parse(JSON.stringify(profile).replaceAll(mixed, '').replaceAll(ordered, ''))
      expect(same(await profileOf(mixed))).toEqual(same(await profileOf(ordered)))
    }),
    { numRuns: 20 },
  )
}, 60_000)

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fact, FactPayload } from '@zhiyin/shared/fact'
import { signalsOf } from '../signals.ts'
import { applyFacts } from './apply.ts'
import { emptyState } from './state.ts'

const start = Date.UTC(2026, 0, 1)
const at = (hour: number) => new Date(start + hour * 3_600_000)
const head = { customerId: 'cus_1', seenAt: at(0), source: 'ingest' } as const

type Version = FactPayload<'order.updated'>
const of = (orderId: string, amount: number, currency = 'CNY'): Version => ({ orderId, amount, currency, products: [] })
const completed = (id: string, hour: number, payload: Version): Fact => ({
  ...head,
  id,
  at: at(hour),
  type: 'order.completed',
  payload,
})
const updated = (id: string, hour: number, payload: Version): Fact => ({
  ...head,
  id,
  at: at(hour),
  type: 'order.updated',
  payload,
})
const cancelled = (id: string, hour: number, orderId: string): Fact => ({
  ...head,
  id,
  at: at(hour),
  type: 'order.cancelled',
  payload: { orderId },
})
const refunded = (id: string, hour: number, payload: FactPayload<'order.refunded'>): Fact => ({
  ...head,
  id,
  at: at(hour),
  type: 'order.refunded',
  payload,
})
const seen = (...facts: Fact[]) => signalsOf(applyFacts(emptyState, facts, []))

const orderId = fc.constantFrom('o1', 'o2', 'o3')
const amount = fc.constantFrom(0, 1000, 5000, 5001)
const currency = fc.constantFrom('CNY', 'CNY', 'USD', 'JPY')
/** Told with its currency, or without: then `currency` is the company's. */
const unit = fc.oneof(
  currency.map((told) => ({ currency: told })),
  fc.constant({ currency: 'CNY', ofOrder: true }),
)
const hour = fc.integer({ min: 0, max: 6 })
const products = fc.array(
  fc.record({ name: fc.constantFrom('p1', 'p2'), category: fc.constantFrom('c1', 'c2'), brand: fc.constant('b') }),
  { maxLength: 2 },
)
const version = fc.record({ orderId, amount, currency, products })
const told: fc.Arbitrary<Fact> = fc.tuple(fc.nat(), hour).chain(([n, h]) =>
  fc.oneof(
    version.map((payload) => completed(`f${n}`, h, payload)),
    fc.tuple(version, unit).map(([payload, told]) => updated(`f${n}`, h, { ...payload, ...told })),
    orderId.map((id) => cancelled(`f${n}`, h, id)),
    fc
      .record({ orderId, amount, unit, refundId: fc.constantFrom('r1', 'r2'), full: fc.boolean() })
      .map(({ unit: told, ...payload }) => refunded(`f${n}`, h, { ...payload, ...told })),
  ),
)
const lives = fc.uniqueArray(told, { selector: ({ id }) => id, maxLength: 25 })

describe('orders', () => {
  it('end alike for any order of arrival, any repetition and any number of folds', () => {
    const arrivals = lives.chain((life) =>
      fc.record({
        life: fc.constant(life),
        shuffled: fc.shuffledSubarray(life, { minLength: life.length }),
        again: fc.subarray(life),
        cuts: fc.array(fc.nat(30), { maxLength: 4 }),
      }),
    )
    fc.assert(
      fc.property(arrivals, ({ life, shuffled, again, cuts }) => {
        const ordered = applyFacts(
          emptyState,
          [...life].sort((a, b) => a.at.getTime() - b.at.getTime()),
          [],
        )
        const all = [...again, ...shuffled, ...again]
        const ends = [...new Set([...cuts, all.length])].sort((a, b) => a - b)
        let state = emptyState
        let from = 0
        for (const end of ends) {
          state = applyFacts(state, all.slice(from, end), [])
          from = Math.max(from, end)
        }
        expect(state).toEqual(ordered)
        expect(signalsOf(state)).toEqual(signalsOf(ordered))
      }),
      { numRuns: 500 },
    )
  })

  it('are what their last update says, at the time they were placed', () => {
    const order = completed('a', 1, { ...of('o1', 10_000), products: [{ category: '护肤', name: '精华' }] })
    const change = updated('b', 3, { ...of('o1', 8_000), products: [{ category: '彩妆', name: '口红' }] })
    const early = updated('c', 2, of('o1', 9_000))
    const now = { at: at(1), net: 8_000, categories: ['彩妆'], product: '口红' }
    expect(seen(order, change, early).orders).toEqual([now])
    expect(seen(change, early, order).orders).toEqual([now])
    // An update alone is no purchase: shops send it for orders nobody has paid.
    expect(seen(change, early).orders).toEqual([])
    // An order placed again after its update is a new word on it.
    expect(seen(change, completed('d', 5, of('o1', 7_000))).spend).toBe(7_000)
  })

  it('are gone once cancelled, also when that is known first or seems to be earlier', () => {
    const order = completed('a', 2, of('o1', 10_000))
    for (const h of [1, 3]) {
      expect(seen(cancelled('b', h, 'o1'), order, updated('c', 4, of('o1', 9_000)))).toMatchObject({
        spend: 0,
        orders: [],
      })
      expect(seen(order, cancelled('b', h, 'o1')).firstOrderAt).toBeNull()
    }
    expect(seen(order, cancelled('b', 3, 'o2')).spend).toBe(10_000)
  })

  it('lose what was refunded, also when they are updated after that', () => {
    const order = completed('a', 1, of('o1', 10_000))
    const part = refunded('b', 2, { orderId: 'o1', refundId: 'r1', amount: 3_000, currency: 'CNY' })
    const change = updated('c', 3, of('o1', 9_000))
    expect(seen(change, part, order).spend).toBe(6_000)
    const full = refunded('d', 4, { orderId: 'o1', amount: 0, currency: 'CNY', full: true })
    expect(seen(full, change, part, order).orders).toEqual([])
  })

  it('of several currencies are not added up', () => {
    const s = seen(
      completed('a', 1, of('o1', 10_000)),
      completed('b', 2, of('o2', 500, 'JPY')),
      completed('c', 3, of('o3', 2_000, 'USD')),
      refunded('d', 4, { orderId: 'o3', amount: 500, currency: 'USD' }),
      // Nobody knows what this is of an order in dollars.
      refunded('e', 5, { orderId: 'o3', amount: 100, currency: 'CNY' }),
    )
    expect(s.spend).toBe(10_000)
    expect(s.orders.map(({ net, foreign }) => [net, foreign])).toEqual([
      [10_000, undefined],
      [0, { currency: 'JPY', net: 500 }],
      [0, { currency: 'USD', net: 1_500 }],
    ])
  })

  it('have one currency: what is told of them later without one is in theirs, whatever comes first', () => {
    const without = { currency: 'CNY', ofOrder: true }
    const dollars = completed('a', 1, of('o1', 10_000, 'USD'))
    const changed = updated('b', 2, { ...of('o1', 8_000), ...without })
    const part = refunded('c', 3, { orderId: 'o1', refundId: 'r1', amount: 3_000, ...without })
    for (const life of [
      [dollars, changed, part],
      [part, changed, dollars],
      [changed, dollars, part],
    ])
      expect(seen(...life)).toMatchObject({ spend: 0, orders: [{ foreign: { currency: 'USD', net: 5_000 } }] })
    expect(seen(part, completed('d', 1, of('o1', 10_000))).spend).toBe(7_000)
    // Hundredths where the currency has none, and thousandths where it has them: 30.00 is 30 yen and 30.000 dinars.
    expect(seen(part, completed('e', 1, of('o1', 100, 'JPY'))).orders).toMatchObject([{ foreign: { net: 70 } }])
    expect(seen(part, completed('f', 1, of('o1', 100_000, 'KWD'))).orders).toMatchObject([{ foreign: { net: 70_000 } }])
  })
})

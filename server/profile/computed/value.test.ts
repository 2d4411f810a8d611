import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostKept, type Attribute, type Computation } from '@zhiyin/shared/attribute'
import type { Fact } from '@zhiyin/shared/fact'
import { computedAttributes } from '../../../test/support/computed-attributes.ts'
import { applyFacts } from '../state/apply.ts'
import { emptyState } from '../state/state.ts'
import { sourceOf } from './events.ts'
import { computedAt, nextChangeOf } from './value.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const base = { customerId: 'cus_1', seenAt: new Date(start), source: 'ingest' } as const
const categories = ['护肤', '彩妆', '香水'] as const
const brands = ['初雪', '晨露'] as const

/** Times that meet: the limits of windows are hit exactly, several events share a moment. */
const at = fc
  .tuple(fc.integer({ min: 0, max: 120 }), fc.constantFrom(0, 0, 1, 3_600_000))
  .map(([days, off]) => new Date(start + days * day + off))

const orderId = fc.constantFrom('o1', 'o2', 'o3', 'o4', 'o5', 'o6')
const currency = fc.constantFrom('CNY', 'CNY', 'CNY', 'USD')
const product = fc
  .record({
    name: fc.constantFrom('精华', '面霜', '唇釉'),
    category: fc.constantFrom(...categories),
    brand: fc.option(fc.constantFrom(...brands), { nil: undefined }),
    quantity: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  })
  .map(({ brand, quantity, ...rest }) => ({
    ...rest,
    ...(brand === undefined ? {} : { brand }),
    ...(quantity === undefined ? {} : { quantity }),
  }))
const order = fc.record({
  orderId,
  amount: fc.integer({ min: 0, max: 90_000 }),
  currency,
  products: fc.array(product, { maxLength: 3 }),
})

type Told = (head: { at: Date }) => Fact
const told = fc.oneof<fc.Arbitrary<Told>[]>(
  order.map((payload) => (head) => ({ ...base, ...head, id: `p${payload.orderId}`, type: 'order.completed', payload })),
  order.map((payload) => (head) => ({ ...base, ...head, id: `u${payload.orderId}`, type: 'order.updated', payload })),
  orderId.map((id) => (head) => ({
    ...base,
    ...head,
    id: `c${id}`,
    type: 'order.cancelled',
    payload: { orderId: id },
  })),
  fc
    .record({
      orderId,
      refundId: fc.constantFrom('r1', 'r2', 'r3'),
      amount: fc.integer({ min: 1, max: 50_000 }),
      unit: fc.oneof(
        currency.map((one) => ({ currency: one })),
        fc.constant({ currency: 'CNY', ofOrder: true }),
      ),
      full: fc.constantFrom(false, false, true),
      products: fc.option(fc.array(product, { maxLength: 2 }), { nil: undefined }),
    })
    .map(({ full, unit, products, ...rest }) => ({
      full,
      refund: { ...rest, ...unit, ...(products === undefined ? {} : { products }) },
    }))
    .map(({ full, refund }) => (head) => ({
      ...base,
      ...head,
      id: `r${refund.orderId}${refund.refundId}`,
      type: 'order.refunded',
      payload: full ? { ...refund, amount: 0, full } : refund,
    })),
  fc
    .record({
      name: fc.constantFrom('Article Opened', 'Page Viewed'),
      topic: fc.constantFrom(...categories, undefined),
      n: fc.integer({ min: 0, max: 5 }),
    })
    .map(({ name, topic, n }) => (head) => ({
      ...base,
      ...head,
      id: `b${n}`,
      type: 'behavior.tracked',
      payload: { name, properties: topic === undefined ? {} : { topic } },
    })),
)
/** Of one thing nothing is told twice at one moment; at others it is. */
const facts = fc.uniqueArray(
  fc.tuple(told, at).map(([make, when]): Fact => {
    const fact = make({ at: when })
    return { ...fact, id: `${fact.id}:${when.getTime()}` }
  }),
  { selector: ({ id }) => id, maxLength: 40 },
)

type Of = Computation['of']
type One = { at: number; properties: Readonly<Record<string, unknown>> }
type Order = Extract<Fact, { type: 'order.completed' | 'order.updated' }>

const isOrder = (fact: Fact): fact is Order => fact.type === 'order.completed' || fact.type === 'order.updated'
const newestOf = <F extends Fact>(list: readonly F[]): F | undefined =>
  list.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0]
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** Plainly: everything that was told of one order, looked at together. */
const lifeOf = (list: readonly Fact[], id: string) => {
  const orders = list.filter(isOrder).filter(({ payload }) => payload.orderId === id)
  const placed = newestOf(orders.filter(({ type }) => type === 'order.completed'))
  const updated = newestOf(orders.filter(({ type }) => type === 'order.updated'))
  const stands = placed !== undefined && updated !== undefined && updated.at >= placed.at ? updated : placed
  const refunds = list.flatMap((fact) => (fact.type === 'order.refunded' && fact.payload.orderId === id ? [fact] : []))
  const lastOfEach = [...new Set(refunds.map(({ payload }) => payload.refundId))].sort().flatMap((refundId) => {
    const last = newestOf(refunds.filter(({ payload }) => payload.refundId === refundId))
    if (last === undefined) return []
    // Without a currency of its own it is in the order's.
    const unit = last.payload.ofOrder === true ? (stands?.payload.currency ?? 'CNY') : last.payload.currency
    return [{ ...last, payload: { ...last.payload, currency: unit } }]
  })
  const cancelled = list
    .filter((fact) => fact.type === 'order.cancelled' && fact.payload.orderId === id)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())[0]
  const kinds = [...new Set(stands?.payload.products.flatMap(({ category }) => category ?? []))].sort()
  return { placed, stands, refunds: lastOfEach, cancelled, category: kinds.length === 0 ? undefined : kinds }
}

const orderOf = (list: readonly Fact[], id: string): One[] => {
  const { placed, stands, refunds, cancelled, category } = lifeOf(list, id)
  if (placed === undefined || stands === undefined || cancelled !== undefined) return []
  const { amount, currency: paid, products } = stands.payload
  const counted = refunds.filter(({ payload }) => payload.full === true || payload.currency === paid)
  const isWhole = counted.some(({ payload }) => payload.full === true)
  const left = isWhole ? 0 : Math.max(0, amount - sum(counted.map(({ payload }) => payload.amount)))
  if (left === 0 && (amount > 0 || isWhole)) return []
  const listed = (names: string[]) => (names.length === 0 ? undefined : names)
  return [
    {
      at: placed.at.getTime(),
      properties: {
        amount: paid === 'CNY' ? left : undefined,
        category,
        name: listed(products.flatMap(({ name }) => name ?? [])),
        brand: listed(products.flatMap(({ brand }) => brand ?? [])),
        quantity: sum(products.map(({ quantity }) => quantity ?? 1)),
      },
    },
  ]
}
const refundsOf = (list: readonly Fact[], id: string): One[] => {
  const { stands, refunds, category } = lifeOf(list, id)
  const parts = refunds.filter(({ payload }) => payload.full !== true)
  const left = Math.max(0, (stands?.payload.amount ?? 0) - sum(parts.map(({ payload }) => payload.amount)))
  const whole = refunds
    .filter(({ payload }) => payload.full === true)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())[0]
  return refunds.map((one) => {
    const amount = one.payload.full === true ? (one === whole ? left : 0) : one.payload.amount
    const named = [...new Set((one.payload.products ?? []).flatMap((each) => each.category))].sort()
    return {
      at: one.at.getTime(),
      properties: {
        amount: one.payload.currency === 'CNY' ? amount : undefined,
        category: named.length === 0 ? category : named,
      },
    }
  })
}
const cancelledOf = (list: readonly Fact[], id: string): One[] => {
  const { cancelled, category } = lifeOf(list, id)
  return cancelled === undefined ? [] : [{ at: cancelled.at.getTime(), properties: { category } }]
}

/** Plainly: everything there was of a kind, looked at one by one. */
const naive = (list: readonly Fact[], of: Of): One[] => {
  const ids = [...new Set(list.flatMap((fact) => ('orderId' in fact.payload ? [fact.payload.orderId] : [])))]
  const all = ((): One[] => {
    if (of.event === 'order.completed') return ids.flatMap((id) => orderOf(list, id))
    if (of.event === 'order.refunded') return ids.flatMap((id) => refundsOf(list, id))
    if (of.event === 'order.cancelled') return ids.flatMap((id) => cancelledOf(list, id))
    return list.flatMap((fact) =>
      fact.type === 'behavior.tracked' && (of.name === undefined || fact.payload.name === of.name)
        ? [{ at: fact.at.getTime(), properties: fact.payload.properties }]
        : [],
    )
  })()
  return all.filter(({ properties }) =>
    of.where.every(({ property, is }) =>
      [properties[property]].flat().some((one) => is.some((wanted) => wanted === one)),
    ),
  )
}

const within = (ones: readonly One[], days: number | null, now: Date): One[] =>
  ones.filter((one) => days === null || one.at > now.getTime() - days * day)
const four = (n: number): number => Math.round(n * 10_000) / 10_000

const plainly = (list: readonly Fact[], computation: Computation, now: Date): unknown => {
  const days = 'windowDays' in computation ? computation.windowDays : null
  const ones = within(naive(list, computation.of), days, now)
  const said = (property: string): unknown[] => ones.flatMap(({ properties }) => properties[property] ?? [])
  switch (computation.type) {
    case 'count':
      return ones.length
    case 'sum':
      return sum(said(computation.property).map(Number))
    case 'average': {
      const numbers = said(computation.property).map(Number)
      return numbers.length === 0 ? null : four(sum(numbers) / numbers.length)
    }
    case 'top': {
      const names = said(computation.property).map(String)
      const count = (name: string): number => names.filter((one) => one === name).length
      const ranked = [...new Set(names)].sort((a, b) => count(b) - count(a) || (a < b ? -1 : 1))
      return ranked.length === 0 ? null : ranked.slice(0, computation.most)
    }
    case 'unique':
      return new Set(said(computation.property).map(String)).size
    case 'ratio':
      return ones.length === 0 ? null : four(within(naive(list, computation.to), days, now).length / ones.length)
    default:
      throw new Error(`${computation.type} has a test of its own`)
  }
}

const isPlain = ({ computation }: Attribute): boolean =>
  computation !== null && !['first', 'last', 'median_gap'].includes(computation.type)
const computationOf = ({ computation }: Attribute): Computation => {
  if (computation === null) throw new Error('a computed attribute')
  return computation
}

describe.each(
  computedAttributes.filter(isPlain).map((attribute) => [attribute.key, computationOf(attribute)] as const),
)('%s', (_key, computation) => {
  it('is at every moment what looking at all facts gives, whatever the order, repetition and split', () => {
    fc.assert(
      fc.property(facts, fc.func(fc.integer()), at, (list, shuffle, now) => {
        const twice = [...list, ...list].toSorted((a, b) => shuffle(a.id) - shuffle(b.id))
        const state = twice.reduce((held, one) => applyFacts(held, [one], computedAttributes), emptyState)
        expect(state.computed).toEqual(applyFacts(emptyState, list, computedAttributes).computed)
        const found = computedAt(computation, sourceOf(state), now)
        expect(found?.value ?? null).toEqual(plainly(list, computation, now))
        expect(found?.reach.newest ?? null).toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  it('changes by time at the moments told, and at no other', () => {
    fc.assert(
      fc.property(facts, (list) => {
        const source = sourceOf(applyFacts(emptyState, list, computedAttributes))
        const moments: number[] = []
        for (let from: Date | null = new Date(start - day); from !== null;) {
          from = nextChangeOf(computation, source, from)
          if (from !== null) moments.push(from.getTime())
        }
        const days = 'windowDays' in computation ? computation.windowDays : null
        const edges = days === null ? [] : list.map((one) => one.at.getTime() + days * day)
        const value = (ms: number) => JSON.stringify(plainly(list, computation, new Date(ms)))
        const changes = [...new Set(edges)].filter((ms) => value(ms) !== value(ms - 1)).sort((a, b) => a - b)
        expect(moments).toEqual(changes)
      }),
      { numRuns: 60 },
    )
  })
})

const of = (key: string): Computation => {
  const attribute = computedAttributes.find((one) => one.key === key)
  if (attribute === undefined) throw new Error(`no attribute ${key}`)
  return computationOf(attribute)
}
const bought = (n: number, days: number, amount: number, paid = 'CNY'): Fact => ({
  ...base,
  id: `f${n}`,
  at: new Date(start + days * day),
  type: 'order.completed',
  payload: { orderId: `o${n}`, amount, currency: paid, products: [] },
})
const opened = (n: number, days: number): Fact => ({
  ...base,
  id: `b${n}`,
  at: new Date(start + days * day),
  type: 'behavior.tracked',
  payload: { name: 'Article Opened', properties: { topic: `t${n}` } },
})
const later = new Date(start + 400 * day)
const valueIn = (key: string, list: readonly Fact[], now = later) =>
  computedAt(of(key), sourceOf(applyFacts(emptyState, list, computedAttributes)), now)

describe('first, last and the gap between', () => {
  it('are the oldest and the newest event, whatever comes first', () => {
    const list = [bought(1, 40, 900), bought(2, 10, 100), bought(3, 30, 300)]
    expect(valueIn('first_amount', list)?.value).toBe(100)
    expect(valueIn('last_order', list)).toMatchObject({
      value: new Date(start + 40 * day),
      at: new Date(start + 40 * day),
    })
    expect(valueIn('rhythm', list)?.value).toBe(15)
    expect(valueIn('last_topic', list)).toBeNull()
    expect(valueIn('last_topic', [opened(2, 5), opened(1, 3)])?.value).toBe('t2')
  })
})

describe('how far it is exact', () => {
  it('knows every order, however many', () => {
    const list = Array.from({ length: mostKept + 50 }, (_, n) => bought(n, n / 10, 100))
    expect(valueIn('orders_ever', list)).toMatchObject({ value: mostKept + 50, reach: { newest: null } })
    expect(valueIn('units_ever', list)?.value).toBe(0)
  })

  it('of events knows the newest, whatever comes first, and says so where the window reaches back further', () => {
    const list = Array.from({ length: mostKept + 50 }, (_, n) => opened(n, n / 10))
    const backwards = list.toReversed().reduce((held, one) => applyFacts(held, [one], computedAttributes), emptyState)
    expect(backwards.computed).toEqual(applyFacts(emptyState, list, computedAttributes).computed)
    expect(Math.max(...backwards.computed.map((kept) => kept.at.length))).toBe(mostKept)
    expect(valueIn('reads_ever', list)).toMatchObject({ value: mostKept, reach: { newest: mostKept } })
    expect(valueIn('reads_ever', list.slice(50))).toMatchObject({ value: mostKept, reach: { newest: null } })
    const now = new Date(start + 55 * day)
    expect(valueIn('reads_30d', list, now)).toMatchObject({ value: 299, reach: { newest: null } })
    expect(valueIn('first_topic', list)).toMatchObject({ value: 't0', reach: { newest: null } })
  })

  it('leaves other currencies out of amounts and says how many orders that were', () => {
    const list = [bought(1, 40, 900), bought(2, 10, 100, 'USD'), bought(3, 30, 300)]
    expect(valueIn('spend_ever', list)).toMatchObject({ value: 1_200, reach: { foreign: 1 } })
    expect(valueIn('orders_ever', list)).toMatchObject({ value: 3, reach: { foreign: 0 } })
  })

  it('what nobody asks for any more is dropped with the next fact', () => {
    const kept = applyFacts(emptyState, [opened(1, 1)], computedAttributes)
    expect(kept.computed.length).toBeGreaterThan(3)
    const asking = computedAttributes.filter(({ key }) => key === 'reads_ever')
    expect(applyFacts(kept, [opened(2, 2)], asking).computed).toHaveLength(1)
  })
})

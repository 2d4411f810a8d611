import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attribute, Computation } from '@zhiyin/shared/attribute'
import type { Fact } from '@zhiyin/shared/fact'
import { computedAttributes } from '../../../test/support/computed-attributes.ts'
import { applyFacts } from '../state/apply.ts'
import { emptyState, type CustomerState } from '../state/state.ts'
import { mostKept } from './asked.ts'
import { computedAt, nextChangeOf } from './value.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const base = { customerId: 'cus_1', seenAt: new Date(start), source: 'ingest' } as const
const categories = ['护肤', '彩妆', '香水'] as const

/** Times that meet: the limits of windows are hit exactly, several events share a moment. */
const at = fc
  .tuple(fc.integer({ min: 0, max: 120 }), fc.constantFrom(0, 0, 1, 3_600_000))
  .map(([days, off]) => new Date(start + days * day + off))

const fact = fc.tuple(fc.integer({ min: 0, max: 10_000 }), at).chain(([n, when]): fc.Arbitrary<Fact> => {
  const head = { ...base, id: `fact${n}`, at: when }
  return fc.oneof(
    fc
      .record({
        orderId: fc.constantFrom('o1', 'o2', 'o3', 'o4', `o:${n}`),
        amount: fc.integer({ min: 0, max: 90_000 }),
        category: fc.constantFrom(...categories),
      })
      .map(({ category, ...order }): Fact => ({
        ...head,
        type: 'order.completed',
        payload: { ...order, currency: 'CNY', products: [{ category }] },
      })),
    fc
      .record({ refundId: fc.constantFrom('r1', 'r2', `r:${n}`), amount: fc.integer({ min: 1, max: 9_000 }) })
      .map((refund): Fact => ({
        ...head,
        type: 'order.refunded',
        payload: { ...refund, orderId: 'o1', currency: 'CNY' },
      })),
    fc
      .record({
        name: fc.constantFrom('Article Opened', 'Page Viewed'),
        topic: fc.constantFrom(...categories, undefined),
      })
      .map(({ name, topic }): Fact => ({
        ...head,
        type: 'behavior.tracked',
        payload: { name, properties: topic === undefined ? {} : { topic } },
      })),
  )
})
const facts = fc.uniqueArray(fact, { selector: ({ id }) => id, maxLength: 40 })

const keptOf = ({ computed }: CustomerState) => new Map(computed.map((kept) => [kept.key, kept]))

type Of = Extract<Computation, { type: 'count' }>['of']
type One = { at: number; id: string; told: Fact; value: unknown }

const categoriesOf = (told: Fact): unknown[] =>
  told.type === 'order.completed' ? told.payload.products.map(({ category }) => category) : []
const propertyOf = (told: Fact, property: string | null): unknown => {
  if (property === 'category') return categoriesOf(told)
  if (told.type === 'behavior.tracked') return property === null ? null : told.payload.properties[property]
  return property === 'amount' && 'amount' in told.payload ? told.payload.amount : null
}
const idOf = (told: Fact): string => {
  if (told.type === 'order.completed') return told.payload.orderId
  return told.type === 'order.refunded' ? (told.payload.refundId ?? told.id) : told.id
}

/** Plainly: all events, looked at one by one. One order or refund is what was told of it last. */
const naive = (list: readonly Fact[], of: Of, property: string | null, asTold = false): One[] => {
  const found = list
    .filter(
      (told) =>
        told.type === of.event &&
        (of.name === undefined || (told.type === 'behavior.tracked' && told.payload.name === of.name)) &&
        of.where.every(({ is }) => categoriesOf(told).some((category) => is.some((one) => one === category))),
    )
    .map((told) => ({
      at: told.at.getTime(),
      id: asTold ? told.id : idOf(told),
      told,
      value: propertyOf(told, property),
    }))
    .filter(({ value }) => property === null || (value !== undefined && value !== null))
  const last = found.filter(
    (one) =>
      !found.some(
        (other) =>
          other.id === one.id &&
          (other.at > one.at || (other.at === one.at && JSON.stringify(other.value) > JSON.stringify(one.value))),
      ),
  )
  const unique = new Map(last.map((one) => [one.id, one]))
  return [...unique.values()]
}

const within = (ones: readonly One[], days: number | null, now: Date): One[] =>
  ones.filter((one) => days === null || one.at > now.getTime() - days * day)

const sum = (ones: readonly One[]): number => ones.reduce((all, { value }) => all + Number(value), 0)
const texts = (ones: readonly One[]): string[] =>
  ones.flatMap(({ value }) => (Array.isArray(value) ? value : [value])).map(String)
const four = (n: number): number => Math.round(n * 10_000) / 10_000

const plainly = (list: readonly Fact[], computation: Computation, now: Date): unknown => {
  switch (computation.type) {
    case 'count':
      return within(naive(list, computation.of, null), computation.windowDays, now).length
    case 'sum':
      return sum(within(naive(list, computation.of, computation.property), computation.windowDays, now))
    case 'average': {
      const ones = within(naive(list, computation.of, computation.property), computation.windowDays, now)
      return ones.length === 0 ? null : four(sum(ones) / ones.length)
    }
    case 'top': {
      const names = texts(within(naive(list, computation.of, computation.property), computation.windowDays, now))
      const count = (name: string): number => names.filter((one) => one === name).length
      const order = [...new Set(names)].sort((a, b) => count(b) - count(a) || (a < b ? -1 : 1))
      return order.length === 0 ? null : order.slice(0, computation.most)
    }
    case 'unique':
      return new Set(texts(within(naive(list, computation.of, computation.property), computation.windowDays, now))).size
    case 'ratio': {
      const of = within(naive(list, computation.of, null), computation.windowDays, now).length
      return of === 0 ? null : four(within(naive(list, computation.to, null), computation.windowDays, now).length / of)
    }
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
  it('is at every moment what looking at all events gives, whatever the order, repetition and split', () => {
    fc.assert(
      fc.property(facts, fc.func(fc.integer()), at, (list, shuffle, now) => {
        const twice = [...list, ...list].toSorted((a, b) => shuffle(a.id) - shuffle(b.id))
        const state = twice.reduce((held, one) => applyFacts(held, [one], computedAttributes), emptyState)
        const kept = keptOf(state)
        expect(kept).toEqual(keptOf(applyFacts(emptyState, list, computedAttributes)))
        expect(computedAt(computation, kept, now)?.value ?? null).toEqual(plainly(list, computation, now))
      }),
      { numRuns: 60 },
    )
  })

  it('changes by time at the moments told, and at no other', () => {
    fc.assert(
      fc.property(facts, (list) => {
        const kept = keptOf(applyFacts(emptyState, list, computedAttributes))
        const told: number[] = []
        for (let from: Date | null = new Date(start - day); from !== null;) {
          from = nextChangeOf(computation, kept, from)
          if (from !== null) told.push(from.getTime())
        }
        const days = 'windowDays' in computation ? computation.windowDays : null
        const edges = days === null ? [] : list.map((one) => one.at.getTime() + days * day)
        const value = (ms: number) => JSON.stringify(plainly(list, computation, new Date(ms)))
        const changes = [...new Set(edges)].filter((ms) => value(ms) !== value(ms - 1)).sort((a, b) => a - b)
        expect(told).toEqual(changes)
      }),
      { numRuns: 60 },
    )
  })
})

describe('first, last and the gap between', () => {
  const of = (key: string): Computation => {
    const attribute = computedAttributes.find((one) => one.key === key)
    if (attribute === undefined) throw new Error(`no attribute ${key}`)
    return computationOf(attribute)
  }
  const order = (n: number, days: number, amount: number): Fact => ({
    ...base,
    id: `f${n}`,
    at: new Date(start + days * day),
    type: 'order.completed',
    payload: { orderId: `o${n}`, amount, currency: 'CNY', products: [] },
  })

  it('are the oldest and the newest event, whatever comes first', () => {
    const list = [order(1, 40, 900), order(2, 10, 100), order(3, 30, 300)]
    const kept = keptOf(applyFacts(emptyState, list, computedAttributes))
    const now = new Date(start + 200 * day)
    expect(computedAt(of('first_amount'), kept, now)?.value).toBe(100)
    expect(computedAt(of('last_order'), kept, now)).toEqual({
      value: new Date(start + 40 * day),
      at: new Date(start + 40 * day),
    })
    expect(computedAt(of('rhythm'), kept, now)?.value).toBe(15)
    expect(computedAt(of('last_topic'), kept, now)).toBeNull()
  })

  it('keeps no more than it says, the newest', () => {
    const list = Array.from({ length: mostKept + 50 }, (_, n) => order(n, n / 10, n))
    const backwards = list.toReversed().reduce((held, one) => applyFacts(held, [one], computedAttributes), emptyState)
    expect(backwards.computed).toEqual(applyFacts(emptyState, list, computedAttributes).computed)
    expect(Math.max(...backwards.computed.map((kept) => kept.at.length))).toBe(mostKept)
    expect(computedAt(of('orders_ever'), keptOf(backwards), new Date(start + 400 * day))?.value).toBe(mostKept)
    expect(computedAt(of('first_amount'), keptOf(backwards), new Date(start + 400 * day))?.value).toBe(0)
  })

  it('what nobody asks for any more is dropped with the next fact', () => {
    const kept = applyFacts(emptyState, [order(1, 1, 100)], computedAttributes)
    expect(kept.computed.length).toBeGreaterThan(3)
    expect(applyFacts(kept, [order(2, 2, 100)], computedAttributes.slice(0, 1)).computed).toHaveLength(1)
  })
})

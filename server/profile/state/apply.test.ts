import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fact } from '@zhiyin/shared/fact'
import { anyFacts as facts } from '../../../test/support/any-facts.ts'
import { computedAttributes as attributes } from '../../../test/support/computed-attributes.ts'
import { lastPair } from '../../conditions/events.ts'
import { applyFacts } from './apply.ts'
import { standing } from './follows.ts'
import { dayOf } from './interactions.ts'
import { emptyState } from './state.ts'
import { signalsOf } from '../signals.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const base = { customerId: 'cus_1', seenAt: new Date(start), source: 'ingest' } as const

describe('applyFacts', () => {
  it('ends in the same state for any order and any repetition, in one call or in many', () => {
    const told = facts.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length }),
        fc.array(fc.constantFrom(...(list.length === 0 ? [null] : list)), { maxLength: 20 }),
      ),
    )
    fc.assert(
      fc.property(told, ([list, shuffled, again]) => {
        const once = applyFacts(emptyState, list, attributes)
        const repeated = [...shuffled, ...again.filter((one) => one !== null), ...shuffled]
        expect(applyFacts(emptyState, repeated, attributes)).toEqual(once)
        const oneByOne = repeated.reduce((state, one) => applyFacts(state, [one], attributes), emptyState)
        expect(oneByOne).toEqual(once)
      }),
      { numRuns: 300 },
    )
  })

  it('of two deletions of one second lets the rep’s stand, whichever came first, and of two seconds the later one', () => {
    const told = (type: 'contact.deleted_by_rep' | 'contact.deleted_by_customer', when: number): Fact => ({
      ...base,
      id: `${type}:${when}`,
      at: new Date(when),
      type,
      payload: { userid: 'lina' },
    })
    const added: Fact = { ...base, id: 'add', at: new Date(start), type: 'contact.added', payload: { userid: 'lina' } }
    const [later, latest] = [start + 5_000, start + 6_000]
    const byBoth = [added, told('contact.deleted_by_customer', later), told('contact.deleted_by_rep', later)]
    const standings = (facts: readonly Fact[]) =>
      [facts, facts.toReversed(), [...facts.slice(1), ...facts.slice(0, 1)]].map((order) =>
        applyFacts(emptyState, order, attributes).follows.map((follow) => standing(follow).state),
      )
    expect(standings(byBoth)).toEqual([['deleted_by_rep'], ['deleted_by_rep'], ['deleted_by_rep']])
    const again = [...byBoth, told('contact.deleted_by_customer', latest)]
    expect(standings(again)).toEqual([['deleted_by_customer'], ['deleted_by_customer'], ['deleted_by_customer']])
  })

  it('counts a refund whether it comes before or after its order', () => {
    const order: Fact = {
      ...base,
      id: 'a',
      at: new Date(start),
      type: 'order.completed',
      payload: { orderId: 'o1', amount: 10_000, currency: 'CNY', products: [] },
    }
    const part: Fact = {
      ...base,
      id: 'b',
      at: new Date(start + day),
      type: 'order.refunded',
      payload: { orderId: 'o1', amount: 4_000, currency: 'CNY' },
    }
    const rest: Fact = { ...part, id: 'c', payload: { ...part.payload, orderId: 'o1', amount: 6_000, currency: 'CNY' } }
    expect(signalsOf(applyFacts(emptyState, [part], attributes)).orders).toEqual([])
    expect(signalsOf(applyFacts(emptyState, [part, order], attributes))).toMatchObject({
      spend: 6_000,
      orders: [{ net: 6_000 }],
    })
    expect(signalsOf(applyFacts(emptyState, [rest, order, part], attributes))).toMatchObject({ spend: 0, orders: [] })
  })

  it('keeps what a shop, a file and a rule say of one trait, also where it was told when they were one source', () => {
    const said = (id: string, source: 'ingest' | 'rule', value: string): Fact => ({
      ...{ ...base, id, source, at: new Date(start), type: 'profile.identified' },
      payload: { traits: { level: value }, source: 'ingest' },
    })
    const before = [
      said('ing:1', 'ingest', '金'),
      said('import:1', 'ingest', '银'),
      said('profile.identified:r', 'rule', '铜'),
    ]
    for (const order of [before, before.toReversed()])
      expect(applyFacts(emptyState, order, attributes).traits).toMatchObject([
        { source: 'import', value: '银' },
        { source: 'ingest', value: '金' },
        { source: 'rule', value: '铜' },
      ])
  })

  it('keeps the newest times of an event and the oldest few, whatever the order they came in', () => {
    const days = Array.from({ length: 90 }, (_, i) => i)
    const opened = (i: number): Fact => ({
      ...base,
      id: `open${i}`,
      at: new Date(start + i * day),
      type: 'link.opened',
      payload: { linkId: 'l', url: 'https://shop.example/' },
    })
    fc.assert(
      fc.property(fc.shuffledSubarray(days, { minLength: 90 }), fc.shuffledSubarray(days), (order, again) => {
        const state = [...order, ...again].reduce((held, i) => applyFacts(held, [opened(i)], attributes), emptyState)
        const [kept] = state.events
        const at = kept?.at.map((time) => (time.getTime() - start) / day)
        expect(at).toEqual([...days.slice(-50).toReversed(), 4, 3, 2, 1, 0])
      }),
      { numRuns: 50 },
    )
  })

  it('knows what followed upon what long after, for the first time it did', () => {
    const did = (name: string, i: number): Fact => ({
      ...base,
      id: `${name}${i}`,
      at: new Date(start + i * day),
      type: 'behavior.tracked',
      payload: { name, properties: {} },
    })
    const views = Array.from({ length: 60 }, (_, i) => did('Product Viewed', 3 + i))
    const { events } = applyFacts(emptyState, [did('Sample Ordered', 1), ...views], attributes)
    const ref = (name: string) => ({ event: 'behavior.tracked' as const, name })
    const pair = { type: 'sequence' as const, first: ref('Sample Ordered'), next: ref('Product Viewed') }
    const now = new Date(start + 100 * day)
    expect(lastPair(events, { ...pair, withinDays: 7, sinceDays: null }, now)).toEqual(new Date(start + day))
    expect(lastPair(events, { ...pair, withinDays: 1, sinceDays: null }, now)).toBeNull()
  })

  it('keeps a busy day’s interactions bounded', () => {
    const busy = Array.from({ length: 500 }, (_, i): Fact => ({
      ...base,
      id: `view${i}`,
      at: new Date(start),
      type: 'behavior.tracked',
      payload: { name: 'Page Viewed', properties: {} },
    }))
    const { interactions } = applyFacts(emptyState, busy, attributes)
    expect(interactions).toHaveLength(50)
    expect(new Set(interactions.map(dayOf))).toEqual(new Set([Math.floor(start / 86_400_000)]))
  })
})

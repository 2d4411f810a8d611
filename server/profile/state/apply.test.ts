import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import { computedAttributes as attributes } from '../../../test/support/computed-attributes.ts'
import { applyFacts } from './apply.ts'
import { standing } from './follows.ts'
import { emptyState } from './state.ts'
import { signalsOf } from '../signals.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const base = { customerId: 'cus_1', seenAt: new Date(start), source: 'ingest' } as const

/** Few values, so that facts meet: the same order twice, a refund before its order, a deletion in the second of the add. */
const at = fc.integer({ min: 0, max: 40 }).map((n) => new Date(start + n * 11 * day))
const id = fc.integer({ min: 0, max: 200 }).map((n) => `fact${n}`)
const userid = fc.constantFrom('lina', 'wang')
const amount = fc.integer({ min: 0, max: 50_000 })
const orderId = fc.constantFrom('o1', 'o2', 'o3')
const because = fc.constantFrom<Because[]>([], [{ code: 'tag.by_wecom', params: {} }])
const tag = fc.record({ tagId: fc.constantFrom('t1', 't2'), tag: fc.constantFrom('新客', '会员'), because })

const fact: fc.Arbitrary<Fact> = fc.tuple(id, at).chain(([factId, when]): fc.Arbitrary<Fact> => {
  const head = { ...base, id: factId, at: when }
  return fc.oneof(
    fc
      .record({ userid, half: fc.boolean(), channelId: fc.constantFrom('c1', 'c2') })
      .map((payload): Fact => ({ ...head, type: 'contact.added' as const, payload })),
    fc.record({ userid }).map((payload): Fact => ({ ...head, type: 'contact.deleted_by_rep' as const, payload })),
    fc.record({ userid, to: fc.constantFrom('lina', 'wang') }).map((pair): Fact => ({
      ...head,
      type: 'contact.deleted_by_rep' as const,
      payload: { ...pair, transfer: true },
    })),
    fc
      .record({ userid, from: fc.constantFrom('lina', 'wang') })
      .map((pair): Fact => ({ ...head, type: 'contact.added' as const, payload: { ...pair, transfer: true } })),
    fc.record({ userid }).map((payload): Fact => ({ ...head, type: 'contact.deleted_by_customer' as const, payload })),
    fc.constant<Fact>({ ...head, type: 'customer.replied', payload: { via: 'ingest' } }),
    fc.record({ orderId, amount }).map((order): Fact => ({
      ...head,
      type: 'order.completed' as const,
      payload: {
        ...order,
        currency: 'CNY',
        products: [{ category: `c${order.amount % 3}`, name: `p${order.amount % 5}` }],
      },
    })),
    fc
      .record({ orderId, amount, refundId: fc.constantFrom('r1', 'r2') })
      .map((refund): Fact => ({ ...head, type: 'order.refunded' as const, payload: { ...refund, currency: 'CNY' } })),
    fc.record({ orderId, amount }).map((order): Fact => ({
      ...head,
      type: 'order.updated' as const,
      payload: { ...order, currency: 'CNY', products: [] },
    })),
    fc.record({ orderId }).map((payload): Fact => ({ ...head, type: 'order.cancelled' as const, payload })),
    fc
      .record({ linkId: fc.constantFrom('l1', 'l2'), url: fc.constant('https://shop.example/') })
      .map((payload): Fact => ({ ...head, type: 'link.opened' as const, payload })),
    fc.record({ topic: fc.constantFrom('护肤', '彩妆') }).map((properties): Fact => ({
      ...head,
      type: 'behavior.tracked' as const,
      payload: { name: 'Article Opened', properties },
    })),
    fc
      .record({ city: fc.constantFrom('上海', '杭州'), marketing_consent: fc.constantFrom('granted', 'withdrawn') })
      .chain((traits) => fc.constantFrom('ingest', 'rep').map((source) => ({ traits, source }) as const))
      .map((payload): Fact => ({ ...head, type: 'profile.identified' as const, payload })),
    fc
      .record({
        purpose: fc.constantFrom('marketing' as const, 'profiling' as const),
        state: fc.constantFrom('granted' as const, 'withdrawn' as const),
        source: fc.constantFrom('rep' as const, 'form' as const),
      })
      .map((payload): Fact => ({ ...head, type: 'consent.changed' as const, payload })),
    tag.map((payload): Fact => ({ ...head, type: 'tag.added' as const, payload })),
    tag.map((payload): Fact => ({ ...head, type: 'tag.removed' as const, payload })),
    fc
      .record({ chatId: fc.constantFrom('g1', 'g2') })
      .map((payload): Fact => ({ ...head, type: 'group.joined' as const, payload })),
    fc
      .record({ chatId: fc.constantFrom('g1', 'g2') })
      .map((payload): Fact => ({ ...head, type: 'group.left' as const, payload })),
    fc
      .record({ listId: fc.constantFrom('l1', 'l2'), list: fc.constant('名单'), by: fc.constant('wang') })
      .chain((payload) =>
        fc.constantFrom('list.joined', 'list.left').map((type): Fact => ({ ...head, type, payload })),
      ),
  )
})

/** A fact's id is its whole identity, so one id has one content. */
const facts = fc.uniqueArray(fact, { selector: (one) => one.id, maxLength: 40 })

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

  it('keeps a busy day’s interactions bounded', () => {
    const busy = Array.from({ length: 500 }, (_, i): Fact => ({
      ...base,
      id: `view${i}`,
      at: new Date(start),
      type: 'behavior.tracked',
      payload: { name: 'Page Viewed', properties: {} },
    }))
    const { interactions } = applyFacts(emptyState, busy, attributes)
    expect(interactions.map(({ marks }) => marks.length)).toEqual([50])
  })
})

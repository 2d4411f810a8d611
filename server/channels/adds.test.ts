import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fact } from '@zhiyin/shared/fact'
import { addsOf, type AddFact } from './adds.ts'

const zone = 'Asia/Shanghai'
const hour = 3_600_000
const began = Date.parse('2026-06-01T02:00:00Z')
const base = (id: string, hours: number): Pick<Fact, 'id' | 'customerId' | 'at' | 'seenAt' | 'source'> => {
  const at = new Date(began + hours * hour)
  return { id, customerId: 'c', at, seenAt: at, source: 'wecom' }
}
const add = (hours: number, more: { channelId?: string; half?: boolean; transfer?: boolean } = {}): AddFact => ({
  ...base(`add ${hours} ${more.half ?? false}`, hours),
  type: 'contact.added',
  payload: { userid: 'lina', ...more },
})
const gone = (hours: number): AddFact => ({
  ...base(`gone ${hours}`, hours),
  type: 'contact.deleted_by_customer',
  payload: { userid: 'lina' },
})
const dropped = (hours: number, transfer?: boolean): AddFact => ({
  ...base(`dropped ${hours}`, hours),
  type: 'contact.deleted_by_rep',
  payload: { userid: 'lina', ...(transfer === undefined ? {} : { transfer }) },
})
const order = (hours: number): AddFact => ({
  ...base(`order ${hours}`, hours),
  type: 'order.completed',
  payload: { orderId: String(hours), amount: 100, currency: 'CNY', products: [] },
})
const brief = (facts: readonly AddFact[]) =>
  addsOf('c', facts, zone).map(({ channelId, at, lostAt, lost24h, orderedAt }) => {
    const hours = (date: Date | null) => (date === null ? null : (date.getTime() - began) / hour)
    return [channelId, hours(at), hours(lostAt), lost24h, hours(orderedAt)]
  })
const a = { channelId: 'a' }

describe('adds through channels', () => {
  it('are one for a half contact who becomes a full one, days later too', () => {
    expect(brief([add(50, a), add(0, { ...a, half: true })])).toEqual([['a', 0, null, false, null]])
    expect(brief([add(0, { half: true }), add(2, a)])).toEqual([['a', 0, null, false, null]])
  })

  it('end when either side deletes the other, and begin anew afterwards', () => {
    expect(brief([add(0, a), gone(24), add(30, a), dropped(60)])).toEqual([
      ['a', 0, 24, true, null],
      ['a', 30, 60, false, null],
    ])
    expect(brief([add(0, a), gone(1), add(2)])).toEqual([['a', 0, 1, true, null]])
  })

  it('are not lost by a hand-over, nor made by one', () => {
    expect(brief([add(0, a), dropped(5, true)])).toEqual([['a', 0, null, false, null]])
    expect(brief([add(0, { ...a, transfer: true })])).toEqual([])
  })

  it('know the first order after', () => {
    expect(brief([order(-1), add(0, a), order(9), order(3)])).toEqual([['a', 0, null, false, 3]])
  })

  it('do not depend on the order or the repetition of the facts', () => {
    const fact = fc.oneof(
      fc
        .record({ at: fc.nat(20), channelId: fc.constantFrom('a', 'b'), half: fc.boolean() })
        .map(({ at, ...rest }) => add(at, rest)),
      fc.nat(20).map(gone),
      fc.record({ at: fc.nat(20), transfer: fc.boolean() }).map(({ at, transfer }) => dropped(at, transfer)),
      fc.nat(20).map(order),
    )
    const facts = fc.uniqueArray(fact, { selector: ({ id }) => id, maxLength: 12 })
    fc.assert(
      fc.property(
        facts.chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2, maxLength: list.length * 2 }),
          ),
        ),
        ([list, mixed]) => {
          expect(addsOf('c', mixed, zone)).toEqual(addsOf('c', list, zone))
        },
      ),
    )
  })
})

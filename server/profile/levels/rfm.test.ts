import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rfmScheme } from '../default-scheme.ts'
import type { StandingOrder } from '../signals.ts'
import type { Orders } from './level.ts'
import { groupOf, rfmLevel } from './rfm.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const scheme = rfmScheme()
const { how } = scheme
if (how.type !== 'rfm') throw new Error('the default scheme is RFM')

/** The level's name, why, and what would move them up. */
const tierAt = (orders: Orders) => {
  const { place, because, next, rfm } = rfmLevel(how, scheme, orders, now)
  return { tier: scheme.levels[place]?.name, because: [...because, ...next], ...rfm }
}

const bought = (...given: [daysAgo: number, net: number][]): Orders => {
  const orders = given.map(([days, net]): StandingOrder => ({
    at: new Date(now.getTime() - days * day),
    net,
    categories: [],
    product: null,
  }))
  return { orders, lastOrderAt: orders.at(-1)?.at ?? null }
}

describe('rfmLevel', () => {
  it.each([
    [bought(), 'C', [1, 1, 1], 'idle', ['tier.no_order', 'tier.next_order']],
    [bought([0, 9_999]), 'B', [5, 2, 1], 'develop', ['tier.rfm', 'tier.next']],
    [bought([30, 10_000]), 'B', [5, 2, 2], 'develop', ['tier.rfm', 'tier.next']],
    [bought([31, 10_000]), 'B', [4, 2, 2], 'develop', ['tier.rfm', 'tier.next']],
    [bought([181, 10_000]), 'C', [1, 2, 2], 'idle', ['tier.rfm', 'tier.next_order']],
    [bought([60, 60_000], [20, 60_000]), 'A', [5, 3, 4], 'grow', ['tier.rfm']],
    [bought([400, 900_000], [20, 5_000]), 'B', [5, 2, 1], 'develop', ['tier.rfm', 'tier.next']],
    [bought([365, 900_000]), 'C', [1, 1, 1], 'idle', ['tier.rfm', 'tier.next_order']],
  ] as const)('case %#', (signals, tier, [r, f, m], group, codes) => {
    const answer = tierAt(signals)
    expect(answer).toMatchObject({ tier, scores: { r, f, m }, group })
    expect(answer.because.map(({ code }) => code)).toEqual(codes)
  })

  it('says truly what would move a customer up', () => {
    const orders = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 90_000 })), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(orders, (list) => {
        const sorted = [...list].sort(([a], [b]) => b - a)
        const before = tierAt(bought(...sorted))
        const next = before.because.find(({ code }) => code === 'tier.next')
        if (next === undefined) return
        const amount = Number(next.params['amount'])
        expect(tierAt(bought(...sorted, [0, amount])).tier).toBe(next.params['to'])
        expect(tierAt(bought(...sorted, [0, amount - 1])).tier).toBe(before.tier)
      }),
    )
  })

  it('has eight groups', () => {
    const all = [1, 5].flatMap((r) => [1, 5].flatMap((f) => [1, 5].map((m) => groupOf({ r, f, m }))))
    expect(new Set(all).size).toBe(8)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RfmScheme } from '@zhiyin/shared/tier'
import { StageSettings } from '@zhiyin/shared/stage'
import { signalsOf, type Signals } from './signals.ts'
import { emptyState } from './state/state.ts'
import { groupOf, tierAt } from './tier.ts'
import { letTimePass, placeAt } from './work-out.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const scheme = RfmScheme.parse({})

const bought = (...orders: [daysAgo: number, net: number][]): Signals => {
  const list = orders.map(([days, net]) => ({
    at: new Date(now.getTime() - days * day),
    net,
    categories: [],
    product: null,
  }))
  return {
    ...signalsOf(emptyState),
    orders: list,
    firstOrderAt: list[0]?.at ?? null,
    lastOrderAt: list.at(-1)?.at ?? null,
    lastSeenAt: list.at(-1)?.at ?? null,
  }
}

describe('tierAt', () => {
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
    const answer = tierAt(signals, scheme, now)
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
        const before = tierAt(bought(...sorted), scheme, now)
        const next = before.because.find(({ code }) => code === 'tier.next')
        if (next === undefined) return
        const amount = Number(next.params['amount'])
        expect(tierAt(bought(...sorted, [0, amount]), scheme, now).tier).toBe(next.params['to'])
        expect(tierAt(bought(...sorted, [0, amount - 1]), scheme, now).tier).toBe(before.tier)
      }),
    )
  })

  it('has eight groups', () => {
    const all = [1, 5].flatMap((r) => [1, 5].flatMap((f) => [1, 5].map((m) => groupOf({ r, f, m }))))
    expect(new Set(all).size).toBe(8)
  })
})

describe('letTimePass', () => {
  it('ends where looking at the last moment alone would end, whatever the steps between', () => {
    const settings = { stages: StageSettings.parse({}), tiers: scheme }
    const orders = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 90_000 })), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(orders, fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 5 }), (list, steps) => {
        const signals = bought(...[...list].sort(([a], [b]) => b - a))
        let place = placeAt(signals, settings, now, null)
        let at = now
        for (const step of steps) {
          const to = new Date(at.getTime() + step * day)
          place = letTimePass(signals, settings, place, at, to).place
          at = to
        }
        const straight = placeAt(signals, settings, at, null)
        expect([place.stage.stage, place.tier.tier, place.tier.scores]).toEqual([
          straight.stage.stage,
          straight.tier.tier,
          straight.tier.scores,
        ])
      }),
    )
  })
})

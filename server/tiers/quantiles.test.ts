import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withCuts, type Level, type TierHow } from '@zhiyin/shared/tier-scheme'
import { scoresOf } from '../profile/levels/place-by.ts'
import { placeBy, type Measured } from '../profile/levels/read.ts'
import { checkShape } from './check.ts'
import { quantile, workedCuts } from './quantiles.ts'
import { packed, unpacked, type Summary } from './summary.ts'

const rfm: Extract<TierHow, { type: 'rfm' }> = {
  type: 'rfm',
  windowDays: 3650,
  mode: 'quantile',
  recencyDays: [30, 60, 90, 180],
  frequency: [1, 2, 4, 7],
  monetary: [10_000, 50_000, 100_000, 200_000],
  sums: [11, 7],
}
const value = (limits: number[], shares: number[]): Extract<TierHow, { type: 'value' }> => ({
  type: 'value',
  windowDays: 365,
  measure: 'spend',
  mode: 'quantile',
  limits,
  shares,
})
const three: Level[] = [
  { key: 'a', name: '好', tier: 'A' },
  { key: 'b', name: '中', tier: 'B' },
  { key: 'c', name: '差', tier: 'C' },
]
const summaryOf = (buyers: readonly Partial<Measured>[], more = 0): Summary =>
  unpacked([packed(buyers.map((one) => ({ days: 0, orders: 1, spend: 0, average: 0, ...one })))], buyers.length + more)

describe('published figures: rfm_table_order of the R package rfm on its data rfm_data_orders, analysis date 2006-12-31', () => {
  // How many of the 995 customers placed how many orders, counted from that data.
  const orders: Record<number, number> = {
    1: 42,
    2: 83,
    3: 143,
    4: 187,
    5: 176,
    6: 150,
    7: 94,
    8: 51,
    9: 38,
    10: 20,
    11: 3,
    12: 5,
    13: 2,
    14: 1,
  }
  it('the limits of frequency are those of its documentation: 4, 5, 6, 8', () => {
    const buyers = Object.entries(orders).flatMap(([count, people]) =>
      Array.from({ length: people }, () => ({ orders: Number(count) })),
    )
    expect(buyers).toHaveLength(995)
    expect(workedCuts(rfm, summaryOf(buyers))).toMatchObject({ frequency: [4, 5, 6, 8] })
  })

  // Its thresholds: recency 115, 181, 297, 482 (days below), frequency 4, 5, 6, 8, money 256, 382, 506, 666 (at least); ours for whole days.
  const published: typeof rfm = {
    ...rfm,
    recencyDays: [114, 180, 297, 481],
    frequency: [4, 5, 6, 8],
    monetary: [256, 382, 507, 666],
  }
  it.each([
    ['Add Senger', 140, 3, 340, [4, 1, 2]],
    ['Admiral Senger', 132, 5, 448, [4, 3, 3]],
    ["Agness O'Keefe", 90, 9, 843, [5, 5, 5]],
    ['Aileen Barton', 84, 9, 763, [5, 5, 5]],
    ['Ailene Hermann', 281, 8, 699, [3, 5, 5]],
    ['Alannah Borer', 619, 4, 196, [1, 2, 1]],
  ] as const)('%s has the published scores', (_name, days, count, spend, [r, f, m]) => {
    expect(scoresOf(published, { days, orders: count, spend, average: 0 })).toEqual({ r, f, m })
  })
})

describe('limits', () => {
  it('a quantile lies between its neighbours in proportion', () => {
    expect([0, 0.25, 0.5, 1].map((share) => quantile(Float64Array.from([1, 2, 3, 10]), share))).toEqual([
      1, 1.75, 2.5, 10,
    ])
  })

  it('ties fall below a limit together: no level has more than its share', () => {
    const amounts = fc.array(
      fc.integer({ min: 0, max: 6 }).map((n) => n * 1000),
      { minLength: 1, maxLength: 200 },
    )
    fc.assert(
      fc.property(amounts, (spends) => {
        const summary = summaryOf(spends.map((spend) => ({ spend })))
        const cuts = workedCuts(value([3, 2], [0.1, 0.4]), summary)
        if (cuts?.type !== 'value') throw new Error('a value scheme has limits')
        const scheme = value(cuts.limits, [0.1, 0.4])
        const places = spends.map((spend) => placeBy(scheme, { days: 0, orders: 1, spend, average: spend }))
        expect(places.filter((place) => place === 0).length).toBeLessThanOrEqual(Math.ceil(spends.length * 0.1))
        expect(places.filter((place) => place <= 1).length).toBeLessThanOrEqual(Math.ceil(spends.length * 0.4))
        const same = new Map(spends.map((spend, i) => [spend, places[i]]))
        expect(spends.map((spend) => same.get(spend))).toEqual(places)
      }),
    )
  })

  it('are limits a person could have set, whatever is bought: many with one order give the same limit twice', () => {
    const buyer = fc.record({
      days: fc.integer({ min: 0, max: 364 }),
      orders: fc.constantFrom(1, 1, 1, 2, 3, 20),
      spend: fc.constantFrom(0, 9_900, 9_900, 19_800, 500_000),
      average: fc.constantFrom(0, 9_900, 20_000),
    })
    const byMeasure = fc.constantFrom('spend' as const, 'orders' as const, 'average_order' as const)
    fc.assert(
      fc.property(fc.array(buyer, { minLength: 1, maxLength: 120 }), byMeasure, (buyers, measure) => {
        const asks = [
          { ...rfm, windowDays: 365 },
          { ...value([3, 2], [0.1, 0.4]), measure },
        ]
        for (const how of asks) {
          const taken = withCuts({ ...how, mode: 'fixed' }, workedCuts(how, summaryOf(buyers)))
          checkShape({ id: 's', name: 's', levels: three, how: taken, holdDays: 0 })
          if (taken.type !== 'rfm') continue
          // The highest score whose limit is reached, for everybody.
          for (const of of buyers) {
            const { r, f } = scoresOf(taken, of)
            expect(f).toBe(1 + taken.frequency.findLastIndex((limit) => of.orders >= limit) + 1)
            const within = taken.recencyDays.findIndex((limit) => of.days <= limit)
            expect(r).toBe(within === -1 ? 1 : 5 - within)
          }
        }
      }),
    )
  })

  it('without shares nothing is worked out', () => {
    expect(workedCuts(value([100], []), summaryOf([{ spend: 5 }]))).toBeNull()
    expect(workedCuts(rfm, summaryOf([], 10))).toBeNull()
  })
})

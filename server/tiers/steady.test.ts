import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nightsToAdopt, withCuts, type TierHow } from '@zhiyin/shared/tier-scheme'
import { placeBy } from '../profile/levels/read.ts'
import { workedFor } from './cuts.ts'
import { farOf, nextInForce } from './steady.ts'
import { packed, unpacked, type Summary } from './summary.ts'
import type { Worked } from './tiers.model.ts'

const dayMs = 86_400_000
const start = Date.UTC(2026, 0, 1, 20)
const night = (n: number): Date => new Date(start + n * dayMs)
const limits = (...list: number[]) => ({ type: 'value' as const, limits: list })
const byOrders = (type: 'value' | 'rfm'): Extract<TierHow, { windowDays: number }> =>
  type === 'value'
    ? { type, windowDays: 365, measure: 'orders', mode: 'quantile', limits: [5, 2], shares: [0.1, 0.4] }
    : {
        type,
        windowDays: 365,
        mode: 'quantile',
        recencyDays: [30, 60, 90, 180],
        frequency: [1, 2, 4, 7],
        monetary: [1, 2, 3, 4],
        sums: [11, 7],
      }
const bought = (orders: number) => ({ days: 5 + (orders % 3), orders, spend: orders * 9_900, average: 9_900 })
/** So many of a hundred bought once, the others two to six times. */
const buyersWith = (once: number, of = 100): Summary =>
  unpacked([packed(Array.from({ length: of }, (_each, i) => bought(i < once ? 1 : 2 + (i % 5))))], of)

describe('limits by quantile', () => {
  it('need 50 buyers to begin with, and hold down to 40', () => {
    const far = (buyers: number) => ({ buyers, at: night(0), holdDays: 0 })
    const stands = { inForce: limits(1000), waiting: { since: night(-9), far: ['0+'] } }
    expect(nextInForce(limits(2000), null, far(49)).inForce).toBeNull()
    expect(nextInForce(limits(2000), null, far(50)).inForce).toEqual(limits(2000))
    expect(nextInForce(limits(2000), stands, far(40)).inForce).toEqual(limits(2000))
    expect(nextInForce(limits(2000), stands, far(39)).inForce).toBeNull()
  })

  it('are far when one is a tenth off, and by one at least', () => {
    expect(farOf(limits(1099, 91), limits(1000, 100))).toEqual([])
    expect(farOf(limits(1100, 90), limits(1000, 100))).toEqual(['0+', '1-'])
    expect(farOf(limits(3), limits(2))).toEqual(['0+'])
  })

  it('wait until the same one was off to the same side on every night', () => {
    let now: Parameters<typeof nextInForce>[1] = { inForce: limits(1000, 100) }
    const after = (n: number, ...list: number[]) =>
      (now = nextInForce(limits(...list), now, { buyers: 500, at: night(n), holdDays: 3 })).inForce
    expect(after(1, 1200, 100)).toEqual(limits(1000, 100))
    // Another one is off instead, and then the first to the other side.
    expect(after(2, 1000, 200)).toEqual(limits(1000, 100))
    expect(after(3, 800, 200)).toEqual(limits(1000, 100))
    expect(after(4, 1000, 230)).toEqual(limits(1000, 100))
    expect(after(5, 1300, 220)).toEqual(limits(1300, 220))
    expect(now).toMatchObject({ waiting: null })
  })

  const jitters = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 40, maxLength: 80 })
  const holds = fc.constantFrom(0, 3, 7)
  it.each(['value', 'rfm'] as const)('%s: a buyer more or less moves nobody back and forth', (type) => {
    fc.assert(
      fc.property(jitters, fc.integer({ min: 58, max: 62 }), holds, (jitter, base, holdDays) => {
        const how = byOrders(type)
        let worked: Worked | null = null
        const adopted: number[] = []
        const places = new Map<number, { place: number; since: number }[]>()
        for (const [n, off] of jitter.entries()) {
          // What is kept is all that is known the next night.
          worked = structuredClone(workedFor({ how, worked, holdDays }, buyersWith(base + off), night(n)))
          if (worked.adoptedAt?.getTime() === night(n).getTime()) adopted.push(n)
          const counting = withCuts(how, worked.inForce)
          if (counting.type !== type) throw new Error('limits of another kind')
          for (let orders = 1; orders <= 6; orders += 1) {
            const before = places.get(orders) ?? []
            const place = placeBy(counting, bought(orders))
            if (before.at(-1)?.place !== place) places.set(orders, [...before, { place, since: n }])
          }
        }
        const nights = nightsToAdopt(holdDays)
        for (const [i, n] of adopted.entries()) expect(n - (adopted[i - 1] ?? -nights)).toBeGreaterThanOrEqual(nights)
        for (const moves of places.values())
          for (const [i, { since }] of moves.entries())
            expect(since - (moves[i - 1]?.since ?? -nights)).toBeGreaterThanOrEqual(nights)
      }),
      { numRuns: 60 },
    )
  })

  it('follow a shift that lasts, once it has lasted', () => {
    const how = byOrders('value')
    let worked: Worked | null = null
    const inForce: unknown[] = []
    for (let n = 0; n < 9; n += 1) {
      worked = workedFor({ how, worked, holdDays: 5 }, buyersWith(n === 0 ? 70 : 30), night(n))
      inForce.push(worked.inForce)
    }
    expect(new Set(inForce.slice(0, 6).map((cuts) => JSON.stringify(cuts)))).toHaveLength(1)
    expect(inForce[6]).toEqual(worked?.cuts)
    expect(inForce[6]).not.toEqual(inForce[5])
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { because, type Because } from '@zhiyin/shared/because'
import { measures, type TierHow, type TierScheme } from '@zhiyin/shared/tier-scheme'
import type { StandingOrder } from '../signals.ts'
import { heldLevel } from './held.ts'
import type { Around } from './level.ts'
import { measured } from './measures.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const levels: TierScheme['levels'] = [
  { key: 'a', name: '顶', tier: 'A' },
  { key: 'b', name: '中', tier: 'B' },
  { key: 'c', name: '底', tier: 'C' },
]
const order = (daysAgo: number, net: number): StandingOrder => ({
  at: new Date(now.getTime() - daysAgo * day),
  net,
  categories: [],
  product: null,
})
const aroundOf = (orders: readonly StandingOrder[]): Around => ({
  ordersAt: (at) => {
    const stood = orders.filter((one) => one.at <= at)
    return { orders: stood, lastOrderAt: stood.at(-1)?.at ?? null }
  },
  touchedAt: orders.map(({ at }) => at),
  stage: { stage: 'active', because: [because('stage.in_touch', { days: 0 })] },
  stageTakes: () => [],
  meets: () => false,
  why: () => [],
})

/** Limits as people and quantiles set them: some may be the same. */
const four = (most: number) =>
  fc
    .tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: most })))
    .map(([a = 0, b = 0, c = 0, d = 0]): [number, number, number, number] => {
      const [w = 0, x = 0, y = 0, z = 0] = [a, b, c, d].sort((one, other) => one - other)
      return [w, x, y, z]
    })
const windowDays = fc.constantFrom(60, 365)
const how = fc.oneof<fc.Arbitrary<Extract<TierHow, { windowDays: number }>>[]>(
  fc.record({
    type: fc.constant('rfm' as const),
    windowDays,
    mode: fc.constant('fixed' as const),
    recencyDays: four(60),
    frequency: four(9),
    monetary: four(90_000),
    sums: fc
      .uniqueArray(fc.integer({ min: 4, max: 15 }), { minLength: 2, maxLength: 2 })
      .map((sums) => sums.sort((a, b) => b - a)),
  }),
  fc
    .record({
      type: fc.constant('value' as const),
      windowDays,
      measure: fc.constantFrom(...measures),
      mode: fc.constant('fixed' as const),
      limits: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 2 }),
      shares: fc.constant<number[]>([]),
    })
    .map((value) => ({
      ...value,
      limits: value.limits.sort((a, b) => b - a).map((n) => (value.measure === 'orders' ? n : n * 10_000)),
    })),
)
const past = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 40_000 })), { maxLength: 8 })

const numberIn = ({ params }: Because, key: string): number => Number(params[key] ?? 0)
/** The orders of today that somebody is asked for. */
const doing = (next: Because, scheme: TierScheme, orders: readonly StandingOrder[]): StandingOrder[] => {
  if (next.code === 'tier.next_average') {
    const { how: by } = scheme
    const of = by.type === 'value' ? measured(aroundOf(orders).ordersAt(now), by.windowDays, now) : null
    const count = of?.orders ?? 0
    return [order(0, numberIn(next, 'amount') * (count + 1) - (of?.spend ?? 0))]
  }
  const many = next.code === 'tier.next_order' || next.code === 'tier.next' ? 1 : numberIn(next, 'count')
  return Array.from({ length: many }, (_each, i) => order(0, i === 0 ? numberIn(next, 'amount') : 0))
}

describe('what would move a customer up', () => {
  it('is there for everybody below the best level, held or not, and is true: doing it moves them to where it says', () => {
    const held = fc.constantFrom(0, 7, 30)
    fc.assert(
      fc.property(how, held, past, (by, holdDays, list) => {
        const scheme: TierScheme = { id: 's', name: '试', levels, how: by, holdDays }
        const orders = [...list].sort(([a], [b]) => b - a).map(([days, net]) => order(days, net))
        const { place, next } = heldLevel(scheme, aroundOf(orders), now)
        expect(next.length).toBe(place === 0 ? 0 : 1)
        const [first] = next
        if (first === undefined) return
        const then = heldLevel(scheme, aroundOf([...orders, ...doing(first, scheme, orders)]), now)
        expect(then.place).toBeLessThan(place)
        expect(levels[then.place]?.name).toBe(first.params['to'])
        // And nothing less does: a fen, or an order, short of it.
        if (first.code === 'tier.next_both' || first.code === 'tier.next') {
          const [one, ...rest] = doing(first, scheme, orders)
          const short = one === undefined ? [] : [{ ...one, net: one.net - 1 }, ...rest]
          expect(heldLevel(scheme, aroundOf([...orders, ...short]), now).place).toBe(place)
        }
        if (first.code === 'tier.next_orders' || first.code === 'tier.next_both') {
          const few = doing(first, scheme, orders).slice(1)
          const rich = by.type === 'rfm' ? few.map((each) => ({ ...each, net: 10_000_000 })) : few
          expect(heldLevel(scheme, aroundOf([...orders, ...rich]), now).place).toBe(place)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

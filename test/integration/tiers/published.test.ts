import * as fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import type { SchemeInput, TierHow } from '@zhiyin/shared/tier-scheme'
import { useMongo } from '../../support/mongo.ts'
import { day, emptied, spenders, tiersHarness } from './harness.ts'

const mongo = useMongo()
let world: ReturnType<typeof tiersHarness>

beforeAll(async () => {
  tiersHarness(mongo.get())
  await mongo.indexes()
})
beforeEach(async () => {
  await emptied(mongo.get())
  world = tiersHarness(mongo.get())
})

type Rfm = Extract<TierHow, { type: 'rfm' }>
const rfm = (over: Partial<Rfm>): SchemeInput => ({
  name: 'RFM 检验',
  levels: [...spenders.levels],
  how: {
    type: 'rfm',
    windowDays: 3650,
    mode: 'fixed',
    recencyDays: [30, 60, 90, 180],
    frequency: [1, 2, 4, 7],
    monetary: [10_000, 50_000, 100_000, 200_000],
    sums: [11],
    ...over,
  },
  holdDays: 0,
})

const placeOf = async (id: string, scheme: string) =>
  (await world.engine.read.whole(id))?.levels.find((level) => level.scheme === scheme)?.rfm ?? null
const digits = async (id: string, scheme: string): Promise<string> => {
  const { r = 0, f = 0, m = 0 } = (await placeOf(id, scheme))?.scores ?? {}
  return `${r}${f}${m}`
}

/** Always the same for the same seed. */
const drawn = <T>(values: fc.Arbitrary<T>, seed: number): T => {
  const [value] = fc.sample(values, { seed, numRuns: 1 })
  if (value === undefined) throw new Error('nothing was drawn')
  return value
}

const people = (names: readonly string[]): Promise<string[]> =>
  world.engine.profile.ensureCustomers(names.map((value) => [{ kind: 'user_id' as const, value }]))

/**
 * README of the R package rfm (github.com/rsquaredacademy/rfm, MIT): days since the last order, orders, revenue and score of the first ten
 * customers of its made-up orders, analysis date 2006-12-31; the limits are those of its help page of rfm_table_order, in whole days and units.
 */
const table = [
  ["Abbey O'Reilly DVM", 205, 6, 472, '343', 'hold'],
  ['Add Senger', 140, 3, 340, '412', 'develop'],
  ['Aden Lesch Sr.', 194, 4, 405, '323', 'idle'],
  ['Admiral Senger', 132, 5, 448, '433', 'develop'],
  ["Agness O'Keefe", 90, 9, 843, '555', 'champion'],
  ['Aileen Barton', 84, 9, 763, '555', 'champion'],
  ['Ailene Hermann', 281, 8, 699, '355', 'keep'],
  ['Aiyanna Bruen PhD', 246, 4, 157, '321', 'idle'],
  ['Ala Schmidt DDS', 349, 3, 363, '212', 'idle'],
  ['Alannah Borer', 619, 4, 196, '121', 'idle'],
] as const

describe('published scores', () => {
  it('come out of orders that are told in any order, twice, with the last first', async () => {
    const scheme = await world.room.create(
      rfm({ recencyDays: [114, 180, 297, 481], frequency: [4, 5, 6, 8], monetary: [256, 382, 507, 666] }),
      '王敏',
    )
    const ids = await people(table.map(([name]) => name))
    const facts = table.flatMap(([, days, orders, revenue], i): NewFact[] => {
      const earlier = drawn(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 14, maxLength: 14 }), i)
      return Array.from({ length: orders }, (_, n) => {
        const ago = days + (n === 0 ? 0 : (earlier[n] ?? 0))
        const amount = n === 0 ? revenue - (orders - 1) * 10 : 10
        return world.ordered(ids[i] ?? '', ago, amount)
      })
    })
    const shuffled = drawn(fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }), 7)
    for (const half of [shuffled.slice(20), shuffled.slice(0, 20), shuffled]) await world.engine.tell(...half)
    await world.settle()
    const found = await Promise.all(
      ids.map(async (id) => [await digits(id, scheme._id), (await placeOf(id, scheme._id))?.group]),
    )
    expect(found).toEqual(table.map(([, , , , points, group]) => [points, group]))
  })
})

/** An order as somebody else would count it: what is left of it at last, null where it was no purchase. */
type Lot = {
  readonly ago: number
  readonly amount: number
  readonly what: 'kept' | 'partly' | 'refunded' | 'cancelled'
}
const left = ({ amount, what }: Lot): number | null => {
  if (what === 'cancelled' || what === 'refunded') return null
  return what === 'partly' ? amount - Math.floor(amount / 3) : amount
}

/** Whole days around the moment of the count, to the millisecond before and after; few amounts, so that many tie; some are free. */
const lot: fc.Arbitrary<Lot> = fc.record({
  ago: fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom(-1, 0, 1, 43_200_000))
    .map(([days, ms]) => days * day + ms),
  amount: fc.constantFrom(0, 900, 900, 1_000, 1_001, 2_500, 7_777),
  what: fc.constantFrom('kept', 'kept', 'kept', 'kept', 'partly', 'refunded', 'cancelled'),
})

const measured = (lots: readonly Lot[], later: number) => {
  const bought = lots.flatMap((one) => left(one) ?? [])
  const agos = lots.filter((one) => left(one) !== null).map(({ ago }) => Math.floor((ago + later) / day))
  return bought.length === 0
    ? null
    : { days: Math.min(...agos), orders: bought.length, spend: bought.reduce((sum, amount) => sum + amount, 0) }
}
/** Of sorted whole numbers the least that is not below the k-th fifth, linear between neighbours; no floating point. */
const fifth = (values: readonly number[], k: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const [at, part] = [Math.floor(((sorted.length - 1) * k) / 5), ((sorted.length - 1) * k) % 5]
  const low = sorted[at] ?? 0
  return low + Math.ceil((((sorted[at + 1] ?? low) - low) * part) / 5)
}
const above = (limits: readonly number[], value: number): number => limits.filter((limit) => value >= limit).length

describe('the count of the night', () => {
  it('gives exact fifths of everybody who bought: ties, refunds, free orders, to the millisecond of a day', async () => {
    const scheme = await world.room.create(rfm({ mode: 'quantile' }), '王敏')
    await world.drain()
    const night = new Date('2026-06-10T19:40:00Z')
    const lives = drawn(fc.array(fc.array(lot, { minLength: 0, maxLength: 6 }), { minLength: 120, maxLength: 120 }), 11)
    const ids = await people(lives.map((_life, i) => `night-${i}`))
    const facts = lives.flatMap((life, i) =>
      life.flatMap(({ ago, amount, what }, n): NewFact[] => {
        const base = { customerId: ids[i] ?? '', at: new Date(night.getTime() - ago), source: 'ingest' as const }
        const orderId = `night-${i}-${n}`
        const back = { orderId, amount: what === 'refunded' ? amount : Math.floor(amount / 3), currency: 'CNY' }
        const placed = { orderId, amount, currency: 'CNY', products: [] }
        return [
          ...(what === 'cancelled'
            ? [{ ...base, id: `c:${orderId}`, type: 'order.cancelled' as const, payload: { orderId } }]
            : []),
          ...(what === 'refunded' || what === 'partly'
            ? [
                {
                  ...base,
                  id: `r:${orderId}`,
                  type: 'order.refunded' as const,
                  payload: { ...back, ...(what === 'refunded' ? { full: true } : {}) },
                },
              ]
            : []),
          { ...base, id: `o:${orderId}`, type: 'order.completed' as const, payload: placed },
        ]
      }),
    )
    await world.engine.tell(...facts)
    world.clock.set(night)
    await world.sweep()
    const buyers = lives.flatMap((life) => measured(life, 0) ?? [])
    const cuts = {
      recencyDays: [1, 2, 3, 4].map((k) =>
        fifth(
          buyers.map(({ days }) => days),
          k,
        ),
      ),
      frequency: [1, 2, 3, 4].map(
        (k) =>
          fifth(
            buyers.map(({ orders }) => orders),
            k,
          ) + 1,
      ),
      monetary: [1, 2, 3, 4].map(
        (k) =>
          fifth(
            buyers.map(({ spend }) => spend),
            k,
          ) + 1,
      ),
    }
    expect(buyers.length).toBeGreaterThan(80)
    expect((await world.room.get(scheme._id)).worked).toMatchObject({ at: night, buyers: buyers.length, inForce: cuts })

    await world.settle()
    const later = world.clock.now() - night.getTime()
    const found = await Promise.all(ids.map((id) => digits(id, scheme._id)))
    const expected = lives.map((life) => {
      const of = measured(life, later)
      if (of === null) return '111'
      const late = cuts.recencyDays.filter((limit) => of.days > limit).length
      return `${5 - late}${1 + above(cuts.frequency, of.orders)}${1 + above(cuts.monetary, of.spend)}`
    })
    expect(found).toEqual(expected)
    expect(new Set(found).size).toBeGreaterThan(15)
  })
})

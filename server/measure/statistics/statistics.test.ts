import { describe, expect, it } from 'vitest'
import { holm } from './holm.ts'
import { chanceOf, difference, proportion, relative } from './interval.ts'
import { capOf, degreesOf, meanWithin, momentsOf } from './means.ts'
import { normalProbability, normalQuantile, reachOf, studentOf } from './normal.ts'
import { findable, neededFor } from './sample.ts'

const z95 = reachOf(0.95)

describe('the normal and Student’s t, against printed tables', () => {
  it.each([
    [0.975, 1.959964],
    [0.8, 0.841621],
    [0.995, 2.575829],
    [0.05, -1.644854],
  ])('quantile %d', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 5)
    expect(normalProbability(z)).toBeCloseTo(p, 6)
  })
  it.each([
    [5, 2.5706],
    [10, 2.2281],
    [30, 2.0423],
    [120, 1.9799],
  ])('t of %d degrees', (df, t) => expect(studentOf(z95, df)).toBeCloseTo(t, 2))
})

// Newcombe 1998, Statistics in Medicine 17:873–890, table II, method 10 (hybrid score), 95 %.
describe('difference of two proportions', () => {
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('%d/%d − %d/%d', (a, m, b, n, low, high) => {
    const interval = difference(proportion(a, m), proportion(b, n)).within(z95)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  it('says the same by interval, relative lift and p', () => {
    for (const [a, b] of [
      [30, 30],
      [38, 30],
      [52, 30],
      [61, 30],
      [12, 30],
      [0, 3],
    ]) {
      const [one, other] = [proportion(a ?? 0, 1000), proportion(b ?? 0, 900)]
      const apart = difference(one, other)
      const { low, high } = apart.within(z95)
      const lift = relative(one, other, z95)
      const sure = low > 0 || high < 0
      expect(chanceOf(apart) < 0.05).toBe(sure)
      expect(lift !== null && (lift.within.low > 0 || (lift.within.high ?? 1) < 0)).toBe(sure)
      expect(lift?.at).toBeGreaterThanOrEqual(lift?.within.low ?? 0)
    }
  })

  it('has no lift over nothing', () => expect(relative(proportion(3, 10), proportion(0, 10), z95)).toBeNull())
})

// R documentation, stats::t.test, “Student’s sleep data”: t.test(extra ~ group, data = sleep).
it('Welch on the sleep data', () => {
  const each = (list: readonly number[]) =>
    momentsOf(
      list.map((spent) => ({ spent, customers: 1 })),
      99,
    )
  const drug = each([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2])
  const other = each([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
  const df = degreesOf(drug, other)
  expect(df).toBeCloseTo(17.776, 3)
  const apart = difference(meanWithin(drug, df), meanWithin(other, df))
  expect(apart.at).toBeCloseTo(-1.58, 10)
  expect(apart.within(z95).low).toBeCloseTo(-3.3654832, 3)
  expect(apart.within(z95).high).toBeCloseTo(0.2054832, 3)
  expect(chanceOf(apart)).toBeCloseTo(0.07939, 3)
})

it('cuts at what 99 of 100 buyers stayed below', () => {
  const spent = [
    { spent: 0, customers: 10_000 },
    { spent: 100, customers: 50 },
    { spent: 200, customers: 49 },
  ]
  expect(capOf([...spent, { spent: 9_000_000, customers: 1 }])).toBe(200)
  expect(capOf([{ spent: 0, customers: 5 }])).toBe(0)
  expect(momentsOf([...spent, { spent: 9_000_000, customers: 1 }], 200).mean).toBeCloseTo(15_000 / 10_100, 6)
})

// Wikipedia, “Holm–Bonferroni method”, example: at 5 % the first and the fourth are rejected, the others not.
it('Holm’s correction', () => {
  const corrected = holm([0.01, 0.04, 0.03, 0.005])
  ;[0.03, 0.06, 0.06, 0.02].forEach((p, index) => expect(corrected[index]).toBeCloseTo(p, 10))
  expect(holm([])).toEqual([])
})

describe('sample', () => {
  // R documentation, stats::power.prop.test: p1 = .50, p2 = .75, power = .90 gives n = 76.7 in each group.
  it('of like arms', () => {
    expect(neededFor(0.5, 0.75, { share: 0.5, power: 0.9 })).toEqual({ base: 77, other: 77 })
  })
  it('of unlike arms costs more together, and is what can be found with it', () => {
    const like = neededFor(0.1, 0.12, { share: 0.5 })
    const unlike = neededFor(0.1, 0.12, { share: 0.1 })
    expect(unlike.base).toBeLessThan(like.base)
    expect(unlike.base + unlike.other).toBeGreaterThan(like.base + like.other)
    for (const sizes of [like, unlike]) expect(findable(0.1, sizes)).toBeCloseTo(0.2, 2)
    expect(findable(0.1, { base: 0, other: 4 })).toBeNull()
    expect(findable(0, like)).toBeNull()
  })
})

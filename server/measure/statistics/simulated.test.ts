import { describe, expect, it } from 'vitest'
import { holm } from './holm.ts'
import { chanceOf, difference, proportion, relative, type Estimate } from './interval.ts'
import { capOf, degreesOf, meanWithin, momentsOf, type Spent } from './means.ts'
import { reachOf } from './normal.ts'
import { neededFor } from './sample.ts'

const z95 = reachOf(0.95)
/** Marsaglia's multiply-with-carry: the same lives each time. */
const chanceFrom = (seed: number) => {
  let [high, low] = [362_436_069 ^ seed, 521_288_629]
  return (): number => {
    high = (36_969 * (high & 65_535) + (high >>> 16)) >>> 0
    low = (18_000 * (low & 65_535) + (low >>> 16)) >>> 0
    return (((high << 16) + low) >>> 0) / 2 ** 32
  }
}
const met = (chance: () => number, n: number, rate: number): number => {
  let count = 0
  for (let i = 0; i < n; i += 1) if (chance() < rate) count += 1
  return count
}
/** Most buy nothing; who buys spends around ¥150, a few a hundred times as much. */
const spends = (chance: () => number, n: number): Spent[] =>
  Array.from({ length: n }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
    return { spent: chance() < 0.1 ? Math.round(Math.exp(9.6 + 1.1 * normal)) : 0, customers: 1 }
  })
const holds = ({ within }: Estimate, truth: number): boolean => {
  const { low, high } = within(z95)
  return low <= truth && truth <= high
}
const share = (times: number, happens: () => boolean): number => {
  let count = 0
  for (let i = 0; i < times; i += 1) if (happens()) count += 1
  return count / times
}

describe('what 95 % means, over lives drawn from a seed', () => {
  it('nothing done to either arm: one alarm in twenty, no more', () => {
    const chance = chanceFrom(1)
    const alarms = share(3000, () => {
      const apart = difference(proportion(met(chance, 900, 0.08), 900), proportion(met(chance, 150, 0.08), 150))
      return chanceOf(apart) < 0.05
    })
    expect(alarms).toBeGreaterThan(0.02)
    expect(alarms).toBeLessThan(0.065)
  })

  it('a true lift lies in 95 of 100 intervals, as a difference and as a ratio', () => {
    const chance = chanceFrom(2)
    let ratios = 0
    const covered = share(2000, () => {
      const [treated, held] = [proportion(met(chance, 800, 0.12), 800), proportion(met(chance, 200, 0.08), 200)]
      const lift = relative(treated, held, z95)?.within
      if (lift !== undefined && lift.low <= 0.5 && (lift.high ?? 1) >= 0.5) ratios += 1
      return holds(difference(treated, held), 0.04)
    })
    expect(covered).toBeGreaterThan(0.935)
    expect(covered).toBeLessThan(0.97)
    expect(ratios / 2000).toBeGreaterThan(0.935)
  })

  it('the sample planned for finds the lift in 4 of 5 lives', () => {
    const chance = chanceFrom(3)
    const { base, other } = neededFor(0.1, 0.15, { share: 0.2 })
    const found = share(1000, () => {
      const apart = difference(proportion(met(chance, other, 0.15), other), proportion(met(chance, base, 0.1), base))
      return chanceOf(apart) < 0.05
    })
    expect(found).toBeGreaterThan(0.76)
    expect(found).toBeLessThan(0.85)
  })

  it('money with a long tail: few false alarms', () => {
    const chance = chanceFrom(4)
    const alarms = share(400, () => {
      const [one, other] = [spends(chance, 1200), spends(chance, 400)]
      const cap = capOf([...one, ...other])
      const [a, b] = [momentsOf(one, cap), momentsOf(other, cap)]
      const df = degreesOf(a, b)
      return chanceOf(difference(meanWithin(a, df), meanWithin(b, df))) < 0.05
    })
    expect(alarms).toBeLessThan(0.085)
  })

  it('four arms alike: even one alarm is rare once corrected, and common when not', () => {
    const chance = chanceFrom(5)
    let naive = 0
    const alarms = share(1500, () => {
      const base = proportion(met(chance, 400, 0.1), 400)
      const chances = [1, 2, 3].map(() => chanceOf(difference(proportion(met(chance, 400, 0.1), 400), base)))
      if (chances.some((p) => p < 0.05)) naive += 1
      return holm(chances).some((p) => p < 0.05)
    })
    expect(alarms).toBeLessThan(0.06)
    expect(naive / 1500).toBeGreaterThan(0.08)
  })
})

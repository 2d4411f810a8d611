import type { Estimate } from './interval.ts'
import { studentOf } from './normal.ts'

/** So many customers each spent this much (minor units); most spent nothing. */
export type Spent = { readonly spent: number; readonly customers: number }

/** What customers who bought spent at most, but for one in a hundred. */
const trusted = 0.99

/**
 * What is counted of one customer at most: the 99th percentile of those who spent anything, in all arms together. Spend has a long tail,
 * and one wholesale order would decide the comparison; a cut that is the same for every arm keeps it fair and in money, which a mean of
 * logarithms would not (Deng & Shi 2016, KDD, on capping metrics).
 */
export const capOf = (all: readonly Spent[]): number => {
  const buyers = all.filter(({ spent }) => spent > 0).toSorted((a, b) => a.spent - b.spent)
  const total = buyers.reduce((sum, { customers }) => sum + customers, 0)
  let seen = 0
  for (const { spent, customers } of buyers) {
    seen += customers
    if (seen >= trusted * total) return spent
  }
  return 0
}

export type Moments = { readonly n: number; readonly mean: number; readonly variance: number }

/** Mean and variance per customer, each counted at `cap` at most. */
export const momentsOf = (list: readonly Spent[], cap: number): Moments => {
  const n = list.reduce((sum, { customers }) => sum + customers, 0)
  if (n === 0) return { n, mean: 0, variance: 0 }
  const capped = (spent: number): number => Math.min(spent, cap)
  const mean = list.reduce((sum, { spent, customers }) => sum + capped(spent) * customers, 0) / n
  const squares = list.reduce((sum, { spent, customers }) => sum + customers * (capped(spent) - mean) ** 2, 0)
  return { n, mean, variance: n > 1 ? squares / (n - 1) : 0 }
}

/** Welch–Satterthwaite degrees of freedom (Welch 1947, Biometrika 34:28). */
export const degreesOf = (a: Moments, b: Moments): number => {
  const [one, other] = [a.variance / a.n, b.variance / b.n]
  const below = one ** 2 / (a.n - 1) + other ** 2 / (b.n - 1)
  return below === 0 ? Number.POSITIVE_INFINITY : (one + other) ** 2 / below
}

/** A mean with Student's interval at `df` degrees. Two of them make Welch's interval of their difference. */
export const meanWithin = ({ n, mean, variance }: Moments, df: number): Estimate => ({
  at: mean,
  within: (z) => {
    const spread = (Number.isFinite(df) ? studentOf(z, df) : z) * Math.sqrt(variance / n)
    return { low: mean - spread, high: mean + spread }
  },
})

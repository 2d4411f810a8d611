import { normalProbability } from './normal.ts'

export type Interval = { readonly low: number; readonly high: number }
/** An estimate and the interval around it for a reach of z standard errors. */
export type Estimate = { readonly at: number; readonly within: (z: number) => Interval }

/** A proportion and its score interval, which stays inside 0 and 1 (Wilson 1927). Needs n > 0. */
export const proportion = (met: number, n: number): Estimate => {
  const at = met / n
  const within = (z: number): Interval => {
    const middle = 2 * n * at + z * z
    const spread = z * Math.sqrt(z * z + 4 * n * at * (1 - at))
    const scale = 2 * (n + z * z)
    return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
  }
  return { at, within }
}

/**
 * The difference a − b with the interval put together from those of its parts (MOVER); of two proportions it is Newcombe's hybrid score
 * interval (Newcombe 1998, Statistics in Medicine 17:873, method 10).
 */
export const difference = (a: Estimate, b: Estimate): Estimate => ({
  at: a.at - b.at,
  within: (z) => {
    const [one, other] = [a.within(z), b.within(z)]
    return {
      low: a.at - b.at - Math.hypot(a.at - one.low, other.high - b.at),
      high: a.at - b.at + Math.hypot(one.high - a.at, b.at - other.low),
    }
  },
})

export type OpenInterval = { readonly low: number; readonly high: number | null }

/**
 * The relative lift a ÷ b − 1 of two amounts that are not below 0, with its interval from the same parts (Donner & Zou 2012, Statistical
 * Methods in Medical Research 21:347), so that it leaves out 0 exactly when the difference does. Null where b is not above 0; `high` null
 * where nothing bounds it.
 */
export const relative = (a: Estimate, b: Estimate, z: number): { at: number; within: OpenInterval } | null => {
  if (b.at <= 0) return null
  const [one, other] = [a.within(z), b.within(z)]
  const product = a.at * b.at
  const root = (part: number, whole: number): number => Math.sqrt(Math.max(0, product ** 2 - part * whole))
  // The lower edge as a fraction without the subtraction in which its digits would be lost.
  const floor = Math.max(0, one.low) * (2 * a.at - Math.max(0, one.low))
  const low = floor === 0 ? 0 : floor / (product + root(floor, other.high * (2 * b.at - other.high)))
  const scale = other.low * (2 * b.at - other.low)
  const high = other.low > 0 ? (product + root(one.high * (2 * a.at - one.high), scale)) / scale : null
  return { at: a.at / b.at - 1, within: { low: low - 1, high: high === null ? null : high - 1 } }
}

/**
 * The two-sided p of “no difference”: the level at which the interval of the estimate just reaches 0, so that p < 0.05 says the same as
 * that the 95 % interval leaves out 0.
 */
export const chanceOf = ({ at, within }: Estimate): number => {
  if (at === 0) return 1
  const reaches = (z: number): boolean => {
    const { low, high } = within(z)
    return low <= 0 && high >= 0
  }
  let [inside, outside] = [0, 10]
  if (!reaches(outside)) return 0
  for (let step = 0; step < 60; step += 1) {
    const middle = (inside + outside) / 2
    if (reaches(middle)) outside = middle
    else inside = middle
  }
  return 2 * (1 - normalProbability(outside))
}

import { normalQuantile, reachOf } from './normal.ts'

/** What a comparison is planned for: 5 % false alarms, 4 of 5 real effects found; `share` of those compared are in the base arm. */
export type Plan = { readonly share: number; readonly level?: number; readonly power?: number }
export type Sizes = { readonly base: number; readonly other: number }

/**
 * How many each arm needs to tell `rate` (base) from `other`, both between 0 and 1 and different (Fleiss, Levin & Paik 2003, Statistical
 * Methods for Rates and Proportions, ch. 4, arms of unlike size, without the correction for continuity).
 */
export const neededFor = (rate: number, other: number, { share, level = 0.95, power = 0.8 }: Plan): Sizes => {
  const times = (1 - share) / share
  const pooled = (rate + times * other) / (times + 1)
  const [alarm, find] = [reachOf(level), normalQuantile(power)]
  const root =
    alarm * Math.sqrt((times + 1) * pooled * (1 - pooled)) +
    find * Math.sqrt(times * rate * (1 - rate) + other * (1 - other))
  const base = root ** 2 / (times * (rate - other) ** 2)
  return { base: Math.ceil(base), other: Math.ceil(base * times) }
}

/**
 * The smallest relative lift above the base rate that these sizes would find in 4 of 5 cases; null where even doubling it, or reaching
 * everybody, would not do.
 */
export const findable = (rate: number, sizes: Sizes, plan: Omit<Plan, 'share'> = {}): number | null => {
  const share = sizes.base / (sizes.base + sizes.other)
  const most = Math.min(1 / rate - 1, 10)
  const enough = (lift: number): boolean =>
    neededFor(rate, Math.min(1, rate * (1 + lift)), { ...plan, share }).base <= sizes.base
  if (rate <= 0 || most <= 0 || sizes.base === 0 || sizes.other === 0 || !enough(most)) return null
  let [low, high] = [0, most]
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}

import type { Cuts, TierHow } from '@zhiyin/shared/tier-scheme'
import type { Summary } from './summary.ts'

/** With fewer buyers the parts would be a handful of people each. */
export const fewest = 50

/** Of sorted values, the one below which a share of them lies: linear between neighbours, the usual definition (R's type 7). */
export const quantile = (sorted: Float64Array, share: number): number => {
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? 0
  const high = sorted[Math.ceil(at)] ?? low
  return low + (high - low) * (at - Math.floor(at))
}

/** Whole numbers above a quantile: what equals it belongs below, so that ties never fill a part beyond its share. */
const above = (value: number): number => Math.ceil(value - 1e-9) + 1

const fifths = (column: Float64Array, limitAt: (value: number) => number): [number, number, number, number] => {
  const sorted = column.slice().sort()
  const at = (share: number): number => limitAt(quantile(sorted, share))
  return [at(0.2), at(0.4), at(0.6), at(0.8)]
}

/**
 * Quintiles for RFM, the shares asked for in a value scheme; exact over everybody counted. The limit above a quantile is one unit more
 * (days: the quantile itself, for fewer are better), the rule of the R package rfm. Null for schemes without limits or shares.
 */
export const workedCuts = (how: TierHow, summary: Summary): Cuts | null => {
  if (summary.buyers === 0) return null
  if (how.type === 'rfm')
    return {
      type: 'rfm',
      recencyDays: fifths(summary.days, (value) => Math.ceil(value - 1e-9)),
      frequency: fifths(summary.orders, above),
      monetary: fifths(summary.spend, above),
    }
  if (how.type !== 'value' || how.shares.length !== how.limits.length) return null
  const column = { spend: summary.spend, orders: summary.orders, average_order: summary.average }[how.measure]
  const sorted = column.slice().sort()
  return { type: 'value', limits: how.shares.map((share) => above(quantile(sorted, 1 - share))) }
}

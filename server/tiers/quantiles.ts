import type { Cuts, TierHow } from '@zhiyin/shared/tier-scheme'
import type { Summary } from './summary.ts'

/** With fewer buyers the parts would be a handful of people each. */
export const fewest = 50
/** Limits that hold already are kept down to so many, so that nobody flaps when one buyer more or less is counted. */
const keptDownTo = 40
/** Worked-out limits replace those in force when one of them is off by more than this share of itself (and by 1 at least). */
const threshold = 0.1

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

const figuresOf = (cuts: Cuts): number[] =>
  cuts.type === 'rfm' ? [...cuts.recencyDays, ...cuts.frequency, ...cuts.monetary] : cuts.limits

/** Whether limits are so far from those in force that they are taken without asking. */
export const isFar = (cuts: Cuts, from: Cuts): boolean => {
  const [a, b] = [figuresOf(cuts), figuresOf(from)]
  if (cuts.type !== from.type || a.length !== b.length) return true
  return a.some((value, i) => Math.abs(value - (b[i] ?? 0)) >= Math.max(1, Math.abs(b[i] ?? 0) * threshold))
}

/** What holds after a count: the limits in force, the new ones where they are far from them, or none with too few buyers. */
export const nextInForce = (cuts: Cuts | null, inForce: Cuts | null, buyers: number): Cuts | null => {
  if (cuts === null || buyers < (inForce === null ? fewest : keptDownTo)) return null
  return inForce === null || isFar(cuts, inForce) ? cuts : inForce
}

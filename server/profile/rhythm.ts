import { dayMs } from './state/merge.ts'

/** The newest purchases the rhythm is taken from: what somebody did years ago says little of today. */
const newest = 13
/** Orders this close to the one before belong to the same purchase (a split basket, a forgotten item). */
const sameMs = dayMs / 2

/** The middle of some numbers, the mean of the two middle ones of an even count; null of none. */
export const median = (numbers: readonly number[]): number | null => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2
}

/** One's own purchase cycle: the median gap in days between the newest 13 purchases. `times` oldest first. */
export const rhythmOf = (times: readonly Date[]): { medianGapDays: number | null; purchases: number } => {
  const purchases: number[] = []
  for (const time of times) {
    const last = purchases.at(-1)
    if (last === undefined || time.getTime() - last >= sameMs) purchases.push(time.getTime())
  }
  const recent = purchases.slice(-newest)
  const gaps = recent.slice(1).map((time, i) => (time - (recent[i] ?? time)) / dayMs)
  const middle = median(gaps)
  return { medianGapDays: middle === null ? null : Math.round(middle * 10) / 10, purchases: purchases.length }
}

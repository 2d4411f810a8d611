import { daysSince, dueAt, wholeDays, type StandingOrder } from '../signals.ts'
import type { Orders } from './level.ts'

/** What somebody bought within a window: whole days since the last order, how many, for how much together and on average (minor units). */
export type Measured = {
  readonly days: number
  readonly orders: number
  readonly spend: number
  readonly average: number
}

const isWithin = ({ at }: StandingOrder, windowDays: number, now: Date): boolean => daysSince(at, now) < windowDays

/** Null for whoever bought nothing within the window. */
export const measured = ({ orders }: Orders, windowDays: number, now: Date): Measured | null => {
  let [count, own, spend] = [0, 0, 0]
  let last: StandingOrder | null = null
  for (const order of orders) {
    if (!isWithin(order, windowDays, now)) continue
    count += 1
    // The amount of one in another currency is in no sum: its `net` is 0.
    if (order.foreign === undefined) own += 1
    spend += order.net
    last = order
  }
  if (last === null) return null
  return { days: wholeDays(last.at, now), orders: count, spend, average: own === 0 ? 0 : Math.round(spend / own) }
}

/** When the orders within a window leave it, in milliseconds. */
export const leavingAt = ({ orders }: Orders, windowDays: number, now: Date): number[] => {
  const moments: number[] = []
  for (const order of orders) if (isWithin(order, windowDays, now)) moments.push(dueAt(order.at, windowDays))
  return moments
}

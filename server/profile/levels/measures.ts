import { averageOf, daysSince, wholeDays, type StandingOrder } from '../signals.ts'
import type { Orders } from './level.ts'

/** What somebody bought within a window: whole days since the last order, how many, for how much together and on average (minor units). */
export type Measured = {
  readonly days: number
  readonly orders: number
  readonly spend: number
  readonly average: number
}

export const withinWindow = (orders: readonly StandingOrder[], windowDays: number, now: Date): StandingOrder[] =>
  orders.filter(({ at }) => daysSince(at, now) < windowDays)

/** Null for whoever bought nothing within the window. */
export const measured = ({ orders }: Orders, windowDays: number, now: Date): Measured | null => {
  const counted = withinWindow(orders, windowDays, now)
  const last = counted.at(-1)
  if (last === undefined) return null
  return {
    days: wholeDays(last.at, now),
    orders: counted.length,
    spend: counted.reduce((sum, { net }) => sum + net, 0),
    average: averageOf(counted) ?? 0,
  }
}

import { DAY_MS, startOfDay } from '../company/days.ts'
import type { World } from '../world.ts'
import { ApiError } from './errors.ts'

const MAX_SPAN_DAYS = 30
const MAX_AGE_DAYS = 180
/** A day's numbers come on the next morning. */
const READY_MS = 8 * 3_600_000

/**
 * The days from `from` to `to` (seconds), each by its 0:00 in China (epoch ms). Throws 40058 when they span more than 30 days, begin more
 * than 180 days ago, or end before they begin.
 */
export function daysBetween(world: World, from: number, to: number): number[] {
  const first = startOfDay(from * 1000)
  const last = startOfDay(to * 1000)
  if (last < first) throw new ApiError(40058, 'the end is before the begin')
  if (last - first > MAX_SPAN_DAYS * DAY_MS) throw new ApiError(40058, 'more than 30 days')
  const oldest = startOfDay(world.clock.now()) - MAX_AGE_DAYS * DAY_MS
  if (first < oldest) throw new ApiError(40058, 'more than 180 days ago')
  return Array.from({ length: (last - first) / DAY_MS + 1 }, (_, n) => first + n * DAY_MS)
}

/** Of these days those whose numbers are there by now. */
export function statDays(world: World, from: number, to: number): number[] {
  return daysBetween(world, from, to).filter((day) => day + DAY_MS + READY_MS <= world.clock.now())
}

import type { z } from 'zod'
import type { Limits } from '../admin/contract.ts'
import type { Clock } from '../clock.ts'
import { DAY_MS, endOfDay } from '../company/days.ts'
import { ApiError } from './errors.ts'

type Limits = z.infer<typeof Limits>
type Unit = 'minute' | 'hour' | 'day' | 'month'
/** How many calls per unit; null is not counted. */
export type Rate = Partial<Record<Unit, number | null>>

const MINUTE_MS = 60_000
const LENGTH_MS: Record<Unit, number> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: DAY_MS,
  month: 30 * DAY_MS,
}
const UNITS: readonly Unit[] = ['minute', 'hour', 'day', 'month']

interface Window {
  start: number
  count: number
  blockedUntil: number
}

/** Counts calls, by the stand-in's clock, and those under way. */
export interface Rates {
  /**
   * Counts one call of `scope` (and `times` of it at once). Throws 45009 when a unit is used up: the minute blocks for 60 s, the hour
   * for 60 min, the day until it ends, the month for 30 days; calls made while blocked fail at once.
   */
  count(scope: string, rate: Rate, times?: number): void
  /** A call of `scope` begins; the answer ends it. */
  begin(scope: string): () => void
  /** How many calls of `scope` are under way. */
  underWay(scope: string): number
  limits(): Limits
  setLimits(limits: Limits): void
  reset(): void
}

/** @param defaults the platform's own limits, which a reset brings back. */
export function createRates(clock: Clock, defaults: Limits): Rates {
  const windows = new Map<string, Window>()
  const running = new Map<string, number>()
  let limits = defaults

  const take = (scope: string, unit: Unit, max: number, times: number): void => {
    const now = clock.now()
    const key = `${scope}|${unit}`
    const old = windows.get(key)
    const length = LENGTH_MS[unit]
    const fresh = !old || now - old.start >= length || now < old.start || (unit === 'day' && now >= endOfDay(old.start))
    const window = fresh ? { start: now, count: 0, blockedUntil: old?.blockedUntil ?? 0 } : old
    windows.set(key, window)
    if (now < window.blockedUntil && window.blockedUntil - now <= length) throw new ApiError(45009)
    window.count += times
    if (window.count <= max) return
    window.blockedUntil = unit === 'day' ? endOfDay(now) : now + length
    throw new ApiError(45009)
  }

  return {
    count(scope, rate, times = 1) {
      for (const unit of UNITS) {
        const max = rate[unit]
        if (max !== undefined && max !== null) take(scope, unit, max, times)
      }
    },
    begin(scope) {
      running.set(scope, (running.get(scope) ?? 0) + 1)
      return () => void running.set(scope, (running.get(scope) ?? 1) - 1)
    },
    underWay: (scope) => running.get(scope) ?? 0,
    limits: () => limits,
    setLimits(wanted) {
      limits = wanted
      windows.clear()
    },
    reset() {
      limits = defaults
      windows.clear()
    },
  }
}

import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import { WIDEN_MS } from './ledger.ts'
import { limitsOf, type Limits } from './limits.ts'

/** How one path (or one robot) stands with WeCom's limits, over all processes. */
export type PathStatus = {
  readonly path: string
  /** Set when only one robot of the path is meant. */
  readonly scope: string | null
  /** Calls of this minute and, by its part still within the last 60 s, of the one before. */
  readonly lastMinute: number
  /** The part (0–1) that is left of what may be called at once, of the limit that is used up most. */
  readonly left: number
  readonly inFlight: number
  /** Fewer than usual after 45033. */
  readonly parallel: number
  readonly blockedUntil: Date | null
}

const Fields = z.array(z.string())
const numbersOf = (text: string | undefined): number[] => (text?.match(/\d+/g) ?? []).map(Number)
const MINUTE_MS = 60_000

/** Reads the shared hash (scripts.ts) as it was answered: field, value, field, value. */
export const statusOf = (answer: unknown, limits: Limits, clock: Clock): PathStatus[] => {
  const flat = Fields.parse(answer)
  const state = new Map(flat.flatMap((field, index) => (index % 2 ? [] : [[field, flat[index + 1] ?? ''] as const])))
  const now = clock.now()

  const lastMinute = (path: string): number => {
    const [minute = 0, calls = 0, before = 0] = numbersOf(state.get(`c:${path}`))
    const age = Math.floor(now / MINUTE_MS) - minute
    const still = 1 - (now % MINUTE_MS) / MINUTE_MS
    if (age === 0) return Math.round(calls + before * still)
    return age === 1 ? Math.round(calls * still) : 0
  }
  const blockedUntil = (at: string): Date | null => {
    const [until = 0] = numbersOf(state.get(`b:${at}`))
    return until > now ? new Date(until) : null
  }
  const inFlight = (group: string): number =>
    (state.get(`s:${group}`) ?? '').split(';').reduce((sum, lane) => {
      const [held = 0, until = 0] = lane
        .split(':')
        .slice(1)
        .map(Number)
        .filter((_each, index) => index !== 1)
      return until > now ? sum + held : sum
    }, 0)

  const one = (at: string): PathStatus => {
    const [path = '', scope = null] = at.split('#')
    const { group, parallel, buckets } = limitsOf(limits, path)
    const used = buckets.map(({ field, burst, stepMs }) => (Number(state.get(field) ?? now) - now) / stepMs / burst)
    const [narrowed = parallel, since = 0] = numbersOf(state.get(`p:${group}`))
    return {
      path,
      scope,
      lastMinute: lastMinute(path),
      left: Math.round(1000 * Math.max(0, 1 - Math.max(0, ...used))) / 1000,
      inFlight: inFlight(group),
      parallel: Math.min(parallel, narrowed + Math.floor((now - since) / WIDEN_MS)),
      blockedUntil: blockedUntil(at),
    }
  }
  const seen = [...state.keys()].flatMap((field) => (/^[cb]:/.test(field) ? [field.slice(2)] : []))
  return [...new Set(seen)].toSorted().map(one)
}

import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { Tried } from '../profile/levels/read.ts'
import type { LevelMoved } from './types.ts'
import type { Moves } from './tiers.model.ts'

/** 04:30 of the first day: after the night's count. */
const minutes = 270
const dayMs = 86_400_000

/** The first day of a month, `months` away from that of a moment, as a local day number. */
const firstDay = (at: Date, zone: string, months: number): number => {
  const [year = 1970, month = 1] = zonedTime(at, zone).date.split('-').map(Number)
  return Date.UTC(year, month - 1 + months, 1) / dayMs
}
const nameOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 7)

export type Month = { readonly name: string; readonly from: Date; readonly to: Date }

/** The month before the one a moment is in. */
export const monthBefore = (at: Date, zone: string): Month => {
  const day = firstDay(at, zone, -1)
  return { name: nameOf(day), from: momentOf(day, 0, zone), to: momentOf(firstDay(at, zone, 0), 0, zone) }
}
/** The month a moment is in, as far as it has come. */
export const monthSoFar = (at: Date, zone: string): Month => {
  const day = firstDay(at, zone, 0)
  return { name: nameOf(day), from: momentOf(day, 0, zone), to: at }
}
/** When reviews are due next after a moment. */
export const nextReviews = (at: Date, zone: string): Date => {
  const thisMonth = momentOf(firstDay(at, zone, 0), minutes, zone)
  return thisMonth > at ? thisMonth : momentOf(firstDay(at, zone, 1), minutes, zone)
}

/** Where somebody was at the beginning and at the end of a month; null: not there, or in no level yet. */
export const overMonth = (
  { since, from: stands }: Tried,
  moves: readonly LevelMoved[],
  month: Month,
): { readonly begin: string | null; readonly end: string | null } => {
  const after = moves.find(({ at }) => at >= month.to)
  const within = moves.find(({ at }) => at >= month.from && at < month.to)
  const end = since >= month.to ? null : after === undefined ? stands : after.from
  const begin = since >= month.from ? null : within === undefined ? end : within.from
  return { begin, end }
}

export const withMove = (moves: Moves, from: string | null, to: string): Moves => {
  const key = `${from ?? ''}>${to}`
  return { ...moves, [key]: (moves[key] ?? 0) + 1 }
}

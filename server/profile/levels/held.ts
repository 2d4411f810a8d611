import { because } from '@zhiyin/shared/because'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'
import { dayMs } from '../state/merge.ts'
import { orderMoments, rawLevel, type Around, type Raw } from './level.ts'

const back = (at: Date, days: number): Date => new Date(at.getTime() - days * dayMs)

/** The moments after `from`, before `to`, at which a level by orders may have changed: by what happened to orders, or by time alone. */
const changesBetween = (scheme: TierScheme, around: Around, from: Date, to: Date): Date[] => {
  const touched = around.touchedAt.filter((at) => at > from && at < to)
  const byTime = [from, ...touched].flatMap((at) => orderMoments(scheme, around.ordersAt(at), at))
  return [...touched, ...byTime.filter((at) => at > from && at < to)]
}

/**
 * The moments at which a level may have been better lately. Time alone makes none better but the average order, which rises when a small
 * one leaves the window.
 */
const lookedAt = (scheme: TierScheme, around: Around, from: Date, now: Date): Date[] => {
  const { how } = scheme
  if (how.type === 'value' && how.measure === 'average_order')
    return [from, ...changesBetween(scheme, around, from, now)]
  return [from, ...around.touchedAt.filter((at) => at > from && at < now)]
}

/** When the hold of a level ends that was deserved until some moment within it. */
const endOfHold = (scheme: TierScheme, around: Around, place: number, from: Date, now: Date): Date => {
  const changes = changesBetween(scheme, around, from, new Date(now.getTime() + 1))
  const falls = changes.sort((a, b) => b.getTime() - a.getTime())
  const last = falls.find((at) => rawLevel(scheme, around, new Date(at.getTime() - 1)).place <= place)
  return back(last ?? now, -scheme.holdDays)
}

/**
 * The level that counts: the best one deserved within the last `holdDays`. It depends on what happened and the moment alone, not on when
 * somebody looked, and nobody falls sooner than that after they rose. Stage and table schemes have no past to look at: theirs is today's.
 */
export const heldLevel = (scheme: TierScheme, around: Around, now: Date): Raw => {
  const raw = rawLevel(scheme, around, now)
  const { how, holdDays, levels } = scheme
  if (holdDays === 0 || raw.place === 0 || (how.type !== 'rfm' && how.type !== 'value')) return raw
  const from = back(now, holdDays)
  const places = lookedAt(scheme, around, from, now).map((at) => rawLevel(scheme, around, at).place)
  const best = Math.min(raw.place, ...places)
  const kept = levels[best]
  const bare = levels[raw.place]
  if (best === raw.place || kept === undefined || bare === undefined) return raw
  const until = endOfHold(scheme, around, best, from, now).getTime()
  const held = because('tier.held', { days: holdDays, to: bare.name, kept: kept.name, until })
  return { ...raw, place: best, because: [...raw.because, held], next: [] }
}

/** The moments after `from` at which the level that counts may change by time alone. */
export const heldMoments = (scheme: TierScheme, around: Around, from: Date): Date[] => {
  const { how, holdDays } = scheme
  if (how.type !== 'rfm' && how.type !== 'value') return []
  // What is told of a moment to come counts from then on.
  const ahead = around.touchedAt.filter((at) => at > from)
  const now = [...ahead, ...orderMoments(scheme, around.ordersAt(from), from)]
  if (holdDays === 0) return now
  const start = back(from, holdDays)
  const past = changesBetween(scheme, around, start, new Date(from.getTime() + 1))
  const ends = [...past, ...now].map((at) => back(at, -holdDays))
  return [...now, ...ends.filter((at) => at > from)]
}

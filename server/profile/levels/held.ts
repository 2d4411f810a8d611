import { because } from '@zhiyin/shared/because'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'
import { dayMs } from '../state/merge.ts'
import { barePlace, nextAbove, orderMoments, rawLevel, type Around, type Bare, type Raw } from './level.ts'

const back = (at: Date, days: number): Date => new Date(at.getTime() - days * dayMs)

/** The moments after `from`, before `to` (milliseconds), at which orders were placed or refunded. */
const touchedBetween = (around: Around, from: number, to: number): number[] => {
  const touched: number[] = []
  for (const at of around.touchedAt) if (at.getTime() > from && at.getTime() < to) touched.push(at.getTime())
  return touched
}

/** The moments after `from`, before `to`, at which a level by orders may have changed: by what happened to orders, or by time alone. */
const changesBetween = (scheme: TierScheme, around: Around, from: Date, to: number): number[] => {
  const changes = touchedBetween(around, from.getTime(), to)
  const byTime = (since: Date): void => {
    for (const at of orderMoments(scheme, around.ordersAt(since), since)) if (at < to) changes.push(at)
  }
  const touched = [...changes]
  byTime(from)
  for (const at of touched) byTime(new Date(at))
  return changes
}

/**
 * The moments at which a level may have been better lately. Time alone makes none better but the average order, which rises when a small
 * one leaves the window.
 */
const lookedAt = (scheme: TierScheme, around: Around, from: Date, now: Date): number[] => {
  const { how } = scheme
  if (how.type === 'value' && how.measure === 'average_order')
    return changesBetween(scheme, around, from, now.getTime())
  return touchedBetween(around, from.getTime(), now.getTime())
}

/** The best place deserved within the last `holdDays`; stage and table schemes have no past to look at: theirs is today's. */
const bestPlace = (scheme: TierScheme, around: Around, place: number, now: Date): number => {
  const { how, holdDays } = scheme
  if (holdDays === 0 || place === 0 || (how.type !== 'rfm' && how.type !== 'value')) return place
  const from = back(now, holdDays)
  let best = Math.min(place, barePlace(scheme, around, from).place)
  for (const at of lookedAt(scheme, around, from, now))
    best = Math.min(best, barePlace(scheme, around, new Date(at)).place)
  return best
}

/** When the hold of a level ends that was deserved until some moment within it. */
const endOfHold = (scheme: TierScheme, around: Around, place: number, now: Date): Date => {
  const changes = changesBetween(scheme, around, back(now, scheme.holdDays), now.getTime() + 1)
  const falls = changes.sort((a, b) => b - a)
  const last = falls.find((at) => barePlace(scheme, around, new Date(at - 1)).place <= place)
  return back(last === undefined ? now : new Date(last), -scheme.holdDays)
}

/**
 * The level that counts: the best one deserved within the last `holdDays`. It depends on what happened and the moment alone, not on when
 * somebody looked, and nobody falls sooner than that after they rose.
 */
export const heldLevel = (scheme: TierScheme, around: Around, now: Date): Raw => {
  const raw = rawLevel(scheme, around, now)
  const { holdDays, levels } = scheme
  const best = bestPlace(scheme, around, raw.place, now)
  const kept = levels[best]
  const bare = levels[raw.place]
  if (best === raw.place || kept === undefined || bare === undefined) return raw
  const until = endOfHold(scheme, around, best, now).getTime()
  const held = because('tier.held', { days: holdDays, to: bare.name, kept: kept.name, until })
  return { ...raw, place: best, because: [...raw.because, held], next: nextAbove(scheme, around, now, best) }
}

/** The same without why. */
export const heldPlace = (scheme: TierScheme, around: Around, now: Date): Bare => {
  const bare = barePlace(scheme, around, now)
  const best = bestPlace(scheme, around, bare.place, now)
  const isOne = scheme.levels[best] !== undefined && scheme.levels[bare.place] !== undefined
  return best === bare.place || !isOne ? bare : { ...bare, place: best }
}

/** The moments after `from`, in milliseconds, at which the level that counts may change by time alone. */
export const heldMoments = (scheme: TierScheme, around: Around, from: Date): number[] => {
  const { how, holdDays } = scheme
  if (how.type !== 'rfm' && how.type !== 'value') return []
  // What is told of a moment to come counts from then on.
  const moments = touchedBetween(around, from.getTime(), Infinity)
  for (const at of orderMoments(scheme, around.ordersAt(from), from)) moments.push(at)
  if (holdDays === 0) return moments
  const hold = holdDays * dayMs
  const past = changesBetween(scheme, around, back(from, holdDays), from.getTime() + 1)
  const ends = [...past, ...moments].map((at) => at + hold)
  return [...moments, ...ends.filter((at) => at > from.getTime())]
}

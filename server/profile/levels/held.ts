import { because } from '@zhiyin/shared/because'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'
import { dayMs } from '../state/merge.ts'
import { orderMoments, rawLevel, type Around, type Raw } from './level.ts'

const back = (at: Date, days: number): Date => new Date(at.getTime() - days * dayMs)

/** What a level by orders looked like lately: at the beginning of the hold, after each order and each moment time changed it. */
const lookedAt = (scheme: TierScheme, around: Around, now: Date): Date[] => {
  const from = back(now, scheme.holdDays)
  const { orders } = around.ordersAt(now)
  return [from, ...orders.flatMap(({ at }) => (at > from && at < now ? [at] : []))]
}

/**
 * The level that counts: the best one deserved within the last `holdDays`. It depends on what happened and the moment alone, not on when
 * somebody looked, and nobody falls sooner than that after they rose. Stage and table schemes have no past to look at: theirs is today's.
 */
export const heldLevel = (scheme: TierScheme, around: Around, now: Date): Raw => {
  const raw = rawLevel(scheme, around, now)
  const { how, holdDays, levels } = scheme
  if (holdDays === 0 || raw.place === 0 || (how.type !== 'rfm' && how.type !== 'value')) return raw
  let best = raw
  for (const at of lookedAt(scheme, around, now)) {
    const then = rawLevel(scheme, around, at)
    if (then.place < best.place) best = then
  }
  const kept = levels[best.place]
  const bare = levels[raw.place]
  if (best === raw || kept === undefined || bare === undefined) return raw
  const held = because('tier.held', { days: holdDays, to: bare.name, kept: kept.name })
  return { ...raw, place: best.place, because: [...raw.because, held], next: null }
}

/** The moments after `from` at which the level that counts may change by time alone. */
export const heldMoments = (scheme: TierScheme, around: Around, from: Date): Date[] => {
  const { holdDays } = scheme
  const start = back(from, holdDays)
  const orders = around.ordersAt(from)
  if (holdDays === 0) return orderMoments(scheme, orders, from)
  const ends = [
    ...orderMoments(scheme, around.ordersAt(start), start),
    ...orderMoments(scheme, orders, start),
    ...around.touchedAt,
  ].map((at) => back(at, -holdDays))
  return [...orderMoments(scheme, orders, from), ...ends.filter((at) => at > from)]
}

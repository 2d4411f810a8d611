import { because, type Because } from '@zhiyin/shared/because'
import type { Stage, StageSettings } from '@zhiyin/shared/stage'
import { after, daysSince, fallsUnder, interactionsWithin, wholeDays, type Signals } from './signals.ts'

export type StageAnswer = { readonly stage: Stage; readonly because: readonly Because[] }

type Limits = { readonly silentDays: number; readonly lostDays: number; readonly rhythmDays: number | null }

/**
 * After how many days without interaction somebody counts as silent and as lost. With enough purchases one's own rhythm
 * (factor × median gap, at least a day) replaces the company's figure; a rhythm slower than the company's puts off `lost`
 * in the same proportion, so that nobody is lost before they are silent.
 */
export const limitsOf = (signals: Signals, settings: StageSettings): Limits => {
  const { medianGapDays, purchases } = signals
  if (medianGapDays === null || purchases < settings.rhythmMinOrders)
    return { silentDays: settings.silentDays, lostDays: settings.lostDays, rhythmDays: null }
  const silentDays = Math.max(1, medianGapDays * settings.rhythmFactor)
  const inProportion = (silentDays * settings.lostDays) / settings.silentDays
  return { silentDays, lostDays: Math.max(settings.lostDays, inProportion), rhythmDays: medianGapDays }
}

const lost = (s: Signals, limits: Limits, lastSeenAt: Date, now: Date): Because[] | null => {
  if (s.deletedAllAt !== null && s.deletedAllAt >= lastSeenAt)
    return [because('stage.lost_deleted', { at: s.deletedAllAt.getTime() })]
  if (daysSince(lastSeenAt, now) < limits.lostDays) return null
  return [because('stage.lost_days', { days: wholeDays(lastSeenAt, now), limit: Math.round(limits.lostDays) })]
}

const silent = (s: Signals, limits: Limits, lastSeenAt: Date, now: Date): Because[] | null => {
  if (daysSince(lastSeenAt, now) < limits.silentDays) return null
  const days = wholeDays(lastSeenAt, now)
  if (limits.rhythmDays === null || s.lastOrderAt === null)
    return [because('stage.silent_days', { days, limit: limits.silentDays })]
  const late = Math.max(0, Math.floor(daysSince(s.lastOrderAt, now) - limits.rhythmDays))
  return [because('stage.silent_rhythm', { days, median: limits.rhythmDays, late })]
}

const active = (s: Signals, limits: Limits, settings: StageSettings, now: Date): Because[] => {
  const { activeWindowDays: window, activeMinInteractions: min } = settings
  const count = interactionsWithin(s.interactions, window, now)
  const many = count >= min ? [because('stage.many_interactions', { window, count, min })] : []
  if (limits.rhythmDays === null || s.lastOrderAt === null || daysSince(s.lastOrderAt, now) >= limits.rhythmDays)
    return many
  const days = wholeDays(s.lastOrderAt, now)
  return [...many, because('stage.own_rhythm', { days, median: limits.rhythmDays })]
}

const isNew = (s: Signals, { newDays: limit }: StageSettings, now: Date): Because[] => {
  const within = (at: Date | null): at is Date => at !== null && daysSince(at, now) < limit
  if (within(s.firstContactAt))
    return [because('stage.first_contact', { days: wholeDays(s.firstContactAt, now), limit })]
  if (within(s.firstOrderAt)) return [because('stage.first_order', { days: wholeDays(s.firstOrderAt, now), limit })]
  return []
}

/** Between new and silent: a buyer is mature; somebody who only answers is active; who does neither has yet to begin. */
const between = (s: Signals, lastSeenAt: Date, now: Date): StageAnswer => {
  const days = wholeDays(lastSeenAt, now)
  const orders = s.orders.length
  if (orders > 1) return { stage: 'mature', because: [because('stage.repeat_buyer', { orders, days })] }
  if (orders === 1) return { stage: 'mature', because: [because('stage.once_buyer', { orders, days })] }
  if (s.firstReplyAt !== null) return { stage: 'active', because: [because('stage.in_touch', { days })] }
  return { stage: 'potential', because: [because('stage.never_interacted')] }
}

/** The lifecycle stage at a moment, and why. Source of the rules: product/domain.md, “Lifecycle stages”. */
export const stageAt = (s: Signals, settings: StageSettings, now: Date): StageAnswer => {
  const begun = s.firstContactAt ?? s.firstOrderAt ?? s.firstReplyAt
  if (begun === null || s.lastSeenAt === null)
    return { stage: 'potential', because: [because('stage.never_interacted')] }
  const limits = limitsOf(s, settings)
  const lostBecause = lost(s, limits, s.lastSeenAt, now)
  if (lostBecause !== null) return { stage: 'lost', because: lostBecause }
  const silentBecause = silent(s, limits, s.lastSeenAt, now)
  if (silentBecause !== null) return { stage: 'silent', because: silentBecause }
  const activeBecause = active(s, limits, settings, now)
  if (activeBecause.length > 0) return { stage: 'active', because: activeBecause }
  const newBecause = isNew(s, settings, now)
  if (newBecause.length > 0) return { stage: 'new', because: newBecause }
  return between(s, s.lastSeenAt, now)
}

/** Every later moment at which time alone may change the stage, in no order. */
export const stageBoundaries = (s: Signals, settings: StageSettings, now: Date): Date[] => {
  const limits = limitsOf(s, settings)
  const { activeWindowDays, activeMinInteractions } = settings
  return [
    s.lastSeenAt && after(s.lastSeenAt, limits.silentDays),
    s.lastSeenAt && after(s.lastSeenAt, limits.lostDays),
    s.firstContactAt && after(s.firstContactAt, settings.newDays),
    s.firstOrderAt && after(s.firstOrderAt, settings.newDays),
    s.lastOrderAt && limits.rhythmDays !== null ? after(s.lastOrderAt, limits.rhythmDays) : null,
    fallsUnder(s.interactions, activeWindowDays, activeMinInteractions, now),
  ].filter((at): at is Date => at !== null && at > now)
}

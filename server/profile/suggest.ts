import { because, type Because } from '@zhiyin/shared/because'
import { rhythmPurchases } from '@zhiyin/shared/condition'
import type { Suggestion } from '@zhiyin/shared/customer'
import { daysSince, wholeDays } from './signals.ts'
import { talkTracks, type Occasion } from './talk-tracks.ts'
import type { CustomerView } from './view.ts'

/** What rules and contents have ready for a customer now: a waiting send first, then contents that fit. */
export type SuggestContents = (view: CustomerView) => Promise<Omit<Suggestion, 'id'>[]>

type Chosen = { readonly occasion: Occasion; readonly because: Because }

const freshDays = 7
const recentOrderDays = 7
/** Of one's own cycle, when it is time to speak of the next order. */
const almostDue = 0.8

/** What there is to speak of, the most pressing first; there is always something. */
export const occasionsOf = (view: CustomerView, now: Date): Chosen[] => {
  const { stage, lastOrderAt, lastSeenAt, medianGapDays, orders, purchases } = view
  const chosen: Chosen[] = []
  const add = (occasion: Occasion, code: Parameters<typeof because>[0], params: Because['params']): void => {
    chosen.push({ occasion, because: because(code, params) })
  }
  const seenDays = lastSeenAt === null ? 0 : wholeDays(lastSeenAt, now)
  if (stage.stage === 'silent' || stage.stage === 'lost') add('wake', 'suggest.wake', { days: seenDays })
  if (lastOrderAt !== null && medianGapDays !== null && purchases >= rhythmPurchases) {
    const passed = daysSince(lastOrderAt, now)
    if (passed >= medianGapDays * almostDue) add('rhythm', 'suggest.rhythm', { median: medianGapDays })
  }
  if (lastOrderAt !== null && daysSince(lastOrderAt, now) < recentOrderDays)
    add('after_order', 'suggest.after_order', { days: wholeDays(lastOrderAt, now) })
  const added = view.follows.find((follow) => follow.state === 'following')?.since
  if (orders === 0 && added !== undefined && daysSince(added, now) < freshDays)
    add('welcome', 'suggest.welcome', { days: wholeDays(added, now) })
  if (chosen.length === 0) add('keep', 'suggest.keep', { days: seenDays })
  return chosen
}

const most = 5

/** What to say now, each with its reason: first what rules and contents have ready, then talk tracks for the occasion. */
export const suggest = async (
  view: CustomerView,
  now: Date,
  suggestContents: SuggestContents,
): Promise<Suggestion[]> => {
  const ready = (await suggestContents(view)).map((one, i): Suggestion => {
    const from = one.intentId ?? one.contentId ?? String(i)
    return { ...one, id: `${one.intentId === undefined ? 'content' : 'intent'}:${from}` }
  })
  const tracks = occasionsOf(view, now).map(({ occasion, because: reason }): Suggestion => {
    const track = talkTracks[occasion]
    const text = (track.byTier?.[view.tier.tier] ?? track.text).replaceAll('{name}', view.name)
    return { id: `track:${occasion}`, text, because: [reason] }
  })
  return [...ready, ...tracks].slice(0, most)
}

import type { Because } from '@zhiyin/shared/because'
import type { Condition } from '@zhiyin/shared/condition'
import type { Stage } from '@zhiyin/shared/stage'
import type { RfmScores } from '@zhiyin/shared/tier'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'
import type { RfmDetail } from '../place/place.ts'
import type { StandingOrder } from '../signals.ts'
import { measured } from './measures.ts'
import { otherLevel, otherPlace } from './other.ts'
import { placeBy, reached, scoresOf } from './place-by.ts'
import { rfmLevel, rfmMoments, rfmNext } from './rfm.ts'
import { valueLevel, valueMoments, valueNext } from './value.ts'

/** The orders that stood at some moment, oldest first. */
export type Orders = { readonly orders: readonly StandingOrder[]; readonly lastOrderAt: Date | null }

/** A level by itself, before any hold: its place among the levels (0 is the best), why, and what would move the customer up. */
export type Raw = {
  readonly place: number
  readonly because: readonly Because[]
  readonly next: readonly Because[]
  readonly rfm: RfmDetail | null
}

export type Bare = { readonly place: number; readonly scores: RfmScores | null }

/** What a scheme may look at. */
export type Around = {
  /** The orders that stood at a moment; what was refunded later still counted then. */
  readonly ordersAt: (at: Date) => Orders
  /** When orders were placed or refunded. */
  readonly touchedAt: readonly Date[]
  readonly stage: { readonly stage: Stage; readonly because: readonly Because[] }
  /** What a stage takes, in numbers. */
  readonly stageTakes: (stage: Stage) => readonly Because[]
  readonly meets: (condition: Condition) => boolean
  /** Why a condition is met, or is not. */
  readonly why: (condition: Condition) => readonly Because[]
}

/** The level a customer has by a scheme at a moment. */
export const rawLevel = (scheme: TierScheme, around: Around, at: Date): Raw => {
  const { how } = scheme
  if (how.type === 'rfm') return rfmLevel(how, scheme, around.ordersAt(at), at)
  if (how.type === 'value') return valueLevel(how, scheme, around.ordersAt(at), at)
  return otherLevel(how, scheme, around)
}

/** What would move a customer above a place that is kept for them; stages and conditions have no hold. */
export const nextAbove = ({ how, levels }: TierScheme, around: Around, at: Date, place: number): readonly Because[] => {
  if (how.type === 'rfm') return rfmNext(how, levels, measured(around.ordersAt(at), how.windowDays, at), place)
  if (how.type === 'value') return valueNext(how, levels, measured(around.ordersAt(at), how.windowDays, at), place)
  return []
}

/** A level without why: what is asked of one moment after the other. */
export const barePlace = (scheme: TierScheme, around: Around, at: Date): Bare => {
  const { how } = scheme
  if (how.type === 'rfm') {
    const scores = scoresOf(how, measured(around.ordersAt(at), how.windowDays, at))
    return { place: reached(scores, how.sums), scores }
  }
  if (how.type === 'value')
    return { place: placeBy(how, measured(around.ordersAt(at), how.windowDays, at)), scores: null }
  return { place: otherPlace(how, scheme, around), scores: null }
}

/** The moments after `from`, in milliseconds, at which time alone may change the level by orders; those of stages and conditions are not this scheme's own. */
export const orderMoments = ({ how }: TierScheme, orders: Orders, from: Date): readonly number[] => {
  if (how.type === 'rfm') return rfmMoments(how, orders, from)
  return how.type === 'value' ? valueMoments(how, orders, from) : []
}

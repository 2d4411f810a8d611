import { rhythmPurchases } from '@zhiyin/shared/condition'
import { dayMs } from './events.ts'
import type { CustomerFilter } from './filter.ts'
import type { Subject } from './types.ts'

type Rhythmic = Pick<Subject, 'purchases' | 'lastOrderAt' | 'medianGapDays'>
type Due = { readonly at: Date; readonly lastOrderAt: Date; readonly medianGapDays: number }
/** From when on a customer is late by so many of their own gaps. */
export type LateFrom = { readonly gaps: number; readonly at: Date }

/** From when on a customer bought last so many of their own usual gaps ago; null: they have no rhythm yet. */
export const rhythmDue = (factor: number, { purchases, lastOrderAt, medianGapDays }: Rhythmic): Due | null =>
  purchases < rhythmPurchases || lastOrderAt === null || medianGapDays === null
    ? null
    : { at: new Date(lastOrderAt.getTime() + Math.ceil(medianGapDays * (factor * dayMs))), lastOrderAt, medianGapDays }

/** The gaps for which the moment is kept with each customer; the first is the fewest a condition may ask for. */
const keptGaps = [0.5, 1, 1.5, 2, 3, 5] as const

/** The moments that are kept, so that an index finds who is late; none without a rhythm. */
export const lateFromOf = (rhythmic: Rhythmic): LateFrom[] =>
  keptGaps.flatMap((gaps) => {
    const due = rhythmDue(gaps, rhythmic)
    return due === null ? [] : [{ gaps, at: due.at }]
  })

/**
 * The same in the database: the index of kept moments finds who was late by the most gaps that are kept and not more than asked for, and
 * of those few each is compared with their own gap.
 */
export const rhythmFilter = (factor: number, now: Date): CustomerFilter => ({
  lateFrom: { $elemMatch: { gaps: keptGaps.findLast((gaps) => gaps <= factor) ?? keptGaps[0], at: { $lte: now } } },
  $expr: { $lte: [{ $multiply: ['$medianGapDays', factor * dayMs] }, { $subtract: [now, '$lastOrderAt'] }] },
})

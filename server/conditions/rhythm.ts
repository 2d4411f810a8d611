import { rhythmOrders } from '@zhiyin/shared/condition'
import { dayMs } from './events.ts'
import type { CustomerFilter } from './filter.ts'
import type { Subject } from './types.ts'

type Rhythmic = Pick<Subject, 'orders' | 'lastOrderAt' | 'medianGapDays'>
type Due = { readonly at: Date; readonly lastOrderAt: Date; readonly medianGapDays: number }

/** From when on a customer bought last so many of their own usual gaps ago; null: they have no rhythm yet. */
export const rhythmDue = (factor: number, { orders, lastOrderAt, medianGapDays }: Rhythmic): Due | null =>
  orders < rhythmOrders || lastOrderAt === null || medianGapDays === null
    ? null
    : { at: new Date(lastOrderAt.getTime() + Math.ceil(medianGapDays * (factor * dayMs))), lastOrderAt, medianGapDays }

/** The same in the database: the index on orders leaves the few who bought often, of whom each has a gap of their own to compare with. */
export const rhythmFilter = (factor: number, now: Date): CustomerFilter => ({
  orders: { $gte: rhythmOrders },
  lastOrderAt: { $type: 'date' },
  medianGapDays: { $type: 'number' },
  $expr: { $lte: [{ $multiply: ['$medianGapDays', factor * dayMs] }, { $subtract: [now, '$lastOrderAt'] }] },
})

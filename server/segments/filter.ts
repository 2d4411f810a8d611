import type { Condition } from '@zhiyin/shared/rule'
import { filterFields, type CustomerFilter } from '../profile/read.ts'

const dayMs = 86_400_000

/** The same condition as a MongoDB filter over the customers' indexed fields; nested as deeply as the condition is. */
export const toFilter = (condition: Condition, now: Date): CustomerFilter => {
  switch (condition.type) {
    case 'all': {
      const parts = condition.of.map((part) => toFilter(part, now))
      return parts.length === 0 ? {} : { $and: parts }
    }
    case 'any':
      return { $or: condition.of.map((part) => toFilter(part, now)) }
    case 'not':
      return { $nor: [toFilter(condition.of, now)] }
    case 'stage':
      return { [filterFields.stage]: { $in: condition.in } }
    case 'tier':
      return { [filterFields.tier]: { $in: condition.in } }
    case 'tag':
      return { [filterFields.tagIds]: condition.tagId }
    case 'silent':
      // A date is never compared with null, so whoever was never seen is not silent here either.
      return { [filterFields.lastSeenAt]: { $lte: new Date(now.getTime() - condition.minDays * dayMs) } }
    case 'orders':
      return { [filterFields.orders]: { [condition.op === 'gte' ? '$gte' : '$lte']: condition.value } }
  }
}

/** Of those a filter takes, who can be written to in WeCom: held by one of these reps (null: by anybody). */
export const reachable = (filter: CustomerFilter, userids: readonly string[] | null): CustomerFilter => ({
  $and: [filter, { externalUserId: { $type: 'string' } }, userids === null ? {} : { heldBy: { $in: [...userids] } }],
})

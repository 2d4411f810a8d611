import type { Condition } from '@zhiyin/shared/condition'
import { attributeFilters } from './attribute.ts'
import { atLeast, pairFilter } from './events.ts'
import { rhythmFilter } from './rhythm.ts'
import { seenFilter, silentFilter } from './seen.ts'

/** A MongoDB filter over the customers' fields of `Subject`. */
export type CustomerFilter = Readonly<Record<string, unknown>>

type Parts = readonly Condition[]

/** One of several tags: one look into the index for all of them. */
const ofTags = (parts: Parts): CustomerFilter | null => {
  const tagIds = parts.flatMap((part) => (part.type === 'tag' ? [part.tagId] : []))
  return tagIds.length === parts.length ? { tagIds: { $in: tagIds } } : null
}

/** “Not silent for so long” as a range, where another part asks for silence and so leaves out whoever was never seen. */
const besides = (parts: Parts, part: Condition, now: Date): CustomerFilter | null =>
  part.type === 'not' && part.of.type === 'silent' && parts.some(({ type }) => type === 'silent')
    ? seenFilter(part.of.minDays, now)
    : null

/** The same condition as a MongoDB filter over the customers' indexed fields; nested as deeply as the condition is. */
export const toFilter = (condition: Condition, now: Date): CustomerFilter => {
  switch (condition.type) {
    case 'all': {
      const asked = condition.of.flatMap((part) => (part.type === 'attribute' ? [part] : []))
      const others = condition.of.filter(({ type }) => type !== 'attribute')
      const parts = [
        ...attributeFilters(asked, now),
        ...others.map((part) => besides(others, part, now) ?? toFilter(part, now)),
      ]
      return parts.length === 0 ? {} : { $and: parts }
    }
    case 'any':
      return ofTags(condition.of) ?? { $or: condition.of.map((part) => toFilter(part, now)) }
    case 'not':
      return { $nor: [toFilter(condition.of, now)] }
    case 'stage':
      return { 'stage.stage': { $in: condition.in } }
    case 'tier':
      return { 'tier.tier': { $in: condition.in } }
    case 'tag':
      return { tagIds: condition.tagId }
    case 'silent':
      return silentFilter(condition.minDays, now)
    case 'rhythm':
      return rhythmFilter(condition.factor, now)
    case 'orders':
      return { orders: { [condition.op === 'gte' ? '$gte' : '$lte']: condition.value } }
    case 'level':
      return { levels: { $elemMatch: { scheme: condition.schemeId, level: { $in: condition.in } } } }
    case 'attribute': {
      const [filter = {}] = attributeFilters([condition], now)
      return filter
    }
    case 'event': {
      const { op, count } = condition
      return op === 'gte' ? atLeast(condition, count, now) : { $nor: [atLeast(condition, count + 1, now)] }
    }
    case 'sequence':
      return pairFilter(condition, now)
    case 'group':
      return { groupIds: { $in: condition.chatIds } }
    case 'segment':
      return { 'segments.id': condition.segmentId }
  }
}

/** Of those a filter takes, the ones somebody may see: customers of these reps; null: everybody. */
export const seenBy = (filter: CustomerFilter, scope: readonly string[] | null): CustomerFilter =>
  scope === null ? filter : { $and: [filter, { heldBy: { $in: [...scope] } }] }

/** Whoever may be profiled: tag rules, and segments with a condition, have nobody else. */
export const profiled = (needsGrant: boolean): CustomerFilter => ({
  'consents.profiling': needsGrant ? 'granted' : { $ne: 'withdrawn' },
})

/** Of those a filter takes, who can be written to in WeCom: held by one of these reps (null: by anybody). */
export const reachable = (filter: CustomerFilter, userids: readonly string[] | null): CustomerFilter => ({
  $and: [filter, { externalUserId: { $type: 'string' } }, userids === null ? {} : { heldBy: { $in: [...userids] } }],
})

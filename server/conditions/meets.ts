import type { Condition } from '@zhiyin/shared/condition'
import { attributeMeets } from './attribute.ts'
import { dayMs, happened, lastPair } from './events.ts'
import { rhythmDue } from './rhythm.ts'
import type { Subject } from './types.ts'

/**
 * Whether a customer meets a condition, without the evidence: most of what is asked of a customer is asked again and again for a yes or a
 * no, and reasons cost several times as much. `evaluate` gives them and asks this of every leaf.
 */
export const meets = (condition: Condition, view: Subject, now: Date): boolean => {
  switch (condition.type) {
    case 'all':
      return condition.of.every((part) => meets(part, view, now))
    case 'any':
      return condition.of.some((part) => meets(part, view, now))
    case 'not':
      return !meets(condition.of, view, now)
    case 'stage':
      return condition.in.includes(view.stage.stage)
    case 'tier':
      return condition.in.includes(view.tier.tier)
    case 'tag':
      return view.tagIds.includes(condition.tagId)
    case 'silent':
      return view.lastSeenAt !== null && now.getTime() - view.lastSeenAt.getTime() >= condition.minDays * dayMs
    case 'rhythm': {
      const due = rhythmDue(condition.factor, view)
      return due !== null && now >= due.at
    }
    case 'orders':
      return condition.op === 'gte' ? view.orders >= condition.value : view.orders <= condition.value
    case 'level':
      return condition.in.includes(levelIn(view, condition.schemeId))
    case 'attribute': {
      const value = attributeIn(view, condition.key)
      return value !== undefined && attributeMeets(condition, value, now)
    }
    case 'event': {
      const count = happened(view.events, condition.of, condition.withinDays, now)
      return condition.op === 'gte' ? count >= condition.count : count <= condition.count
    }
    case 'sequence':
      return lastPair(view.events, condition, now) !== null
    case 'group':
      return condition.chatIds.some((chatId) => view.groupIds.includes(chatId))
    case 'segment':
      return view.segments.some(({ id }) => id === condition.segmentId)
  }
}

export const levelIn = ({ levels }: Subject, schemeId: string): string =>
  levels.find(({ scheme }) => scheme === schemeId)?.level ?? ''

export const attributeIn = ({ attrs }: Subject, key: string): Subject['attrs'][number]['v'] | undefined =>
  attrs.find(({ k }) => k === key)?.v

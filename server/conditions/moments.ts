import { leavesOf, type Condition } from '@zhiyin/shared/condition'
import { attributeMoments } from './attribute.ts'
import { dayMs, lastPair, leavesAt } from './events.ts'
import { attributeIn } from './meets.ts'
import { onceFor } from './once-for.ts'
import { rhythmDue } from './rhythm.ts'
import type { Subject } from './types.ts'

const ofLeaf = (leaf: Condition, subject: Subject, now: Date): Date[] => {
  switch (leaf.type) {
    case 'silent':
      return subject.lastSeenAt === null ? [] : [new Date(subject.lastSeenAt.getTime() + leaf.minDays * dayMs)]
    case 'rhythm':
      return [rhythmDue(leaf.factor, subject)?.at ?? []].flat()
    case 'event':
      return leavesAt(subject.events, leaf, leaf.op === 'gte' ? leaf.count : leaf.count + 1)
    case 'sequence': {
      const at = lastPair(subject.events, leaf, now)
      return at === null || leaf.sinceDays === null ? [] : [new Date(at.getTime() + leaf.sinceDays * dayMs)]
    }
    case 'attribute': {
      const value = attributeIn(subject, leaf.key)
      return value === undefined ? [] : attributeMoments(leaf.test, value)
    }
    default:
      return []
  }
}

/** The parts of a condition whose answer time alone may change; of most conditions there are none. */
const timedLeaves = onceFor((condition: Condition): readonly Condition[] =>
  leavesOf(condition).filter((leaf) => {
    switch (leaf.type) {
      case 'silent':
      case 'rhythm':
        return true
      case 'event':
        return leaf.withinDays !== null
      case 'sequence':
        return leaf.sinceDays !== null
      case 'attribute':
        return leaf.test.op === 'within_days' || leaf.test.op === 'older_days'
      default:
        return false
    }
  }),
)

/** The moments after `now` at which time alone may change what a condition says of a customer, in no order. */
export const momentsOf = (condition: Condition, subject: Subject, now: Date): Date[] => {
  const leaves = timedLeaves(condition)
  return leaves.length === 0 ? [] : leaves.flatMap((leaf) => ofLeaf(leaf, subject, now)).filter((at) => at > now)
}

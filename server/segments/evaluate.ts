import { because, type Because } from '@zhiyin/shared/because'
import type { Condition } from '@zhiyin/shared/rule'
import type { CustomerView } from '../profile/read.ts'

const dayMs = 86_400_000

/** Whether a customer meets a condition, and the evidence either way. */
export type Verdict = { readonly met: boolean; readonly because: Because[] }

const silent = (minDays: number, lastSeenAt: Date | null, now: Date): Verdict => {
  if (lastSeenAt === null) return { met: false, because: [because('rule.never_seen', { min: minDays })] }
  const passed = now.getTime() - lastSeenAt.getTime()
  const days = Math.max(0, Math.floor(passed / dayMs))
  return { met: passed >= minDays * dayMs, because: [because('rule.silent_for', { days, min: minDays })] }
}

/** All parts must hold; where one does not, only those that do not are the reason. */
const allOf = (parts: readonly Verdict[]): Verdict => {
  if (parts.length === 0) return { met: true, because: [because('rule.everyone')] }
  const failed = parts.filter((part) => !part.met)
  return { met: failed.length === 0, because: (failed.length === 0 ? parts : failed).flatMap((part) => part.because) }
}

/** One part is enough; those that hold are the reason, or all where none does. */
const anyOf = (parts: readonly Verdict[]): Verdict => {
  const held = parts.filter((part) => part.met)
  return { met: held.length > 0, because: (held.length > 0 ? held : parts).flatMap((part) => part.because) }
}

/** Works a condition out in memory: pure, and the same answer as `toFilter` gives in the database. */
export const evaluate = (condition: Condition, view: CustomerView, now: Date): Verdict => {
  switch (condition.type) {
    case 'all':
      return allOf(condition.of.map((part) => evaluate(part, view, now)))
    case 'any':
      return anyOf(condition.of.map((part) => evaluate(part, view, now)))
    case 'not': {
      const inner = evaluate(condition.of, view, now)
      return inner.met
        ? { met: false, because: [because('rule.excluded'), ...inner.because] }
        : { met: true, because: [because('rule.not'), ...inner.because] }
    }
    case 'stage': {
      const value = view.stage.stage
      const met = condition.in.includes(value)
      return { met, because: [because(met ? 'rule.stage_is' : 'rule.stage_not', { value })] }
    }
    case 'tier': {
      const value = view.tier.tier
      const met = condition.in.includes(value)
      return { met, because: [because(met ? 'rule.tier_is' : 'rule.tier_not', { value })] }
    }
    case 'tag': {
      const met = view.tagIds.includes(condition.tagId)
      return { met, because: [because(met ? 'rule.tag_has' : 'rule.tag_lacks', { value: condition.tag })] }
    }
    case 'silent':
      return silent(condition.minDays, view.lastSeenAt, now)
    case 'orders': {
      const { op, value } = condition
      const met = op === 'gte' ? view.orders >= value : view.orders <= value
      return { met, because: [because('rule.orders', { count: view.orders, op: op === 'gte' ? '≥' : '≤', value })] }
    }
  }
}

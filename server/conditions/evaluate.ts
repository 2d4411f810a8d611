import type { AttributeValue } from '@zhiyin/shared/attribute'
import { because, type Because } from '@zhiyin/shared/because'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import type { Condition } from '@zhiyin/shared/condition'
import { attributeMeets } from './attribute.ts'
import { rhythmDue } from './rhythm.ts'
import { happened, lastPair } from './events.ts'
import type { Subject } from './types.ts'

const dayMs = 86_400_000

/** Whether a customer meets a condition, and the evidence either way. */
export type Verdict = { readonly met: boolean; readonly because: Because[] }

const silent = (minDays: number, lastSeenAt: Date | null, now: Date): Verdict => {
  if (lastSeenAt === null) return { met: false, because: [because('rule.never_seen', { min: minDays })] }
  const passed = now.getTime() - lastSeenAt.getTime()
  const days = Math.max(0, Math.floor(passed / dayMs))
  return { met: passed >= minDays * dayMs, because: [because('rule.silent_for', { days, min: minDays })] }
}

const rhythm = (factor: number, subject: Subject, now: Date): Verdict => {
  const due = rhythmDue(factor, subject)
  if (due === null) return { met: false, because: [because('rule.no_rhythm')] }
  const { at, lastOrderAt, medianGapDays: median } = due
  const days = Math.max(0, Math.floor((now.getTime() - lastOrderAt.getTime()) / dayMs))
  return { met: now >= at, because: [because('rule.rhythm', { days, median, factor })] }
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

/** Of attributes that managers have made the condition says so. */
const moneyKeys: ReadonlySet<string> = new Set(
  builtInAttributes.flatMap(({ key, type }) => (type === 'money' ? [key] : [])),
)

const attributeBecause = (
  { key: asked, name, money = false, test }: Omit<Extract<Condition, { type: 'attribute' }>, 'type'>,
  value: AttributeValue | undefined,
  met: boolean,
): Because => {
  const key = name ?? asked
  if (value === undefined) return because('rule.attribute_unknown', { key })
  if (value instanceof Date)
    return because(met ? 'rule.attribute_date' : 'rule.attribute_date_not', { key, at: value.getTime() })
  if (typeof value === 'number' && (test.op === 'at_least' || test.op === 'at_most')) {
    const code = money || moneyKeys.has(asked) ? 'rule.attribute_money' : 'rule.attribute_size'
    return because(code, { key, value, op: test.op === 'at_least' ? '≥' : '≤', want: test.value })
  }
  const text = typeof value === 'object' ? value.slice(0, 5).join('、') : value
  return because(met ? 'rule.attribute_is' : 'rule.attribute_not', { key, value: text })
}

/** Works a condition out in memory: pure, and the same answer as `toFilter` gives in the database. */
export const evaluate = (condition: Condition, view: Subject, now: Date): Verdict => {
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
    case 'rhythm':
      return rhythm(condition.factor, view, now)
    case 'orders': {
      const { op, value } = condition
      const met = op === 'gte' ? view.orders >= value : view.orders <= value
      return { met, because: [because('rule.orders', { count: view.orders, op: op === 'gte' ? '≥' : '≤', value })] }
    }
    case 'level': {
      const value = view.levels.find(({ scheme }) => scheme === condition.schemeId)?.level ?? ''
      const met = condition.in.includes(value)
      const name = condition.names?.[value] ?? value
      return { met, because: [because(met ? 'rule.level_is' : 'rule.level_not', { value: name })] }
    }
    case 'attribute': {
      const value = view.attrs.find(({ k }) => k === condition.key)?.v
      const met = value !== undefined && attributeMeets(condition.test, value, now)
      return { met, because: [attributeBecause(condition, value, met)] }
    }
    case 'event': {
      const { of, op, count: wanted, withinDays } = condition
      const count = happened(view.events, of, withinDays, now)
      const params = { event: of.name ?? of.event, count, op: op === 'gte' ? '≥' : '≤', value: wanted }
      return {
        met: op === 'gte' ? count >= wanted : count <= wanted,
        because: [
          withinDays === null
            ? because('rule.event_ever', params)
            : because('rule.event_within', { ...params, days: withinDays }),
        ],
      }
    }
    case 'sequence': {
      const { first, next, withinDays } = condition
      const met = lastPair(view.events, condition, now) !== null
      const params = { first: first.name ?? first.event, next: next.name ?? next.event, days: withinDays }
      return { met, because: [because(met ? 'rule.sequence' : 'rule.no_sequence', params)] }
    }
    case 'group': {
      const met = condition.chatIds.some((chatId) => view.groupIds.includes(chatId))
      return {
        met,
        because: [because(met ? 'rule.in_group' : 'rule.not_in_group', { count: condition.chatIds.length })],
      }
    }
    case 'segment': {
      const met = view.segments.some(({ id }) => id === condition.segmentId)
      return { met, because: [because(met ? 'rule.in_segment' : 'rule.not_in_segment', { value: condition.segment })] }
    }
  }
}

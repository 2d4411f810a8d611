import type { AttributeValue } from '@zhiyin/shared/attribute'
import { because, type Because } from '@zhiyin/shared/because'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import type { Condition } from '@zhiyin/shared/condition'
import { rhythmDue } from './rhythm.ts'
import { dayMs, happened } from './events.ts'
import { attributeIn, levelIn, meets } from './meets.ts'
import type { Subject } from './types.ts'

/** Whether a customer meets a condition, and the evidence either way. */
export type Verdict = { readonly met: boolean; readonly because: Because[] }

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

const daysSince = (at: Date, now: Date): number => Math.max(0, Math.floor((now.getTime() - at.getTime()) / dayMs))

type Leaf = Exclude<Condition, { type: 'all' | 'any' | 'not' }>

/** The evidence of what has no parts. */
const leafBecause = (leaf: Leaf, view: Subject, now: Date, met: boolean): Because => {
  switch (leaf.type) {
    case 'stage':
      return because(met ? 'rule.stage_is' : 'rule.stage_not', { value: view.stage.stage })
    case 'tier':
      return because(met ? 'rule.tier_is' : 'rule.tier_not', { value: view.tier.tier })
    case 'tag':
      return because(met ? 'rule.tag_has' : 'rule.tag_lacks', { value: leaf.tag })
    case 'silent': {
      const min = leaf.minDays
      if (view.lastSeenAt === null) return because('rule.never_seen', { min })
      return because('rule.silent_for', { days: daysSince(view.lastSeenAt, now), min })
    }
    case 'rhythm': {
      const due = rhythmDue(leaf.factor, view)
      if (due === null) return because('rule.no_rhythm')
      const days = daysSince(due.lastOrderAt, now)
      return because('rule.rhythm', { days, median: due.medianGapDays, factor: leaf.factor })
    }
    case 'orders': {
      const { op, value } = leaf
      return because('rule.orders', { count: view.orders, op: op === 'gte' ? '≥' : '≤', value })
    }
    case 'level': {
      const value = levelIn(view, leaf.schemeId)
      return because(met ? 'rule.level_is' : 'rule.level_not', { value: leaf.names?.[value] ?? value })
    }
    case 'attribute':
      return attributeBecause(leaf, attributeIn(view, leaf.key), met)
    case 'event': {
      const { of, op, count: wanted, withinDays } = leaf
      const count = happened(view.events, of, withinDays, now)
      const params = { event: of.name ?? of.event, count, op: op === 'gte' ? '≥' : '≤', value: wanted }
      return withinDays === null
        ? because('rule.event_ever', params)
        : because('rule.event_within', { ...params, days: withinDays })
    }
    case 'sequence': {
      const { first, next, withinDays } = leaf
      const params = { first: first.name ?? first.event, next: next.name ?? next.event, days: withinDays }
      return because(met ? 'rule.sequence' : 'rule.no_sequence', params)
    }
    case 'group':
      return because(met ? 'rule.in_group' : 'rule.not_in_group', { count: leaf.chatIds.length })
    case 'segment':
      return because(met ? 'rule.in_segment' : 'rule.not_in_segment', { value: leaf.segment })
  }
}

/** Works a condition out in memory: pure, and the same answer as `meets`, and as `toFilter` gives in the database. */
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
    default: {
      const met = meets(condition, view, now)
      return { met, because: [leafBecause(condition, view, now, met)] }
    }
  }
}

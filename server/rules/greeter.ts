import { because, type Because } from '@zhiyin/shared/because'
import type { AddedHours, Trigger } from '@zhiyin/shared/rule'
import { minutesOf, zonedTime } from '@zhiyin/shared/zone'
import type { RuleDoc } from './rules.model.ts'

/** One add, as far as a rule may ask about it. */
export type Added = {
  readonly channelId: string | null
  readonly channel: string | null
  readonly userid: string
  readonly at: Date
  /** Held before or by another rep, or has bought. */
  readonly returning: boolean
}

type AddedTrigger = Extract<Trigger, { type: 'customer.added' }>
type Greeting = Pick<RuleDoc, '_id' | 'trigger' | 'steps' | 'condition' | 'updatedAt'>

/** Past midnight a window still belongs to the day on which it began. */
const inHours = ({ from, to, weekdays }: AddedHours, at: Date, zone: string): boolean => {
  const { minutes, weekday } = zonedTime(at, zone)
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  const on = (day: number): boolean => weekdays.length === 0 || weekdays.includes(day)
  if (begin === end) return on(weekday)
  if (begin < end) return on(weekday) && minutes >= begin && minutes < end
  return (on(weekday) && minutes >= begin) || (on(weekday === 1 ? 7 : weekday - 1) && minutes < end)
}

const names = (list: readonly string[] | undefined): boolean => list !== undefined && list.length > 0

/** Why an add takes its customer into a rule with this trigger; null: it does not. */
export const addedReasons = (trigger: AddedTrigger, added: Added, zone: string): Because[] | null => {
  const { channelIds, userids, who, hours } = trigger
  if (names(channelIds) && !channelIds.some((id) => id === added.channelId)) return null
  // WeCom spells userids in any case.
  const rep = added.userid.toLowerCase()
  if (userids !== undefined && names(userids) && !userids.some((id) => id.toLowerCase() === rep)) return null
  if (who !== undefined && (who === 'returning') !== added.returning) return null
  if (hours !== undefined && !inHours(hours, added.at, zone)) return null
  return [
    added.channel === null ? because('rule.added_any') : because('rule.added', { channel: added.channel }),
    ...(who === undefined ? [] : [because(who === 'returning' ? 'rule.returning' : 'rule.newcomer')]),
    ...(hours === undefined ? [] : [because('rule.hours', { from: hours.from, to: hours.to })]),
  ]
}

/** A rule whose first step greets by the welcome message. */
export const greets = ({ trigger, steps }: Pick<RuleDoc, 'trigger' | 'steps'>): boolean =>
  trigger.type === 'customer.added' && steps[0]?.type === 'send' && steps[0].channel === 'welcome'

/** What makes a rule more specific than another, the strongest first. */
const strengths = ['channel', 'rep', 'who', 'hours', 'condition'] as const

const strengthOf = ({ trigger, condition }: Greeting): Record<(typeof strengths)[number], boolean> => {
  const added = trigger.type === 'customer.added' ? trigger : null
  return {
    channel: names(added?.channelIds),
    rep: names(added?.userids),
    who: added?.who !== undefined,
    hours: added?.hours !== undefined,
    condition: condition.type !== 'all' || condition.of.length > 0,
  }
}

/** By what `a` goes before `b`; null when nothing but their ids tells them apart. */
const beats = (a: Greeting, b: Greeting): { by: string; order: number } => {
  const [mine, other] = [strengthOf(a), strengthOf(b)]
  const by = strengths.find((strength) => mine[strength] !== other[strength])
  if (by !== undefined) return { by, order: mine[by] ? -1 : 1 }
  const later = b.updatedAt.getTime() - a.updatedAt.getTime()
  return { by: 'latest', order: later !== 0 ? later : a._id < b._id ? -1 : 1 }
}

export type Greeter<R> = { readonly rule: R; readonly because: readonly Because[] }

/**
 * The one rule that greets this customer: of those that fit and whose condition is met, the most specific. Channel goes before rep,
 * rep before new or known, then hours, then any condition; of equal ones the one changed last. null: nobody greets.
 */
export const greeterOf = <R extends Greeting>(
  rules: readonly R[],
  added: Added,
  zone: string,
  met: (rule: R) => { met: boolean; because: readonly Because[] },
): Greeter<R> | null => {
  const fitting = rules.flatMap((rule) => {
    if (!greets(rule) || rule.trigger.type !== 'customer.added') return []
    const reasons = addedReasons(rule.trigger, added, zone)
    if (reasons === null) return []
    const answer = met(rule)
    return answer.met ? [{ rule, because: [...reasons, ...answer.because] }] : []
  })
  const [first, second] = fitting.sort((a, b) => beats(a.rule, b.rule).order)
  if (first === undefined) return null
  if (second === undefined) return first
  const { by } = beats(first.rule, second.rule)
  return { ...first, because: [...first.because, because('rule.greeter', { count: fitting.length, by })] }
}

import { because, type Because } from '@zhiyin/shared/because'
import { nextOccurrence, type Occurrence } from '@zhiyin/shared/occurrence'
import type { RuleInput } from '@zhiyin/shared/rule'
import { zonedTime } from '@zhiyin/shared/zone'
import type { CustomerView } from '../../profile/view.ts'
import { daysOf, onDate } from '../date-trigger.ts'
import { scheduleOfTrigger } from '../rules.ts'
import type { Evaluate } from '../types.ts'

/** The times at which a trigger came by itself after a moment and up to another, earliest first. */
export const occurrencesOf = (
  { trigger }: Pick<RuleInput, 'trigger'>,
  zone: string,
  from: Date,
  to: Date,
): Occurrence[] => {
  const timed = scheduleOfTrigger(trigger, zone)
  const found: Occurrence[] = []
  if (timed === null) return found
  for (let at = from; ;) {
    const next = nextOccurrence(timed.schedule, at, timed.zone)
    if (next.at.getTime() > to.getTime()) return found
    found.push(next)
    at = next.at
  }
}

/** Why an occurrence takes a customer in; null: it does not. What a day asks for is worked out once for all customers. */
export const createTimely = (
  { trigger, condition }: Pick<RuleInput, 'trigger' | 'condition'>,
  zone: string,
  evaluate: Evaluate,
) => {
  const asked = new Map<string, ReturnType<typeof onDate> & { days: ReadonlySet<number> }>()
  const dateOf = (day: string) => {
    const had = asked.get(day)
    if (had !== undefined || trigger.type !== 'date') return had
    const days = new Set(daysOf(trigger, Date.parse(`${day}T00:00:00Z`) / 86_400_000))
    const made = { ...onDate(trigger, day, zone), days }
    asked.set(day, made)
    return made
  }
  const comes = ({ name }: Occurrence, view: CustomerView, now: Date): Because | null => {
    if (trigger.type !== 'date') return because('rule.schedule', { time: name.slice(-5) })
    const date = dateOf(name.slice(0, 10))
    const value = view.attrs.find(({ k }) => k === trigger.key)?.v
    // Most days are nobody's: to look at each year of each of them would cost far more.
    if (date === undefined || !(value instanceof Date) || !date.days.has(zonedTime(value, zone).day)) return null
    return evaluate(date.condition, view, now).met ? date.because : null
  }
  return (occurrence: Occurrence, view: CustomerView, now: Date): Because[] | null => {
    const reason = comes(occurrence, view, now)
    if (reason === null) return null
    const answer = evaluate(condition, view, now)
    return answer.met ? [reason, ...answer.because] : null
  }
}

export type Timely = ReturnType<typeof createTimely>

import type { Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import type { CustomerView } from '../profile/view.ts'
import type { Entry } from './enter.ts'
import { greeterOf, greets, type Added } from './greeter.ts'
import type { RuleDoc } from './rules.model.ts'
import { entryKeyOf, entryReasons, stillHolds } from './triggers.ts'
import type { Evaluate } from './types.ts'

export type Greeter = { readonly ruleId: string | null; readonly because: readonly Because[] }
/** What an add is to the rules: which hold it began, and the one rule that greets. */
export type AddedTo = { readonly added: Added; readonly key: string; readonly greeter: Greeter }

type Deps = { evaluate: Evaluate; zone: string }

/** Why a fact takes its customer into a rule; depends on its arguments alone. */
export const createComing = ({ evaluate, zone }: Deps) => {
  /** Why this fact takes its customer into this rule; null: it does not. Of the rules that greet, one alone does. */
  const reasonsFor = (
    rule: RuleDoc,
    fact: Fact,
    customer: CustomerView,
    of: AddedTo | null,
    now: Date,
  ): Because[] | null => {
    if (of !== null && greets(rule)) return rule._id === of.greeter.ruleId ? [...of.greeter.because] : null
    const reasons = entryReasons(rule.trigger, fact, { now, added: of?.added ?? null, zone })
    if (reasons === null || !stillHolds(rule.trigger, customer)) return null
    const answer = evaluate(rule.condition, customer, now)
    return answer.met ? [...reasons, ...answer.because] : null
  }

  return {
    /** Who greets an add, of the rules that do. */
    greeter(greeting: readonly RuleDoc[], added: Added, customer: CustomerView, now: Date): Greeter {
      const found = greeterOf(greeting, added, zone, (rule) => evaluate(rule.condition, customer, now))
      return { ruleId: found?.rule._id ?? null, because: found?.because ?? [] }
    },

    /** The entry of a customer by a fact; null: it does not take them in. */
    entry(rule: RuleDoc, fact: Fact, customer: CustomerView, of: AddedTo | null, now: Date): Entry | null {
      const because = reasonsFor(rule, fact, customer, of, now)
      if (because === null) return null
      return {
        customerId: fact.customerId,
        entryKey: entryKeyOf(rule.trigger, fact, of?.key ?? null),
        because,
        userid: of?.added.userid ?? null,
        factId: fact.id,
      }
    },
  }
}

export type Coming = ReturnType<typeof createComing>

/** An add as the rules ask about it. */
export const addedOf = ({ at, payload }: Fact<'contact.added'>, returning: boolean): Added => ({
  channelId: payload.channelId ?? null,
  channel: payload.channelName ?? null,
  userid: payload.userid,
  at,
  returning,
})

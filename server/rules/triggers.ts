import { because, type Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import type { Trigger } from '@zhiyin/shared/rule'
import type { CustomerView } from '../profile/view.ts'
import type { RuleDoc } from './rules.model.ts'

const dayMs = 86_400_000
/** What happened longer ago (an import, a first sync) starts nothing. */
const staleMs = 3 * dayMs

/** The identity of an entry by an add; the callback and the fact of one add agree on it. */
export const addedKey = (customerId: string, userid: string, at: Date): string =>
  `customer.added:${customerId}:${userid}:${Math.floor(at.getTime() / 1000)}`

/** Why a fact takes its customer into a rule with this trigger; null: it does not. */
const reasonsOf = (trigger: Trigger, fact: Fact): Because[] | null => {
  switch (trigger.type) {
    case 'customer.added': {
      // Whoever comes from a colleague is no new customer.
      if (fact.type !== 'contact.added' || fact.payload.transfer === true) return null
      const { channelId, channelName } = fact.payload
      const matches = trigger.channelIds.length === 0 || trigger.channelIds.some((id) => id === channelId)
      return matches ? [because('rule.added', { channel: channelName ?? '' })] : null
    }
    case 'stage.entered': {
      if (fact.type !== 'stage.entered' || !trigger.stages.includes(fact.payload.to)) return null
      return [because('rule.stage_entered', { stage: fact.payload.to }), ...fact.payload.because]
    }
    case 'tier.changed': {
      if (fact.type !== 'tier.changed' || !trigger.to.includes(fact.payload.to)) return null
      return [because('rule.tier_changed', { from: fact.payload.from ?? '—', to: fact.payload.to })]
    }
    case 'event': {
      if (fact.type !== trigger.event) return null
      const name = fact.type === 'behavior.tracked' ? fact.payload.name : fact.type
      if (
        trigger.name !== undefined &&
        trigger.name !== '' &&
        fact.type === 'behavior.tracked' &&
        name !== trigger.name
      )
        return null
      return [because('rule.event', { event: name })]
    }
    case 'schedule':
      return null
  }
}

/** Derived facts are found out when they are; the others count only while they are fresh. */
const isFresh = (fact: Fact, now: Date): boolean =>
  fact.type === 'stage.entered' || fact.type === 'tier.changed' || now.getTime() - fact.at.getTime() <= staleMs

export const entryReasons = (trigger: Trigger, fact: Fact, now: Date): Because[] | null =>
  isFresh(fact, now) ? reasonsOf(trigger, fact) : null

/** Whether what took the customer in still holds: meanwhile an order may have woken who had just fallen silent. */
export const stillHolds = (trigger: Trigger, { stage, tier }: Pick<CustomerView, 'stage' | 'tier'>): boolean => {
  if (trigger.type === 'stage.entered') return trigger.stages.includes(stage.stage)
  if (trigger.type === 'tier.changed') return trigger.to.includes(tier.tier)
  return true
}

export const entryKeyOf = (trigger: Trigger, fact: Fact): string =>
  fact.type === 'contact.added' && trigger.type === 'customer.added'
    ? addedKey(fact.customerId, fact.payload.userid, fact.at)
    : `${trigger.type}:${fact.id}`

/** A rule whose first step greets by the welcome message. */
export const greets = ({ trigger, steps }: Pick<RuleDoc, 'trigger' | 'steps'>): boolean =>
  trigger.type === 'customer.added' && steps[0]?.type === 'send' && steps[0].channel === 'welcome'

/** Of the rules that greet, the one that does: its channel named beats no channel, then the one changed last. */
export const greeterOf = <R extends Pick<RuleDoc, 'trigger' | 'steps' | 'updatedAt'>>(
  rules: readonly R[],
  channelId: string | null,
): R | null => {
  const named = (rule: R): boolean => rule.trigger.type === 'customer.added' && rule.trigger.channelIds.length > 0
  const fitting = rules.filter(
    (rule) =>
      greets(rule) &&
      rule.trigger.type === 'customer.added' &&
      (rule.trigger.channelIds.length === 0 || rule.trigger.channelIds.some((id) => id === channelId)),
  )
  const order = (a: R, b: R): number =>
    Number(named(b)) - Number(named(a)) || b.updatedAt.getTime() - a.updatedAt.getTime()
  return fitting.sort(order)[0] ?? null
}

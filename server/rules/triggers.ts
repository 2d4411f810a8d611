import { because, type Because } from '@zhiyin/shared/because'
import type { Fact, FactType } from '@zhiyin/shared/fact'
import { staleDays, type Trigger } from '@zhiyin/shared/rule'
import type { CustomerView } from '../profile/view.ts'
import { matchesEvent } from './event-match.ts'
import { addedReasons, type Added } from './greeter.ts'

const dayMs = 86_400_000
const staleMs = staleDays * dayMs

/** The identity of an entry by an add; the callback and the fact of one add agree on it. */
export const addedKey = (customerId: string, userid: string, at: Date): string =>
  `customer.added:${customerId}:${userid}:${Math.floor(at.getTime() / 1000)}`

const has = (segments: readonly { readonly id: string }[], id: string): boolean => segments.some((one) => one.id === id)

/** Why a fact takes its customer into a rule with this trigger; null: it does not. `added` tells more of the fact of an add. */
const reasonsOf = (trigger: Trigger, fact: Fact, added: Added | null, zone: string): Because[] | null => {
  switch (trigger.type) {
    case 'customer.added':
      return added === null ? null : addedReasons(trigger, added, zone)
    case 'stage.entered': {
      if (fact.type !== 'stage.entered' || !trigger.stages.includes(fact.payload.to)) return null
      return [because('rule.stage_entered', { stage: fact.payload.to }), ...fact.payload.because]
    }
    case 'stage.left': {
      if (fact.type !== 'stage.entered' || fact.payload.from === null) return null
      if (!trigger.stages.includes(fact.payload.from) || trigger.stages.includes(fact.payload.to)) return null
      return [because('rule.stage_left', { stage: fact.payload.from }), ...fact.payload.because]
    }
    case 'tier.changed': {
      if (fact.type !== 'tier.changed' || !trigger.to.includes(fact.payload.to)) return null
      return [because('rule.tier_changed', { from: fact.payload.from ?? '—', to: fact.payload.to })]
    }
    case 'tier.left': {
      if (fact.type !== 'tier.changed' || fact.payload.from === null) return null
      if (!trigger.from.includes(fact.payload.from) || trigger.from.includes(fact.payload.to)) return null
      return [because('rule.tier_changed', { from: fact.payload.from, to: fact.payload.to })]
    }
    case 'tag.added':
    case 'tag.removed': {
      if (fact.type !== trigger.type || !has(trigger.tags, fact.payload.tagId)) return null
      return [because(`rule.${trigger.type === 'tag.added' ? 'tag_added' : 'tag_removed'}`, { tag: fact.payload.tag })]
    }
    case 'segment.entered':
    case 'segment.left': {
      if (fact.type !== trigger.type || !has(trigger.segments, fact.payload.segmentId)) return null
      const code = trigger.type === 'segment.entered' ? 'rule.segment_entered' : 'rule.segment_left'
      return [because(code, { segment: fact.payload.segment })]
    }
    case 'event': {
      if (!matchesEvent(trigger, fact)) return null
      return [because('rule.event', { event: fact.type === 'behavior.tracked' ? fact.payload.name : fact.type })]
    }
    case 'date':
    case 'schedule':
    case 'manual':
    case 'api':
      return null
  }
}

const derived: ReadonlySet<FactType> = new Set<FactType>([
  'stage.entered',
  'tier.changed',
  'segment.entered',
  'segment.left',
  'tag.added',
  'tag.removed',
])

/** Derived facts are found out when they are; the others count only while they are fresh. */
export const isFresh = (fact: Fact, now: Date): boolean =>
  derived.has(fact.type) || now.getTime() - fact.at.getTime() <= staleMs

export const entryReasons = (
  trigger: Trigger,
  fact: Fact,
  { now, added, zone }: { now: Date; added: Added | null; zone: string },
): Because[] | null => (isFresh(fact, now) ? reasonsOf(trigger, fact, added, zone) : null)

/** Whether what took the customer in still holds: meanwhile an order may have woken who had just fallen silent. */
export const stillHolds = (
  trigger: Trigger,
  { stage, tier, segments }: Pick<CustomerView, 'stage' | 'tier' | 'segments'>,
): boolean => {
  if (trigger.type === 'stage.entered') return trigger.stages.includes(stage.stage)
  if (trigger.type === 'stage.left') return !trigger.stages.includes(stage.stage)
  if (trigger.type === 'tier.left') return !trigger.from.includes(tier.tier)
  if (trigger.type === 'tier.changed') return trigger.to.includes(tier.tier)
  if (trigger.type === 'segment.entered') return trigger.segments.some(({ id }) => has(segments, id))
  if (trigger.type === 'segment.left') return trigger.segments.some(({ id }) => !has(segments, id))
  return true
}

/** `hold`: the key of the hold an add began. */
export const entryKeyOf = (trigger: Trigger, fact: Fact, hold: string | null): string =>
  trigger.type === 'customer.added' && hold !== null ? hold : `${trigger.type}:${fact.id}`

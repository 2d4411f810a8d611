import { isTagFoundOut, type Fact, type FactType, type NewFact } from '@zhiyin/shared/fact'
import type { Awaiting } from './facts.model.ts'

/** Lines of the timeline that change no profile and trigger no rule: stored, and done with. */
const recordsOnly: ReadonlySet<FactType> = new Set<FactType>([
  'rule.entered',
  'rule.left',
  'send.changed',
  'task.created',
  'task.done',
  'note.written',
  'group.invited',
  'contact.transfer_failed',
])

/** What the profile itself found out; it need not be folded into it again. */
const derived: ReadonlySet<FactType> = new Set<FactType>([
  'stage.entered',
  'tier.changed',
  'level.changed',
  'segment.entered',
  'segment.left',
])

/** Who has to see a new fact. What became of a welcome the rules must know: one that was lost is for the rep to say. */
export const awaitingOf = (fact: NewFact): Awaiting[] => {
  if (fact.type === 'send.changed' && fact.payload.channel === 'welcome') return ['rules']
  if (recordsOnly.has(fact.type)) return []
  return isTagFoundOut(fact) || derived.has(fact.type) ? ['rules'] : ['profile', 'rules']
}

/** Narrows facts to some types. */
export const isOneOf =
  <T extends FactType>(types: readonly T[]) =>
  (fact: Fact): fact is Extract<Fact, { type: T }> =>
    types.some((type) => type === fact.type)

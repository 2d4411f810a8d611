import type { Fact, FactType, NewFact } from '@zhiyin/shared/fact'
import type { RuleInput, Trigger } from '@zhiyin/shared/rule'
import { greets } from './greeter.ts'
import { awaitedType } from './happened.ts'
import type { RuleDoc } from './rules.model.ts'

/** What a rule that begins so is kept under: the kind of fact, and what of it decides. Schedules, people and other systems come by themselves. */
const keysOfTrigger = (trigger: Trigger): string[] => {
  switch (trigger.type) {
    case 'customer.added':
      return ['contact.added']
    case 'stage.entered':
      return trigger.stages.map((stage) => `stage.entered:${stage}`)
    case 'stage.left':
      return trigger.stages.map((stage) => `stage.left:${stage}`)
    case 'tier.changed':
      return trigger.to.map((tier) => `tier.changed:${tier}`)
    case 'tier.left':
      return trigger.from.map((tier) => `tier.left:${tier}`)
    case 'tag.added':
    case 'tag.removed':
      return trigger.tags.map(({ id }) => `${trigger.type}:${id}`)
    case 'segment.entered':
    case 'segment.left':
      return trigger.segments.map(({ id }) => `${trigger.type}:${id}`)
    case 'event':
      return [trigger.event === 'behavior.tracked' && trigger.name ? `${trigger.event}:${trigger.name}` : trigger.event]
    case 'date':
    case 'schedule':
    case 'manual':
    case 'api':
      return []
  }
}

/** The keys under which the rules stand that may begin with a fact. */
const keysOfFact = (fact: NewFact | Fact): string[] => {
  switch (fact.type) {
    // Whoever comes from a colleague is no new customer.
    case 'contact.added':
      return fact.payload.transfer === true ? [] : ['contact.added']
    case 'stage.entered':
      return [`stage.entered:${fact.payload.to}`, `stage.left:${fact.payload.from ?? ''}`]
    case 'tier.changed':
      return [`tier.changed:${fact.payload.to}`, `tier.left:${fact.payload.from ?? ''}`]
    case 'tag.added':
    case 'tag.removed':
      return [`${fact.type}:${fact.payload.tagId}`]
    case 'segment.entered':
    case 'segment.left':
      return [`${fact.type}:${fact.payload.segmentId}`]
    case 'behavior.tracked':
      return [fact.type, `${fact.type}:${fact.payload.name}`]
    default:
      return [fact.type]
  }
}

/** The facts by which runs of a rule end or go on. */
export const listensOf = ({ goal, exitOn, steps }: Pick<RuleInput, 'goal' | 'exitOn' | 'steps'>): FactType[] => {
  const types = new Set<FactType>(['contact.deleted_by_customer', 'contact.deleted_by_rep'])
  for (const end of [...exitOn, ...(goal === null ? [] : [goal.on])]) {
    if (end === 'ordered') types.add('order.completed')
    if (end === 'replied') types.add('customer.replied')
    if (end === 'objected') types.add('consent.changed')
  }
  if (goal?.event !== undefined) types.add(goal.event.event)
  for (const step of steps) if (step.type === 'wait_until') types.add(awaitedType(step.until))
  return [...types]
}

/** The rules that are on, found by what a fact is: what one fact costs does not depend on how many rules there are. */
export type RuleIndex = {
  readonly rules: readonly RuleDoc[]
  /** Those of them that greet. */
  readonly greeting: readonly RuleDoc[]
  /** Those that may begin with this fact. */
  readonly for: (fact: NewFact | Fact) => readonly RuleDoc[]
  /** Facts by which runs of any rule may end or go on. */
  readonly listens: ReadonlySet<FactType>
}

const none: readonly RuleDoc[] = []

export const indexOf = (rules: readonly RuleDoc[], listens: Iterable<FactType>): RuleIndex => {
  const by = new Map<string, RuleDoc[]>()
  for (const rule of rules)
    for (const key of new Set(keysOfTrigger(rule.trigger))) by.set(key, [...(by.get(key) ?? []), rule])
  return {
    rules,
    greeting: rules.filter(greets),
    listens: new Set(listens),
    for: (fact) => {
      const [first, second] = keysOfFact(fact)
      const found = first === undefined ? none : (by.get(first) ?? none)
      const more = second === undefined ? none : (by.get(second) ?? none)
      return more.length === 0 ? found : [...new Set([...found, ...more])]
    },
  }
}

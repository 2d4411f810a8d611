import { because, type Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import type { exits, Goal, RuleInput } from '@zhiyin/shared/rule'
import type { CustomerView } from '../profile/view.ts'
import { matchesEvent } from './event-match.ts'
import type { RunDoc } from './runs.model.ts'

const dayMs = 86_400_000

/** What this fact is to rules that end by it. */
const endOf = (fact: Fact): (typeof exits)[number] | null => {
  if (fact.type === 'order.completed') return 'ordered'
  if (fact.type === 'customer.replied') return 'replied'
  const { type, payload } = fact
  return type === 'consent.changed' && payload.purpose === 'marketing' && payload.state === 'withdrawn'
    ? 'objected'
    : null
}

const isGoal = ({ on, event }: Goal, fact: Fact): boolean =>
  on === 'event' ? event !== undefined && matchesEvent(event, fact) : endOf(fact) === on

const exitReasons = {
  ordered: because('rule.exit_ordered'),
  replied: because('rule.exit_replied'),
  objected: because('rule.exit_objected'),
} as const

type Run = Pick<RunDoc, 'enteredAt' | 'context'>

/** What happened before the customer came in is not what the rule brought about. */
export const sinceEntry = ({ enteredAt, context }: Run, facts: readonly Fact[]): Fact[] =>
  facts.filter((fact) => fact.at.getTime() > enteredAt.getTime() && fact.id !== context.factId)

export type Ending = { readonly state: 'goal' | 'exited'; readonly at: Date; readonly because: Because }

/** What ends a run of these facts: the goal, an exit, the last rep gone; null: nothing. */
export const endingOf = (
  run: Run,
  { goal, exitOn }: Pick<RuleInput, 'goal' | 'exitOn'>,
  facts: readonly Fact[],
  view: Pick<CustomerView, 'follows'> | undefined,
): Ending | null => {
  const since = sinceEntry(run, facts)
  if (goal !== null) {
    const until = run.enteredAt.getTime() + goal.withinDays * dayMs
    const met = since.find((fact) => isGoal(goal, fact) && fact.at.getTime() <= until)
    if (met !== undefined) return { state: 'goal', at: met.at, because: because('rule.goal_met', { goal: goal.on }) }
  }
  for (const fact of since) {
    const kind = endOf(fact)
    if (kind !== null && exitOn.includes(kind)) return { state: 'exited', at: fact.at, because: exitReasons[kind] }
  }
  const gone = facts.find(({ type }) => type === 'contact.deleted_by_customer' || type === 'contact.deleted_by_rep')
  if (gone === undefined || view === undefined || view.follows.some(({ state }) => state === 'following')) return null
  return { state: 'exited', at: gone.at, because: because('rule.exit_deleted') }
}

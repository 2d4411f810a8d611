import { because } from '@zhiyin/shared/because'
import type { Fact, FactType } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Enter } from './enter.ts'
import type { Leave } from './leave.ts'
import type { RuleDoc } from './rules.model.ts'
import type { RuleStore } from './rules.ts'
import { runCollection, type RunDoc } from './runs.model.ts'
import { entryKeyOf, entryReasons, stillHolds, greeterOf, greets } from './triggers.ts'
import type { Evaluate, Views } from './types.ts'

const dayMs = 86_400_000
/** The welcome code may come by another way; the first step waits this long for it. */
export const welcomeGraceMs = 25_000

const ending: ReadonlySet<FactType> = new Set<FactType>([
  'order.completed',
  'customer.replied',
  'contact.deleted_by_customer',
  'contact.deleted_by_rep',
])
const entering: ReadonlySet<FactType> = new Set<FactType>([
  'contact.added',
  'stage.entered',
  'tier.changed',
  'order.completed',
  'order.refunded',
  'customer.replied',
  'contact.deleted_by_customer',
  'group.joined',
  'behavior.tracked',
])

type Deps = {
  mongo: Mongo
  clock: Clock
  store: RuleStore
  enter: Enter
  leave: Leave
  views: Views
  evaluate: Evaluate
}

const goalOf = (fact: Fact): 'ordered' | 'replied' | null => {
  if (fact.type === 'order.completed') return 'ordered'
  return fact.type === 'customer.replied' ? 'replied' : null
}

/** Shows facts of one customer to the rules, after the profile has them: first goals and exits, then entries. Repeating changes nothing. */
export const createMatch = ({ mongo, clock, store, enter, leave, views, evaluate }: Deps) => {
  const runs = runCollection(mongo.connection)

  const endOne = async (run: RunDoc, facts: readonly Fact[], view: CustomerView | undefined): Promise<void> => {
    const rule = await store.version(run.ruleId, run.version)
    if (rule === null) return
    // What happened before the customer came in is not what the rule brought about.
    const since = facts.filter((fact) => fact.at.getTime() > run.enteredAt.getTime() && fact.id !== run.context.factId)
    const { goal } = rule
    const until = goal === null ? 0 : run.enteredAt.getTime() + goal.withinDays * dayMs
    const met = since.find((fact) => goal !== null && goalOf(fact) === goal.on && fact.at.getTime() <= until)
    if (run.state === 'held_out') {
      if (met !== undefined) await runs.updateOne({ _id: run._id, goalAt: null }, { $set: { goalAt: met.at } })
      return
    }
    if (met !== undefined && goal !== null) return leave(run, 'goal', because('rule.goal_met', { goal: goal.on }))
    const exit = since.map(goalOf).find((kind) => kind !== null && rule.exitOn.includes(kind))
    if (exit === 'ordered') return leave(run, 'exited', because('rule.exit_ordered'))
    if (exit === 'replied') return leave(run, 'exited', because('rule.exit_replied'))
    const gone = facts.some(
      (fact) => fact.type === 'contact.deleted_by_customer' || fact.type === 'contact.deleted_by_rep',
    )
    if (gone && view !== undefined && !view.follows.some(({ state }) => state === 'following'))
      await leave(run, 'exited', because('rule.exit_deleted'))
  }

  const end = async (customerId: string, facts: readonly Fact[], view: () => Promise<CustomerView | undefined>) => {
    const mine = facts.filter(({ type }) => ending.has(type))
    if (mine.length === 0) return
    const found = await runs.find({ customerId, state: { $in: ['active', 'waiting', 'held_out'] } }).toArray()
    for (const run of found) await endOne(run, mine, await view())
  }

  /** Rules that this fact may take its customer into. Of those that greet a new customer, one alone does. */
  const candidates = (rules: readonly RuleDoc[], fact: Fact): RuleDoc[] => {
    if (fact.type !== 'contact.added') return [...rules]
    const greeter = greeterOf(rules, fact.payload.channelId ?? null)
    return rules.filter((rule) => !greets(rule) || rule._id === greeter?._id)
  }

  const come = async (facts: readonly Fact[], view: () => Promise<CustomerView | undefined>) => {
    const mine = facts.filter(({ type }) => entering.has(type))
    if (mine.length === 0) return
    const rules = await store.on()
    const now = clock.date()
    for (const fact of mine) {
      for (const rule of candidates(rules, fact)) {
        const reasons = entryReasons(rule.trigger, fact, now)
        if (reasons === null) continue
        const customer = await view()
        if (customer === undefined) return
        if (!stillHolds(rule.trigger, customer)) continue
        const answer = evaluate(rule.condition, customer, now)
        if (!answer.met) continue
        const userid = fact.type === 'contact.added' ? fact.payload.userid : null
        const entry = {
          customerId: fact.customerId,
          entryKey: entryKeyOf(rule.trigger, fact),
          because: [...reasons, ...answer.because],
          userid,
          factId: fact.id,
        }
        const waits = greets(rule) && fact.type === 'contact.added'
        await enter.enter(
          rule,
          [entry],
          waits ? new Date(Math.max(now.getTime(), fact.at.getTime() + welcomeGraceMs)) : undefined,
        )
      }
    }
  }

  return async (customerId: string, facts: readonly Fact[]): Promise<void> => {
    let loading: Promise<CustomerView | undefined> | null = null
    const view = (): Promise<CustomerView | undefined> => (loading ??= views([customerId]).then(([found]) => found))
    await end(customerId, facts, view)
    await come(facts, view)
  }
}

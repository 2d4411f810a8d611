import { because, type Because } from '@zhiyin/shared/because'
import type { Fact, FactType, NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import { createGather } from '../platform/gather.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Enter } from './enter.ts'
import type { Leave } from './leave.ts'
import type { RuleDoc } from './rules.model.ts'
import type { RuleStore } from './rules.ts'
import { runCollection, type RunDoc } from './runs.model.ts'
import { greeterOf, greets, type Added } from './greeter.ts'
import { isKnown, type Holds } from './holds.ts'
import type { LostWelcome } from './lost-welcome.ts'
import { entryKeyOf, entryReasons, isFresh, stillHolds, triggers } from './triggers.ts'
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
  'segment.entered',
  'segment.left',
  'order.completed',
  'order.refunded',
  'order.cancelled',
  'link.opened',
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
  holds: Holds
  lostWelcome: LostWelcome
  zone: string
}

type Greeter = { readonly ruleId: string | null; readonly because: readonly Because[] }
type AddedTo = { readonly added: Added; readonly key: string; readonly greeter: Greeter }

const goalOf = (fact: Fact): 'ordered' | 'replied' | null => {
  if (fact.type === 'order.completed') return 'ordered'
  return fact.type === 'customer.replied' ? 'replied' : null
}

/** Shows facts of one customer to the rules, after the profile has them: first goals and exits, then entries. Repeating changes nothing. */
/**
 * Which facts the rules ask for now: adds and deletions, what may end a run, what a rule that is on begins with, what became of a welcome,
 * tags that a tag rule changed. All others are done with once the profile has them.
 */
export const createConcerns = (store: Pick<RuleStore, 'on'>) => async (): Promise<(fact: NewFact) => boolean> => {
  const on = await store.on()
  return (fact) => {
    if (ending.has(fact.type) || fact.type === 'contact.added' || fact.type === 'send.changed') return true
    if (fact.type === 'tag.added' || fact.type === 'tag.removed') return fact.payload.ruleId !== undefined
    return on.some(({ trigger }) => triggers(trigger, fact))
  }
}

export const createMatch = (deps: Deps) => {
  const { mongo, clock, store, enter, leave, views, evaluate, holds, lostWelcome, zone } = deps
  const runs = runCollection(mongo.connection)
  /** The customers of one delivery are looked up together. */
  const underWay = createGather(async (customerIds: readonly string[]): Promise<RunDoc[][]> => {
    const found = await runs
      .find({ customerId: { $in: [...customerIds] }, state: { $in: ['active', 'waiting', 'held_out'] } })
      .toArray()
    return customerIds.map((id) => found.filter(({ customerId }) => customerId === id))
  })
  const viewOf = createGather(async (customerIds: readonly string[]): Promise<(CustomerView | undefined)[]> => {
    const found = new Map((await views(customerIds)).map((view) => [view.id, view]))
    return customerIds.map((id) => found.get(id))
  })

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
    for (const run of await underWay(customerId)) await endOne(run, mine, await view())
  }

  /** What an add is to the rules: which hold it began, whether the customer was known, and the one rule that greets. */
  const addedTo = async (
    rules: readonly RuleDoc[],
    fact: Fact<'contact.added'>,
    customer: CustomerView,
  ): Promise<AddedTo> => {
    const { userid, channelId, channelName, half } = fact.payload
    const add = { customerId: fact.customerId, userid, at: fact.at, half: half ?? false }
    const hold = await holds.of(add, isKnown(customer, add))
    const added = {
      channelId: channelId ?? null,
      channel: channelName ?? null,
      userid,
      at: fact.at,
      returning: hold.returning,
    }
    if (!rules.some(greets)) return { added, key: hold.key, greeter: { ruleId: null, because: [] } }
    const now = clock.date()
    const choose = (): Greeter => {
      const found = greeterOf(rules, added, zone, (rule) => evaluate(rule.condition, customer, now))
      return { ruleId: found?.rule._id ?? null, because: found?.because ?? [] }
    }
    return { added, key: hold.key, greeter: hold.greeter ?? (await holds.decide(hold, choose())) }
  }

  /** Why this fact takes its customer into this rule; null: it does not. Of the rules that greet, one alone does. */
  const reasonsFor = (rule: RuleDoc, fact: Fact, customer: CustomerView, of: AddedTo | null): Because[] | null => {
    if (of !== null && greets(rule)) return rule._id === of.greeter.ruleId ? [...of.greeter.because] : null
    const now = clock.date()
    const reasons = entryReasons(rule.trigger, fact, { now, added: of?.added ?? null, zone })
    if (reasons === null || !stillHolds(rule.trigger, customer)) return null
    const answer = evaluate(rule.condition, customer, now)
    return answer.met ? [...reasons, ...answer.because] : null
  }

  const come = async (facts: readonly Fact[], view: () => Promise<CustomerView | undefined>) => {
    const now = clock.date()
    const mine = facts.filter((fact) => entering.has(fact.type) && isFresh(fact, now))
    if (mine.length === 0) return
    const rules = await store.on()
    for (const fact of mine) {
      const asking = rules.filter(({ trigger }) => triggers(trigger, fact))
      if (asking.length === 0) continue
      const customer = await view()
      if (customer === undefined) return
      const of = fact.type === 'contact.added' ? await addedTo(rules, fact, customer) : null
      for (const rule of asking) {
        const reasons = reasonsFor(rule, fact, customer, of)
        if (reasons === null) continue
        const entry = {
          customerId: fact.customerId,
          entryKey: entryKeyOf(rule.trigger, fact, of?.key ?? null),
          because: reasons,
          userid: of?.added.userid ?? null,
          factId: fact.id,
        }
        const waits = of !== null && greets(rule)
        const until = new Date(Math.max(now.getTime(), fact.at.getTime() + welcomeGraceMs))
        await enter.enter(rule, [entry], waits ? until : undefined)
      }
    }
  }

  return async (customerId: string, facts: readonly Fact[]): Promise<void> => {
    let loading: Promise<CustomerView | undefined> | null = null
    const view = (): Promise<CustomerView | undefined> => (loading ??= viewOf(customerId))
    await end(customerId, facts, view)
    for (const fact of facts) {
      if (fact.type === 'contact.deleted_by_customer' || fact.type === 'contact.deleted_by_rep')
        await holds.end(customerId, fact.payload.userid, fact.at)
      if (fact.type === 'send.changed') await lostWelcome.told(fact)
    }
    await come(facts, view)
  }
}

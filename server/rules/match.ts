import type { Fact, FactType, NewFact } from '@zhiyin/shared/fact'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import { createGather } from '../platform/gather.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import { isValidAt, type Enter } from './enter.ts'
import type { Leave } from './leave.ts'
import type { RuleDoc, RuleVersionDoc } from './rules.model.ts'
import type { RuleStore } from './rules.ts'
import { runCollection, type RunDoc } from './runs.model.ts'
import { addedOf, createComing, type AddedTo } from './coming.ts'
import { greets } from './greeter.ts'
import { isKnown, type Holds } from './holds.ts'
import type { LostWelcome } from './lost-welcome.ts'
import { isAwaited, waitOf } from './happened.ts'
import { endingOf, sinceEntry } from './endings.ts'
import { isFresh } from './triggers.ts'
import type { Evaluate, Views } from './types.ts'

/** Facts the rules ask for whatever rules there are. */
const always: ReadonlySet<FactType> = new Set<FactType>([
  'contact.added',
  'contact.deleted_by_customer',
  'contact.deleted_by_rep',
  'send.changed',
])
/** The welcome code may come by another way; the first step waits this long for it. */
export const welcomeGraceMs = 25_000

type Deps = {
  mongo: Mongo
  clock: Clock
  enqueue: Enqueue
  store: RuleStore
  enter: Enter
  leave: Leave
  views: Views
  evaluate: Evaluate
  holds: Holds
  lostWelcome: LostWelcome
  zone: string
}

/**
 * Which facts the rules ask for now: adds and deletions, what may end a run or what one waits for, what a rule that is on begins with, what
 * became of a welcome, tags that a tag rule changed. All others are done with once the profile has them.
 */
export const createConcerns = (store: Pick<RuleStore, 'index'>) => async (): Promise<(fact: NewFact) => boolean> => {
  const index = await store.index()
  return (fact) => {
    if (always.has(fact.type) || index.listens.has(fact.type)) return true
    if ((fact.type === 'tag.added' || fact.type === 'tag.removed') && fact.payload.ruleId !== undefined) return true
    return index.for(fact).length > 0
  }
}

/** Shows facts of one customer to the rules, after the profile has them: first goals, exits and what runs wait for, then entries. Repeating changes nothing. */
export const createMatch = (deps: Deps) => {
  const { mongo, clock, enqueue, store, enter, leave, views, evaluate, holds, lostWelcome, zone } = deps
  const runs = runCollection(mongo.connection)
  const coming = createComing({ evaluate, zone })
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

  /** A run that waits for one of these facts goes on. */
  const goOn = async (run: RunDoc, { steps }: RuleVersionDoc, facts: readonly Fact[]): Promise<void> => {
    const step = run.state === 'waiting' && run.met === undefined ? waitOf(steps, run.at) : null
    const { since } = run
    if (step === null || since === undefined) return
    const fact = facts.find((one) => isAwaited(run, step.until, since, one))
    if (fact === undefined) return
    const now = clock.date()
    const met = { stepId: step.id, factId: fact.id, at: fact.at }
    const filter = {
      _id: run._id,
      open: true as const,
      state: 'waiting' as const,
      at: step.id,
      met: { $exists: false },
    }
    // A paused run keeps what happened until it goes on.
    await runs.updateOne({ ...filter, lookAt: { $exists: true } }, { $set: { met, dueAt: now, lookAt: now } })
    await runs.updateOne({ ...filter, heldAt: { $exists: true } }, { $set: { met, dueAt: now, heldAt: now } })
    await enqueue('rules.advance', { runIds: [run._id] })
  }

  const endOne = async (run: RunDoc, facts: readonly Fact[], view: CustomerView | undefined): Promise<void> => {
    const rule = await store.version(run.ruleId, run.version)
    if (rule === null) return
    const since = sinceEntry(run, facts)
    const ending = endingOf(run, rule, facts, view)
    if (run.state === 'held_out') {
      if (ending?.state === 'goal')
        await runs.updateOne({ _id: run._id, goalAt: null }, { $set: { goalAt: ending.at } })
      return
    }
    if (ending !== null) return leave(run, ending.state, ending.because)
    await goOn(run, rule, since)
  }

  const end = async (customerId: string, facts: readonly Fact[], view: () => Promise<CustomerView | undefined>) => {
    const { listens } = await store.index()
    const mine = facts.filter(({ type }) => listens.has(type))
    if (mine.length === 0) return
    for (const run of await underWay(customerId)) await endOne(run, mine, await view())
  }

  /** What an add is to the rules: which hold it began, whether the customer was known, and the one rule that greets. */
  const addedTo = async (
    rules: readonly RuleDoc[],
    fact: Fact<'contact.added'>,
    customer: CustomerView,
  ): Promise<AddedTo> => {
    const { userid, half } = fact.payload
    const add = { customerId: fact.customerId, userid, at: fact.at, half: half ?? false }
    const hold = await holds.of(add, isKnown(customer, add))
    const added = addedOf(fact, hold.returning)
    if (rules.length === 0) return { added, key: hold.key, greeter: { ruleId: null, because: [] } }
    const now = clock.date()
    const valid = rules.filter((rule) => isValidAt(rule, now))
    const choose = () => coming.greeter(valid, added, customer, now)
    return { added, key: hold.key, greeter: hold.greeter ?? (await holds.decide(hold, choose())) }
  }

  const come = async (facts: readonly Fact[], view: () => Promise<CustomerView | undefined>) => {
    const now = clock.date()
    const index = await store.index()
    for (const fact of facts.filter((one) => isFresh(one, now))) {
      const asking = index.for(fact)
      if (asking.length === 0) continue
      const customer = await view()
      if (customer === undefined) return
      const of = fact.type === 'contact.added' ? await addedTo(index.greeting, fact, customer) : null
      for (const rule of asking) {
        const entry = coming.entry(rule, fact, customer, of, clock.date())
        if (entry === null) continue
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

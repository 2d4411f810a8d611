import type { ClientSession } from 'mongoose'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { isSame } from '../platform/same.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { workOut, type Basis } from './fold.ts'
import type { Definitions } from './types.ts'

/** What the profile needs of the facts' store, all within its transaction. */
export type FactsStore = {
  unfinished(
    customerIds: readonly string[],
    by: 'profile' | 'anybody',
    limit: number,
    session: ClientSession,
  ): Promise<{ fact: Fact; folded: boolean }[]>
  derive(facts: readonly NewFact[], concerns: Concerns, session: ClientSession): Promise<Fact[]>
  folded(ids: { waiting: readonly string[]; done: readonly string[] }, session: ClientSession): Promise<void>
}

export type Concerns = (fact: NewFact) => boolean

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  facts: FactsStore
  definitions: () => Promise<Definitions>
  /** Which facts the rules ask for now. */
  concerns: () => Promise<Concerns>
  /** Sends on what is of somebody else by now; answers the rest. */
  sendOn: (waiting: readonly Fact[], here: ReadonlySet<string>, session: ClientSession) => Promise<readonly Fact[]>
}

/** What one turn has worked through: who moved, what is for the rules to see, and whether more waits. */
type Turned = { readonly moved: readonly string[]; readonly forRules: readonly Fact[]; readonly more: boolean }

/** New thresholds count from now on: what they would have meant earlier is no event. */
export const countingFrom = <D extends Basis>(doc: D, now: Date): D => ({ ...doc, workedOutAt: now })

/**
 * The fields that are other than before, as far as `doc` has them. Most of a customer stays as it is, and is neither sent nor indexed anew.
 * `surely`: one that need not be compared, for it is known to be another.
 */
export const changedOf = (doc: Basis, set: Partial<CustomerDoc>, surely?: keyof CustomerDoc): Partial<CustomerDoc> => {
  const before: Readonly<Record<string, unknown>> = { ...doc }
  return Object.fromEntries(Object.entries(set).filter(([key, value]) => key === surely || !isSame(value, before[key])))
}

/** Facts folded in one transaction. */
const perTurn = 500

const groupedByCustomer = (facts: readonly Fact[]): Map<string, Fact[]> => {
  const groups = new Map<string, Fact[]>()
  for (const fact of facts) {
    const group = groups.get(fact.customerId)
    if (group === undefined) groups.set(fact.customerId, [fact])
    else group.push(fact)
  }
  return groups
}

/**
 * A turn of some customers: they, the facts that wait, the facts that follow from them and the marks are read and written in
 * one transaction, so that each fact counts once. Two turns that meet: one is repeated by the transaction.
 */
export const createTurn = ({ mongo, clock, log, facts, definitions, concerns, sendOn }: Deps) => {
  const customers = customerCollection(mongo.connection)

  const once = async (
    customerIds: readonly string[],
    why: 'facts' | 'all_facts' | 'time' | 'settings',
  ): Promise<Turned> => {
    const asked = await concerns()
    return mongo.transaction(async (session) => {
      const now = clock.date()
      const by = why === 'facts' ? 'profile' : why === 'all_facts' ? 'anybody' : null
      const unfinished = by === null ? [] : await facts.unfinished(customerIds, by, perTurn, session)
      const forRules = unfinished.flatMap(({ fact, folded }) => (folded ? [fact] : []))
      const waiting = unfinished.flatMap(({ fact, folded }) => (folded ? [] : [fact]))
      const more = unfinished.length === perTurn
      const concerned = by !== null ? [...new Set(waiting.map(({ customerId }) => customerId))] : [...customerIds]
      if (concerned.length === 0) return { moved: [], forRules, more }
      const docs = await customers
        .find<Basis>({ _id: { $in: concerned } }, { session, projection: { attrs: 0 } })
        .toArray()
      const here = new Set(docs.map(({ _id }) => _id))
      const groups = groupedByCustomer(await sendOn(waiting, here, session))
      const mine = [...groups.values()].flat()
      const lost = [...groups.keys()].filter((id) => !here.has(id))
      if (lost.length > 0) log.error({ customers: lost.length }, 'facts of customers who do not exist; left unfolded')
      const known = await definitions()
      const outcomes = docs.map((doc) => {
        const own = groups.get(doc._id) ?? []
        const outcome = workOut(why === 'settings' ? countingFrom(doc, now) : doc, own, known, now)
        return { doc, changed: changedOf(doc, outcome.set, own.length > 0 ? 'state' : undefined), ...outcome }
      })
      if (outcomes.length > 0)
        await customers.bulkWrite(
          outcomes.map(({ doc, changed }) => ({
            updateOne: { filter: { _id: doc._id }, update: { $set: changed, $inc: { rev: 1 } } },
          })),
          { session },
        )
      const derived = outcomes.flatMap((outcome) => outcome.derived)
      const told = await facts.derive(derived, asked, session)
      const [kept, done] = [mine.filter(asked), mine.filter((fact) => !asked(fact))]
      await facts.folded({ waiting: kept.map(({ id }) => id), done: done.map(({ id }) => id) }, session)
      return {
        moved: [...new Set(derived.map((fact) => fact.customerId))],
        forRules: [...forRules, ...kept, ...told],
        more,
      }
    })
  }

  return {
    /** Folds what waits into its customers, so much at once; answers what is for the rules to see, and whether more waits. */
    foldSome: (customerIds: readonly string[]): Promise<Turned> => once(customerIds, 'all_facts'),
    /** Folds every fact that waits into its customer. */
    async fold(asked: string | readonly string[]): Promise<void> {
      const customerIds = typeof asked === 'string' ? [asked] : asked
      for (;;) if (!(await once(customerIds, 'facts')).more) return
    },
    /** Lets time pass; answers who moved. */
    passTime: async (customerIds: readonly string[]): Promise<readonly string[]> =>
      (await once(customerIds, 'time')).moved,
    /** Lets new settings count from now on; answers who moved. */
    newSettings: async (customerIds: readonly string[]): Promise<readonly string[]> =>
      (await once(customerIds, 'settings')).moved,
  }
}

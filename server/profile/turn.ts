import type { ClientSession } from 'mongoose'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { workOut } from './fold.ts'
import type { Definitions } from './types.ts'

/** What the profile needs of the facts' store, all within its transaction. */
export type FactsStore = {
  awaiting(customerIds: readonly string[], by: 'profile', limit: number, session: ClientSession): Promise<Fact[]>
  derive(facts: readonly NewFact[], session: ClientSession): Promise<void>
  folded(ids: readonly string[], session: ClientSession): Promise<void>
}

type Deps = { mongo: Mongo; clock: Clock; log: Log; facts: FactsStore; definitions: () => Promise<Definitions> }

/** New thresholds count from now on: what they would have meant earlier is no event. */
export const countingFrom = (doc: CustomerDoc, now: Date): CustomerDoc => ({ ...doc, workedOutAt: now })

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
export const createTurn = ({ mongo, clock, log, facts, definitions }: Deps) => {
  const customers = customerCollection(mongo.connection)

  const once = (
    customerIds: readonly string[],
    why: 'facts' | 'time' | 'settings',
  ): Promise<{ moved: string[]; more: boolean }> =>
    mongo.transaction(async (session) => {
      const now = clock.date()
      const waiting = why === 'facts' ? await facts.awaiting(customerIds, 'profile', perTurn, session) : []
      const groups = groupedByCustomer(waiting)
      const concerned = why === 'facts' ? [...groups.keys()] : [...customerIds]
      if (concerned.length === 0) return { moved: [], more: false }
      const docs = await customers.find({ _id: { $in: concerned } }, { session }).toArray()
      if (docs.length < concerned.length)
        log.error({ customers: concerned.length - docs.length }, 'facts of customers who do not exist; left unfolded')
      const known = await definitions()
      const outcomes = docs.map((doc) => ({
        _id: doc._id,
        ...workOut(why === 'settings' ? countingFrom(doc, now) : doc, groups.get(doc._id) ?? [], known, now),
      }))
      if (outcomes.length > 0)
        await customers.bulkWrite(
          outcomes.map(({ _id, set }) => ({
            updateOne: { filter: { _id }, update: { $set: set, $inc: { rev: 1 } } },
          })),
          { session },
        )
      const derived = outcomes.flatMap((outcome) => outcome.derived)
      await facts.derive(derived, session)
      if (waiting.length > 0)
        await facts.folded(
          waiting.map((fact) => fact.id),
          session,
        )
      return { moved: [...new Set(derived.map((fact) => fact.customerId))], more: waiting.length === perTurn }
    })

  return {
    /** Folds every fact that waits into its customer. */
    async fold(customers: string | readonly string[]): Promise<void> {
      const customerIds = typeof customers === 'string' ? [customers] : customers
      for (;;) if (!(await once(customerIds, 'facts')).more) return
    },
    /** Lets time pass; answers who moved. */
    passTime: async (customerIds: readonly string[]): Promise<string[]> => (await once(customerIds, 'time')).moved,
    /** Lets new settings count from now on; answers who moved. */
    newSettings: async (customerIds: readonly string[]): Promise<string[]> =>
      (await once(customerIds, 'settings')).moved,
  }
}

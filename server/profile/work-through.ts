import type { ClientSession } from 'mongoose'
import { z } from 'zod'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { findRaw, readDoc } from '../platform/find-raw.ts'
import { isSame } from '../platform/same.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { workOut, type Basis } from './fold.ts'
import type { Definitions } from './types.ts'
import { stillStanding, withoutUnread } from './unread.ts'

type Deps = { mongo: Mongo; clock: Clock; definitions: () => Promise<Definitions> }

type Asked = {
  readonly customerIds: readonly string[]
  /** New facts, by customer. */
  readonly news?: ReadonlyMap<string, readonly Fact[]>
  /** New settings count from now on. */
  readonly newSettings?: boolean
}

const Basis = z.custom<Basis>((doc) => typeof doc === 'object' && doc !== null && 'state' in doc)

/** Who was there, and the facts that follow. */
export type WorkedThrough = { readonly here: ReadonlySet<string>; readonly derived: readonly NewFact[] }

/** New thresholds count from now on: what they would have meant earlier is no event. */
export const countingFrom = <D extends Basis>(doc: D, now: Date): D => ({ ...doc, workedOutAt: now })

const none: ReadonlySet<string> = new Set()

/**
 * The fields that are other than before. Most of a customer stays as it is, and is neither sent nor indexed anew. `standing`: fields known
 * to be as they were, which `doc` need not have.
 */
export const changedOf = (
  doc: Basis,
  set: Partial<CustomerDoc>,
  standing: ReadonlySet<string> = none,
): Partial<CustomerDoc> => {
  const before: Readonly<Record<string, unknown>> = doc
  const after: Readonly<Record<string, unknown>> = set
  const changed: Record<string, unknown> = {}
  for (const key in after) if (!standing.has(key) && !isSame(after[key], before[key])) changed[key] = after[key]
  return changed
}

export const groupedByCustomer = (facts: readonly Fact[]): Map<string, Fact[]> => {
  const groups = new Map<string, Fact[]>()
  for (const fact of facts) {
    const group = groups.get(fact.customerId)
    if (group === undefined) groups.set(fact.customerId, [fact])
    else group.push(fact)
  }
  return groups
}

/**
 * Works customers out anew and writes what changed of them, within a transaction. One after the other as they are decoded, and packed for
 * the way back at once: hundreds of them held as objects while the database answers cost more to collect than to work out.
 */
export const createWorkThrough = ({ mongo, clock, definitions }: Deps) => {
  const customers = customerCollection(mongo.connection)
  return async (
    { customerIds, news = new Map(), newSettings = false }: Asked,
    session: ClientSession,
  ): Promise<WorkedThrough> => {
    const known = await definitions()
    const now = clock.date()
    const here = new Set<string>()
    const derived: NewFact[] = []
    const writes = customers.initializeOrderedBulkOp({ session })
    const work = (doc: Basis): void => {
      const own = news.get(doc._id) ?? []
      const outcome = workOut(newSettings ? countingFrom(doc, now) : doc, own, known, now)
      const changed = changedOf(doc, outcome.set, stillStanding(doc.state, outcome.set.state))
      writes.find({ _id: doc._id }).updateOne({ $set: changed, $inc: { rev: 1 } })
      here.add(doc._id)
      derived.push(...outcome.derived)
    }
    const asked = {
      filter: { _id: { $in: customerIds } },
      projection: withoutUnread,
      batchSize: customerIds.length + 1,
    }
    for await (const batch of findRaw(mongo.connection, customers.collectionName, asked, session))
      for (const bytes of batch) work(Basis.parse(readDoc(bytes)))
    if (here.size > 0) await writes.execute({ session })
    return { here, derived }
  }
}

export type WorkThrough = ReturnType<typeof createWorkThrough>

import type { Freshness } from '@zhiyin/shared/api/attributes'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { identityCollection } from './identities.model.ts'
import { kindOfKey } from './identity.ts'
import { personOf } from './place/person.ts'
import { hasConflict, hasReject, type Said } from './said.ts'
import type { Definitions } from './types.ts'
import { withUnknown, type UnknownTally } from './unknown.ts'

/** What is known of one attribute, counted over customers. */
export type AttributeTally = {
  readonly known: number
  readonly stated: number
  readonly fresh: Freshness
  readonly conflicts: number
  readonly rejects: number
}
export type Tally = {
  /** Whom more than an anonymous id is known of. */
  readonly customers: number
  /** Visitors of a shop of whom nothing is known but what they did: counted apart, or they would drown the others. Absent in counts of before. */
  readonly anonymous?: number
  readonly byKey: Readonly<Record<string, AttributeTally>>
  /** What nobody has defined. */
  readonly unknown: readonly UnknownTally[]
}

const dayMs = 86_400_000
const nothing: AttributeTally = {
  known: 0,
  stated: 0,
  fresh: { d30: 0, d90: 0, d365: 0, older: 0 },
  conflicts: 0,
  rejects: 0,
}
export const emptyTally: Tally = { customers: 0, anonymous: 0, byKey: {}, unknown: [] }

const ageOf = (at: Date, now: Date): keyof Freshness => {
  const days = (now.getTime() - at.getTime()) / dayMs
  if (days <= 30) return 'd30'
  if (days <= 90) return 'd90'
  return days <= 365 ? 'd365' : 'older'
}

/** Of an anonymous visitor only what somebody has to look at counts. */
const withIssues = (tally: AttributeTally, said: Said): AttributeTally => ({
  ...tally,
  conflicts: tally.conflicts + Number(hasConflict(said)),
  rejects: tally.rejects + Number(hasReject(said)),
})

const withSaid = (tally: AttributeTally, said: Said, now: Date): AttributeTally => {
  const { best } = said
  const known = best.problem === null && best.at !== null
  const age = best.at === null ? null : ageOf(best.at, now)
  return {
    ...withIssues(tally, said),
    known: tally.known + Number(known),
    stated: tally.stated + Number(known && best.stated),
    fresh: known && age !== null ? { ...tally.fresh, [age]: tally.fresh[age] + 1 } : tally.fresh,
  }
}

/** A tally with one customer more. */
const withCustomer = (tally: Tally, said: readonly Said[], isAnonymous: boolean, now: Date): Tally => {
  const byKey = { ...tally.byKey }
  for (const one of said) {
    if (one.attribute === null) continue
    const held = (Object.hasOwn(byKey, one.key) ? byKey[one.key] : undefined) ?? nothing
    byKey[one.key] = isAnonymous ? withIssues(held, one) : withSaid(held, one, now)
  }
  const { customers, anonymous = 0 } = tally
  return {
    customers: customers + Number(!isAnonymous),
    anonymous: anonymous + Number(isAnonymous),
    byKey,
    unknown: withUnknown(tally.unknown, said),
  }
}

type Deps = { mongo: Mongo; definitions: () => Promise<Definitions> }

/** Adds the next customers in the order of ids to a tally; answers the last of them, null when there are no more. */
export const createQualityCount = ({ mongo, definitions }: Deps) => {
  const customers = customerCollection(mongo.connection)
  const identities = identityCollection(mongo.connection)

  /** Of these customers those known by anonymous ids alone. */
  const anonymousOf = async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const keys = await identities.find({ customerId: { $in: [...ids] } }, { projection: { customerId: 1 } }).toArray()
    const isAnonymous = (key: string): boolean => kindOfKey(key) === 'anonymous_id'
    const named = new Set(keys.flatMap(({ _id, customerId }) => (isAnonymous(_id) ? [] : [customerId])))
    return new Set(keys.flatMap(({ customerId }) => (named.has(customerId) ? [] : [customerId])))
  }

  return async (
    tally: Tally,
    after: string,
    limit: number,
    now: Date,
  ): Promise<{ tally: Tally; last: string | null }> => {
    const known = await definitions()
    const docs = await customers
      .find<Pick<CustomerDoc, '_id' | 'state' | 'contact' | 'externalUserId'>>(
        { _id: { $gt: after } },
        { projection: { state: 1, contact: 1, externalUserId: 1 } },
      )
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
    const anonymous = await anonymousOf(
      docs.flatMap(({ _id, externalUserId }) => (externalUserId === null ? [_id] : [])),
    )
    const added = docs.reduce(
      (sum, { _id, state, contact }) =>
        withCustomer(sum, personOf(state, contact, known).attributes.saidAt(now), anonymous.has(_id), now),
      tally,
    )
    return { tally: added, last: docs.length < limit ? null : (docs.at(-1)?._id ?? null) }
  }
}

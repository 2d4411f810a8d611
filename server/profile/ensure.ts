import type { ClientSession } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection } from './customers.model.ts'
import { erasedId, isOld, metAt, toldAt, type Erased } from './erased.ts'
import type { Doubts } from './identities/doubts.ts'
import type { Joining } from './identities/join.ts'
import { metIn } from './identities/met.ts'
import { planIdentities, type Owner, type Plan } from './identities/plan.ts'
import { identityCollection } from './identities.model.ts'
import { keysOf, kindOfKey, valueOfKey, type Identity } from './identity.ts'
import { newCustomer } from './new-customer.ts'
import type { Definitions } from './types.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  definitions: () => Promise<Definitions>
  /** Who of these was erased, and when. */
  erased: Erased
  doubts: Pick<Doubts, 'apart' | 'report'>
  /** Identities that are new, and whose they are. */
  given: (owners: ReadonlyMap<string, string>) => Promise<void>
  /** Makes one customer part of another; answers the merge's id. */
  join: (joining: Joining, session: ClientSession) => Promise<string>
  /** Hands on the rest of a merge. */
  joined: (mergeId: string) => Promise<void>
}

/** The keys of one group, when what they are named for happened, and when they last became a contact by their own doing. */
type Asked = { readonly keys: readonly string[]; readonly at: Date | null; readonly metAt: Date | null }
type Planned = Plan & { readonly graves: ReadonlyMap<string, Date> }

type EnsureOwners = (groups: readonly (readonly Identity[])[]) => Promise<Owner[]>

const externalOf = (keys: readonly string[]): string | null => {
  const key = keys.find((one) => kindOfKey(one) === 'external_userid')
  return key === undefined ? null : valueOfKey(key)
}
const nobody: Owner = { customerId: erasedId }
/** Everybody is known by the one key they are named by. */
const nothingNew = { created: new Map(), linked: new Map(), merges: [], doubts: [] } satisfies Omit<Plan, 'owners'>
const changes = ({ created, linked, merges }: Plan): boolean => created.size + linked.size + merges.length > 0

/** Whose each new identity is. */
const ownersOfNew = ({ created, linked }: Plan): ReadonlyMap<string, string> =>
  new Map([
    ...[...created].flatMap(([customerId, keys]) => keys.map((key) => [key, customerId] as const)),
    ...[...linked].map(([key, { customerId }]) => [key, customerId] as const),
  ])

/**
 * Whose these identities are, one answer per group; who is unknown is created, once, however many ask at the same time. Customers who
 * turn out to be one become one. The usual case, everybody known, costs one look-up by primary key and writes nothing.
 */
export const createEnsureOwners = (deps: Deps): EnsureOwners => {
  const { mongo, clock, newId, definitions, erased, doubts, given, join, joined } = deps
  const identities = identityCollection(mongo.connection)
  const customers = customerCollection(mongo.connection)

  const plan = async (asked: readonly Asked[], session?: ClientSession): Promise<Planned> => {
    const options = session === undefined ? {} : { session }
    const keys = [...new Set(asked.flatMap((group) => group.keys))]
    const found = await identities.find({ _id: { $in: keys } }, options).toArray()
    const reborn = new Map(found.flatMap(({ _id, notBefore }) => (notBefore === undefined ? [] : [[_id, notBefore]])))
    const owners = new Map(
      found.map(({ _id, customerId, of }) => [_id, of === undefined ? { customerId } : { customerId, of }]),
    )
    const unknown = keys.filter((key) => !owners.has(key))
    const graves = unknown.length === 0 ? reborn : await erased(unknown)
    /** What of a group may be taken in; nothing of one that tells of the time before somebody was erased. */
    const allowed = ({ keys: own, at, metAt: met }: Asked): readonly string[] => {
      if (own.some((key) => isOld(at, reborn.get(key)))) return []
      return own.some((key) => isOld(met, graves.get(key))) ? own.filter((key) => owners.has(key)) : own
    }
    const taken = asked.map(allowed)
    const groups = taken.filter((group) => group.length > 0)
    const ids = [...new Set(found.map(({ customerId }) => customerId))]
    const meeting = groups
      .map((group) => [...new Set(group.flatMap((key) => owners.get(key)?.customerId ?? []))])
      .filter((group) => group.length > 1)
    // Where nobody is new and nobody meets, it makes no difference what else is known of them.
    const settled = ids.length === 0 || (meeting.length === 0 && groups.flat().every((key) => owners.has(key)))
    if (groups.every(([key = '', ...others]) => others.length === 0 && owners.has(key)))
      return { ...nothingNew, owners: taken.map(([key = '']) => owners.get(key) ?? nobody), graves }
    const all = settled ? found : await identities.find({ customerId: { $in: ids } }, options).toArray()
    const held = new Map(ids.map((id) => [id, new Set<string>()]))
    for (const { _id, customerId } of all) held.get(customerId)?.add(_id)
    const apart = await doubts.apart(meeting, all, session)
    const planned = planIdentities(groups, { owners, keysOf: held, apart }, () => newId('customer'))
    const answers = planned.owners.values()
    const of = (group: readonly string[]): Owner => (group.length === 0 ? nobody : (answers.next().value ?? nobody))
    return { ...planned, owners: taken.map(of), graves }
  }

  /** Answers the merges that have begun. */
  const carryOut = async (
    { created, linked, merges, graves }: Planned,
    known: Definitions,
    session: ClientSession,
  ): Promise<string[]> => {
    const now = clock.date()
    const begun: string[] = []
    for (const { into, from, keys } of merges)
      begun.push(await join({ into, from, identities: keys, because: [metIn(keys)], by: null, note: '' }, session))
    const joining = [...created].flatMap(([customerId, keys]) => keys.map((_id) => ({ _id, customerId, at: now })))
    const added = [...linked].map(([_id, owner]) => ({ _id, ...owner, at: now }))
    const docs = [...joining, ...added].map((doc) => {
      const notBefore = graves.get(doc._id)
      return notBefore === undefined ? doc : { ...doc, notBefore }
    })
    if (docs.length > 0) await identities.insertMany(docs, { session })
    const fresh = [...created].map(([id, keys]) => newCustomer(id, externalOf(keys), now, known))
    if (fresh.length > 0) await customers.insertMany(fresh, { session })
    for (const [key, { customerId }] of linked) {
      const externalUserId = externalOf([key])
      if (externalUserId !== null)
        await customers.updateOne(
          { _id: customerId, externalUserId: null },
          { $set: { externalUserId }, $inc: { rev: 1 } },
          { session },
        )
    }
    return begun
  }

  return async (groups) => {
    const asked = groups.map((group): Asked => ({
      keys: keysOf(group),
      at: toldAt(group),
      metAt: metAt(group),
    }))
    if (asked.length === 0) return []
    const first = await plan(asked)
    if (!changes(first)) {
      await doubts.report(first.doubts)
      return [...first.owners]
    }
    const known = await definitions()
    const done = await mongo.transaction(async (session) => {
      const now = await plan(asked, session)
      return { ...now, begun: changes(now) ? await carryOut(now, known, session) : [] }
    })
    await doubts.report(done.doubts)
    await given(ownersOfNew(done))
    for (const mergeId of done.begun) await joined(mergeId)
    return [...done.owners]
  }
}

import type { NewFact } from '@zhiyin/shared/fact'
import type { ClientSession } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import { createGather } from '../platform/gather.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type Contact, type ContactFollow } from './customers.model.ts'
import { identity, type Identity } from './identity.ts'
import type { NotedPhones } from './identities/noted-phones.ts'
import { assigned } from './hand-over.ts'
import { lookUpOf } from './look-up.ts'
import { signalsOf } from './signals.ts'
import { addedFacts, isKept, nothingNew, tagNews, type Known } from './snapshot-news.ts'

/** A customer as WeCom tells of them: the contact and everybody who holds them (跟进人). */
export type CustomerDetail = {
  contact: Omit<Contact, 'follows' | 'fetchedAt' | 'heardAt'>
  follows: ContactFollow[]
}

/** One member's hold on a customer. */
export type CustomerPair = { contact: CustomerDetail['contact']; follow: ContactFollow }

/** A channel QR code as the profile needs it; its tags are put on whoever comes through it. */
export type KnownChannel = { id: string; name: string; tagIds: readonly string[] }
export type TagName = { name: string; group: string }

export type SnapshotDeps = {
  mongo: Mongo
  clock: Clock
  append: (facts: readonly NewFact[], session?: ClientSession) => Promise<unknown>
  channelByState: (state: string) => Promise<KnownChannel | null>
  /** Our tag behind each WeCom tag id; unknown ones are left out. */
  tagsByWecomId: (wecomIds: readonly string[]) => Promise<ReadonlyMap<string, TagName & { id: string }>>
  ensureCustomer: (identities: readonly Identity[]) => Promise<string>
  /** What reps noted of these customers has been written. */
  notedPhones: NotedPhones['noted']
}

/** The identities in WeCom's word of a customer. */
export const identitiesOf = ({ contact, follows }: CustomerDetail): Identity[] => {
  const newest = (holds: readonly ContactFollow[]): Date =>
    new Date(Math.max(0, ...holds.map(({ createdAt }) => createdAt.getTime())))
  const at = newest(follows)
  // Who was erased is somebody new once a rep has become a contact of theirs since; being handed over to one does not make them so.
  const metAt = newest(follows.filter(({ addWay }) => addWay !== assigned))
  return [identity('external_userid', contact.externalUserId), identity('unionid', contact.unionid)].flatMap((found) =>
    found === null ? [] : { ...found, at, metAt },
  )
}

/**
 * `crossed`: it tells something else than what was heard while it was on its way, so nobody knows which is newer and WeCom has to be
 * asked again. `nobody`: there is no such customer.
 */
export type Kept = 'kept' | 'crossed' | 'nobody'

/** `answeredAt`: when the answer was here; absent: it may be older than what others hear meanwhile. */
type Times = { readonly fetchedAt: Date; readonly answeredAt?: Date | undefined }

type Saving = Times & {
  readonly customerId: string
  readonly detail: CustomerDetail
  /** The holds to keep, from those kept so far. */
  readonly merge: (kept: readonly ContactFollow[]) => ContactFollow[]
  readonly alreadyTold: string | undefined
}

const knownFields = { contact: 1, 'state.follows': 1 } as const

const heardAt = ({ fetchedAt, heardAt = fetchedAt }: Contact): Date => (heardAt > fetchedAt ? heardAt : fetchedAt)

/**
 * Keeps WeCom's word of customers, each only if it was asked for after everything kept so far was heard. Holds that we did not know
 * become contact.added facts, tags that came or went become tag facts, in the same transaction. Those who come together are kept
 * together. `alreadyTold`: the rep whose add the caller tells of itself.
 */
export const createSnapshots = ({
  mongo,
  clock,
  append,
  channelByState,
  tagsByWecomId,
  ensureCustomer,
  notedPhones,
}: SnapshotDeps) => {
  const customers = customerCollection(mongo.connection)

  const channelsOf = async (items: readonly Saving[]): Promise<ReadonlyMap<string, KnownChannel | null>> => {
    const states = new Set(items.flatMap(({ detail }) => detail.follows.flatMap(({ state }) => state ?? [])))
    return new Map(await Promise.all([...states].map(async (state) => [state, await channelByState(state)] as const)))
  }

  const tagsOf = async (items: readonly Saving[], before: ReadonlyMap<string, Known>) => {
    const follows = items.flatMap(({ customerId, detail }) => [
      ...(before.get(customerId)?.contact?.follows ?? []),
      ...detail.follows,
    ])
    const wecomIds = new Set(follows.flatMap(({ tagIds }) => tagIds))
    return wecomIds.size === 0 ? new Map() : tagsByWecomId([...wecomIds])
  }

  /** In one transaction, in the order asked. */
  const write = async (items: readonly Saving[], before: ReadonlyMap<string, Known>): Promise<Kept[]> => {
    const [channels, tags] = await Promise.all([channelsOf(items), tagsOf(items, before)])
    const written = await mongo.transaction(async (session) => {
      const ids = [...new Set(items.map(({ customerId }) => customerId))]
      const found = await customers.find({ _id: { $in: ids } }, { session }).toArray()
      const docs = new Map(found.map((doc) => [doc._id, doc]))
      const changed = new Set<string>()
      const askable = new Set<string>()
      const facts: NewFact[] = []
      const kept = items.map(({ customerId, detail, fetchedAt, answeredAt = fetchedAt, merge, alreadyTold }): Kept => {
        const doc = docs.get(customerId)
        if (doc === undefined) return 'nobody'
        if (doc.contact !== null && heardAt(doc.contact) > fetchedAt)
          return isKept(doc.contact, detail, merge) ? 'kept' : 'crossed'
        const merged = { ...detail, follows: merge(doc.contact?.follows ?? []) }
        facts.push(...addedFacts(doc, merged, channels, alreadyTold), ...tagNews(doc, merged, tags, fetchedAt))
        docs.set(customerId, {
          ...doc,
          contact: { ...detail.contact, follows: merged.follows, fetchedAt, heardAt: answeredAt },
        })
        changed.add(customerId)
        if (doc.contact?.gender !== detail.contact.gender) askable.add(customerId)
        return 'kept'
      })
      const updates = [...changed].flatMap((id) => {
        const doc = docs.get(id)
        if (doc === undefined) return []
        const { contact, state } = doc
        // Conditions may ask for what WeCom says of a person; the sweep looks at once.
        const lookAt = askable.has(id) ? { lookAt: clock.date() } : {}
        const set = { contact, ...lookUpOf(state, contact, signalsOf(state), doc), ...lookAt }
        return [{ updateOne: { filter: { _id: id }, update: { $set: set, $inc: { rev: 1 } } } }]
      })
      if (updates.length > 0) await customers.bulkWrite(updates, { session })
      await append(facts, session)
      return kept
    })
    await notedPhones(items.map(({ customerId, detail }) => ({ customerId, follows: detail.follows })))
    return written
  }

  /** Most of a nightly walk tells what is known; that costs no transaction. */
  const keepMany = async (items: readonly Saving[]): Promise<Kept[]> => {
    const ids = [...new Set(items.map(({ customerId }) => customerId))]
    const found = await customers.find<Known>({ _id: { $in: ids } }, { projection: knownFields }).toArray()
    const before = new Map(found.map((doc) => [doc._id, doc]))
    const alone = ids.length === items.length
    const verdicts = items.map(({ customerId, detail, fetchedAt, merge }) => {
      const doc = before.get(customerId)
      if (!alone || doc?.contact === undefined || doc.contact === null) return 'write' as const
      if (heardAt(doc.contact) > fetchedAt)
        return isKept(doc.contact, detail, merge) ? ('kept' as const) : ('crossed' as const)
      return nothingNew(doc, detail, merge) ? ('same' as const) : ('write' as const)
    })
    const of = (verdict: (typeof verdicts)[number]): Saving[] => items.filter((_item, i) => verdicts[i] === verdict)
    const same = of('same')
    if (same.length > 0)
      await customers.bulkWrite(
        same.map(({ customerId, fetchedAt, answeredAt = fetchedAt }) => ({
          updateOne: {
            filter: { _id: customerId, contact: { $ne: null } },
            update: { $max: { 'contact.fetchedAt': fetchedAt, 'contact.heardAt': answeredAt } },
          },
        })),
        { ordered: false },
      )
    const writing = of('write')
    const written = writing.length === 0 ? [] : await write(writing, before)
    return items.map((item, i) => {
      const verdict = verdicts[i]
      if (verdict === 'write') return written[writing.indexOf(item)] ?? 'nobody'
      return verdict === 'crossed' ? 'crossed' : 'kept'
    })
  }
  const keep = createGather(keepMany, { most: 100, restMs: 10 })

  return {
    /** Ensures the customer, then keeps what WeCom says of them. */
    async saveContactSnapshot(
      detail: CustomerDetail,
      times: Times,
      alreadyTold?: string,
    ): Promise<{ customerId: string; kept: Kept }> {
      const customerId = await ensureCustomer(identitiesOf(detail))
      const merge = (): ContactFollow[] => [...detail.follows]
      return { customerId, kept: await keep({ customerId, detail, ...times, merge, alreadyTold }) }
    },
    /** The same for one (member, customer) pair, as the nightly walk meets it: other members' holds stay as they are. */
    async saveContactPair({ contact, follow }: CustomerPair, fetchedAt: Date): Promise<Kept> {
      const detail: CustomerDetail = { contact, follows: [follow] }
      const customerId = await ensureCustomer(identitiesOf(detail))
      const merge = (kept: readonly ContactFollow[]): ContactFollow[] => [
        ...kept.filter(({ userid }) => userid !== follow.userid),
        follow,
      ]
      return keep({ customerId, detail, fetchedAt, merge, alreadyTold: undefined })
    },
  }
}

export type Snapshots = ReturnType<typeof createSnapshots>

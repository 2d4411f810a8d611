import { isDeepStrictEqual } from 'node:util'
import type { NewFact } from '@zhiyin/shared/fact'
import { because } from '@zhiyin/shared/because'
import type { ClientSession } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type Contact, type ContactFollow, type CustomerDoc } from './customers.model.ts'
import { identity, type Identity } from './identity.ts'
import { lookUpOf } from './look-up.ts'
import { signalsOf } from './signals.ts'
import { standing } from './state/follows.ts'
import type { FollowEntry } from './state/state.ts'

/** A customer as WeCom tells of them: the contact and everybody who holds them (跟进人). */
export type CustomerDetail = {
  contact: Omit<Contact, 'follows' | 'fetchedAt'>
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
  append: (facts: readonly NewFact[], session?: ClientSession) => Promise<{ stored: number }>
  channelByState: (state: string) => Promise<KnownChannel | null>
  /** Our tag behind each WeCom tag id; unknown ones are left out. */
  tagsByWecomId: (wecomIds: readonly string[]) => Promise<ReadonlyMap<string, TagName & { id: string }>>
  ensureCustomer: (identities: readonly Identity[]) => Promise<string>
}

/** The identities in WeCom's word of a customer. */
export const identitiesOf = ({ contact }: CustomerDetail): Identity[] =>
  [identity('external_userid', contact.externalUserId), identity('unionid', contact.unionid)].filter(
    (found): found is Identity => found !== null,
  )

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** One add of one pair is one fact, whether a callback or a sync tells of it. */
export const addedId = (kind: 'added' | 'half', userid: string, externalUserId: string, at: Date): string =>
  `contact.${kind}:${userid}:${externalUserId}:${seconds(at)}`

/** A hold that WeCom knows and we do not, or that began after the deletion we know of. */
const isNews = (follows: readonly FollowEntry[], follow: ContactFollow): boolean => {
  const known = follows.find(({ userid }) => userid === follow.userid)
  if (known === undefined) return true
  const { state, since } = standing(known)
  return state !== 'following' && seconds(follow.createdAt) > seconds(since)
}

/** WeCom tags that came or went since the snapshot before, as facts; a tag we hold already is no news. */
const tagNews = (
  doc: CustomerDoc,
  detail: CustomerDetail,
  names: ReadonlyMap<string, TagName & { id: string }>,
  at: Date,
): NewFact[] => {
  const idsIn = (follows: readonly ContactFollow[]): Set<string> => new Set(follows.flatMap((follow) => follow.tagIds))
  const [before, now] = [idsIn(doc.contact?.follows ?? []), idsIn(detail.follows)]
  const on = new Set(doc.state.tags.filter((tag) => tag.on).map((tag) => tag.id))
  return [...new Set([...before, ...now])].flatMap((wecomId): NewFact[] => {
    const tag = names.get(wecomId)
    if (tag === undefined || before.has(wecomId) === now.has(wecomId)) return []
    const type = now.has(wecomId) ? 'tag.added' : 'tag.removed'
    if (on.has(tag.id) === (type === 'tag.added')) return []
    const id = `${type}:wecom:${detail.contact.externalUserId}:${tag.id}:${at.getTime()}`
    const payload = { tagId: tag.id, tag: tag.name, because: [because('tag.by_wecom')] }
    return [{ id, customerId: doc._id, type, at, source: 'wecom', payload }]
  })
}

/**
 * Keeps WeCom's word of a customer; the later fetch wins, an older one changes nothing. Holds that we did not know become
 * contact.added facts, tags that came or went become tag facts, in the same transaction.
 * `alreadyTold`: the rep whose add the caller tells of itself.
 */
export const createSnapshots = ({ mongo, append, channelByState, tagsByWecomId, ensureCustomer }: SnapshotDeps) => {
  const customers = customerCollection(mongo.connection)

  const addedFacts = async (doc: CustomerDoc, detail: CustomerDetail, alreadyTold?: string): Promise<NewFact[]> => {
    const news = detail.follows.filter((follow) => follow.userid !== alreadyTold && isNews(doc.state.follows, follow))
    return Promise.all(
      news.map(async ({ userid, createdAt, state, addWay }): Promise<NewFact> => {
        const channel = state === undefined ? null : await channelByState(state)
        return {
          id: addedId('added', userid, detail.contact.externalUserId, createdAt),
          customerId: doc._id,
          type: 'contact.added',
          at: createdAt,
          source: 'wecom',
          payload: {
            userid,
            ...(state === undefined ? {} : { state }),
            ...(addWay === undefined ? {} : { addWay }),
            ...(channel === null ? {} : { channelId: channel.id, channelName: channel.name }),
          },
        }
      }),
    )
  }

  /** Answers false when a later fetch is kept already. `merge` gives the holds to keep from those kept so far. */
  const keep = async (
    customerId: string,
    detail: CustomerDetail,
    fetchedAt: Date,
    merge: (kept: readonly ContactFollow[]) => ContactFollow[],
    alreadyTold?: string,
  ): Promise<boolean> => {
    const known = await customers.findOne({ _id: customerId }, { projection: { contact: 1, 'state.follows': 1 } })
    if (known?.contact && known.contact.fetchedAt > fetchedAt) return false
    if (known !== null && nothingNew(known, detail, merge)) {
      await customers.updateOne(
        { _id: customerId, 'contact.fetchedAt': { $lt: fetchedAt } },
        { $set: { 'contact.fetchedAt': fetchedAt } },
      )
      return true
    }
    const wecomIds = [...(known?.contact?.follows ?? []), ...detail.follows].flatMap((follow) => follow.tagIds)
    const names = wecomIds.length === 0 ? new Map() : await tagsByWecomId([...new Set(wecomIds)])
    return mongo.transaction(async (session) => {
      const doc = await customers.findOne({ _id: customerId }, { session })
      if (doc === null || (doc.contact !== null && doc.contact.fetchedAt > fetchedAt)) return false
      const merged = { ...detail, follows: merge(doc.contact?.follows ?? []) }
      const facts = [...(await addedFacts(doc, merged, alreadyTold)), ...tagNews(doc, merged, names, fetchedAt)]
      const contact: Contact = { ...detail.contact, follows: merged.follows, fetchedAt }
      await customers.updateOne(
        { _id: customerId },
        { $set: { contact, ...lookUpOf(doc.state, contact, signalsOf(doc.state), doc) }, $inc: { rev: 1 } },
        { session },
      )
      await append(facts, session)
      return true
    })
  }

  const save = (customerId: string, detail: CustomerDetail, fetchedAt: Date, alreadyTold?: string): Promise<boolean> =>
    keep(customerId, detail, fetchedAt, () => [...detail.follows], alreadyTold)

  return {
    save,
    /** Ensures the customer, then keeps what WeCom says of them. `fetchedAt` is when WeCom was asked. */
    async saveContactSnapshot(detail: CustomerDetail, fetchedAt: Date): Promise<string> {
      const customerId = await ensureCustomer(identitiesOf(detail))
      await save(customerId, detail, fetchedAt)
      return customerId
    },
    /** The same for one (member, customer) pair, as the nightly walk meets it: other members' holds stay as they are. */
    async saveContactPair({ contact, follow }: CustomerPair, fetchedAt: Date): Promise<string> {
      const detail: CustomerDetail = { contact, follows: [follow] }
      const customerId = await ensureCustomer(identitiesOf(detail))
      await keep(customerId, detail, fetchedAt, (kept) => [
        ...kept.filter(({ userid }) => userid !== follow.userid),
        follow,
      ])
      return customerId
    },
  }
}

const byUserid = (follows: readonly ContactFollow[]): ContactFollow[] =>
  [...follows].sort((a, b) => (a.userid < b.userid ? -1 : 1))

/** Most of a nightly walk tells what is known; that costs no transaction. */
const nothingNew = (
  { contact, state }: Pick<CustomerDoc, 'contact' | 'state'>,
  detail: CustomerDetail,
  merge: (kept: readonly ContactFollow[]) => ContactFollow[],
): boolean => {
  if (contact === null) return false
  const { follows, fetchedAt: _fetchedAt, ...rest } = contact
  return (
    isDeepStrictEqual(rest, detail.contact) &&
    isDeepStrictEqual(byUserid(merge(follows)), byUserid(follows)) &&
    !detail.follows.some((follow) => isNews(state.follows, follow))
  )
}

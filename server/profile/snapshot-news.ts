import { isDeepStrictEqual } from 'node:util'
import type { NewFact } from '@zhiyin/shared/fact'
import { because } from '@zhiyin/shared/because'
import type { Contact, ContactFollow, CustomerDoc } from './customers.model.ts'
import type { CustomerDetail, KnownChannel, TagName } from './snapshot.ts'
import { isHalf, standing } from './state/follows.ts'
import type { FollowEntry } from './state/state.ts'

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** One add of one pair is one fact, whether a callback or a sync tells of it. */
export const addedId = (kind: 'added' | 'half', userid: string, externalUserId: string, at: Date): string =>
  `contact.${kind}:${userid}:${externalUserId}:${seconds(at)}`

/** A hold that WeCom knows and we do not, that began after the deletion we know of, or that we knew as a half one only. */
const isNews = (follows: readonly FollowEntry[], follow: ContactFollow): boolean => {
  const known = follows.find(({ userid }) => userid === follow.userid)
  if (known === undefined) return true
  const { state, since } = standing(known)
  if (state === 'following') return isHalf(known) && seconds(follow.createdAt) >= seconds(since)
  return seconds(follow.createdAt) > seconds(since)
}

/** Holds that we did not know, as facts; but for that of `alreadyTold`, a rep whose add somebody else tells of. */
export const addedFacts = (
  doc: CustomerDoc,
  detail: CustomerDetail,
  channels: ReadonlyMap<string, KnownChannel | null>,
  alreadyTold?: string,
): NewFact[] =>
  detail.follows
    .filter((follow) => follow.userid !== alreadyTold && isNews(doc.state.follows, follow))
    .map(({ userid, createdAt, state, addWay }): NewFact => {
      const channel = state === undefined ? null : (channels.get(state) ?? null)
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
    })

type Pair = Pick<ContactFollow, 'userid' | 'createdAt' | 'tagIds'>

const idsIn = (follows: readonly Pair[]): Set<string> => new Set(follows.flatMap((follow) => follow.tagIds))

/** Of pairs as they were, those that are still there; whoever was added again in between is another pair. */
const stillThere = (before: readonly Pair[], now: readonly Pair[]): readonly Pair[] =>
  before.filter(({ userid, createdAt }) =>
    now.some((one) => one.userid === userid && seconds(one.createdAt) === seconds(createdAt)),
  )

/**
 * WeCom tags that came or went since the snapshot before, as facts; a tag we hold already is no news. Whoever lets a customer go takes
 * nothing off them: only what is missing on a pair that is still there was taken off.
 */
export const tagNews = (
  doc: CustomerDoc,
  detail: CustomerDetail,
  names: ReadonlyMap<string, TagName & { id: string }>,
  at: Date,
): NewFact[] => {
  const before = doc.contact?.follows ?? []
  const [was, had, has] = [idsIn(before), idsIn(stillThere(before, detail.follows)), idsIn(detail.follows)]
  // Those of rules too: a mark of ours that comes back is no news, and whoever takes one off there has taken it off here.
  const on = new Set(doc.tagIds)
  return [...new Set([...had, ...has])].flatMap((wecomId): NewFact[] => {
    const tag = names.get(wecomId)
    if (tag === undefined || was.has(wecomId) === has.has(wecomId)) return []
    const type = has.has(wecomId) ? 'tag.added' : 'tag.removed'
    if (on.has(tag.id) === (type === 'tag.added')) return []
    const id = `${type}:wecom:${detail.contact.externalUserId}:${tag.id}:${at.getTime()}`
    const payload = { tagId: tag.id, tag: tag.name, because: [because('tag.by_wecom')] }
    return [{ id, customerId: doc._id, type, at, source: 'wecom', payload }]
  })
}

const byUserid = (follows: readonly ContactFollow[]): ContactFollow[] =>
  [...follows].sort((a, b) => (a.userid < b.userid ? -1 : 1))

/** What of a customer has to be known to tell whether anything is new. */
export type Known = Pick<CustomerDoc, '_id' | 'contact'> & { readonly state: Pick<CustomerDoc['state'], 'follows'> }

/** Whether this is word for word what is kept. */
export const isKept = (
  { follows, fetchedAt: _fetchedAt, heardAt: _heardAt, ...rest }: Contact,
  detail: CustomerDetail,
  merge: (kept: readonly ContactFollow[]) => ContactFollow[],
): boolean => isDeepStrictEqual(rest, detail.contact) && isDeepStrictEqual(byUserid(merge(follows)), byUserid(follows))

/** Whether WeCom tells what is known already. */
export const nothingNew = (
  { contact, state }: Known,
  detail: CustomerDetail,
  merge: (kept: readonly ContactFollow[]) => ContactFollow[],
): boolean =>
  contact !== null && isKept(contact, detail, merge) && !detail.follows.some((follow) => isNews(state.follows, follow))

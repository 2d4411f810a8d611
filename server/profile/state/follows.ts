import type { Fact } from '@zhiyin/shared/fact'
import type { Draft } from './draft.ts'
import { earliest, latest } from './merge.ts'
import type { FollowEntry } from './state.ts'

type Added = NonNullable<FollowEntry['added']>
type Deleted = NonNullable<FollowEntry['deleted']>

const followOf = (draft: Draft, userid: string): FollowEntry =>
  draft.follows.get(userid) ?? { userid, added: null, deleted: null }

/** Of two adds the later one; of the same moment the full one, then the one whose channel is known. */
const addedRank = ({ at, half, channelId, channelName, addWay }: Added): string =>
  JSON.stringify([at, half ? 0 : 1, channelId ?? '', channelName ?? '', addWay ?? -1])

export const addContact = (draft: Draft, { at, payload }: Fact<'contact.added'>): void => {
  draft.firstContactAt = earliest(draft.firstContactAt, at)
  const follow = followOf(draft, payload.userid)
  const added: Added = {
    at,
    half: payload.half ?? false,
    channelId: payload.channelId ?? null,
    channelName: payload.channelName ?? null,
    addWay: payload.addWay ?? null,
  }
  const fullAt = added.half ? follow.fullAt : latest(follow.fullAt ?? null, at)
  const newer = follow.added === null || addedRank(added) > addedRank(follow.added)
  draft.follows.set(follow.userid, {
    ...follow,
    ...(newer ? { added } : {}),
    ...(fullAt === undefined ? {} : { fullAt }),
  })
}

/**
 * Of two deletions the later one. WeCom tells no less than seconds: of one second the rep's, who holds nobody then, whichever came
 * last; of two of the rep's the one that is known to be a hand-over.
 */
const deletedRank = ({ at, by, transfer, to }: Deleted): string =>
  JSON.stringify([at, by === 'rep' ? 1 : 0, transfer === true ? 1 : 0, to ?? ''])

export const deleteContact = (draft: Draft, userid: string, deleted: Deleted): void => {
  const follow = followOf(draft, userid)
  if (follow.deleted === null || deletedRank(deleted) > deletedRank(follow.deleted))
    draft.follows.set(userid, { ...follow, deleted })
}

/** How a rep stands to the customer now, and since when. A deletion in the same second as the add wins. */
export const standing = (
  follow: FollowEntry,
): { state: 'following' | 'deleted_by_rep' | 'deleted_by_customer'; since: Date } => {
  const { added, deleted } = follow
  if (deleted !== null && (added === null || deleted.at >= added.at))
    return { state: deleted.by === 'rep' ? 'deleted_by_rep' : 'deleted_by_customer', since: deleted.at }
  return { state: 'following', since: added?.at ?? new Date(0) }
}

/** The customer has added the rep, who has not added them back: an add by both sides since the last deletion ends that. */
export const isHalf = ({ added, fullAt, deleted }: FollowEntry): boolean =>
  added?.half === true && (fullAt === undefined || (deleted !== null && deleted.at >= fullAt))

/** Where the hold went when it ended by a hand-over: the rep, '' where unknown; null when it did not end so. */
export const handedTo = (follow: FollowEntry): string | null =>
  standing(follow).state === 'deleted_by_rep' && follow.deleted?.transfer === true ? (follow.deleted.to ?? '') : null

/** Whether an add is a take-over from another rep: nothing the customer did. */
export const isTakeOver = (fact: Fact): boolean => fact.type === 'contact.added' && fact.payload.transfer === true

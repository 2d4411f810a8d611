import type { Fact } from '@zhiyin/shared/fact'
import type { Draft } from './draft.ts'
import { earliest } from './merge.ts'
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
  if (follow.added === null || addedRank(added) > addedRank(follow.added))
    draft.follows.set(follow.userid, { ...follow, added })
}

export const deleteContact = (draft: Draft, userid: string, deleted: Deleted): void => {
  const follow = followOf(draft, userid)
  const later = follow.deleted === null ? 1 : deleted.at.getTime() - follow.deleted.at.getTime()
  if (later > 0 || (later === 0 && deleted.by === 'customer')) draft.follows.set(userid, { ...follow, deleted })
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

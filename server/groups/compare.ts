import type { NewId } from '../platform/id.ts'
import type { GroupChat } from '../wecom/types.ts'
import type { GroupChangeDoc } from './changes.model.ts'
import type { GroupDoc } from './groups.model.ts'
import type { GroupMemberDoc } from './members.model.ts'

const OUTSIDE = 2

/** The identity of a stay: the same person in the same group may come again, at another second. */
export const stayOf = (chatId: string, id: string, joinedAt: Date): string =>
  `${chatId}:${id}:${Math.floor(joinedAt.getTime() / 1000)}`

/** What is kept of a group that a comparison needs. */
export type Kept = Pick<GroupDoc, 'name' | 'owner' | 'notice' | 'admins' | 'memberVersion' | 'members' | 'dismissed'>
/** A stay that is open as far as we know. */
export type OpenStay = Pick<
  GroupMemberDoc,
  '_id' | 'id' | 'type' | 'name' | 'joinedAt' | 'quitAt' | 'quitScene' | 'inviter'
>

export type Difference = {
  readonly set: Pick<
    GroupDoc,
    'name' | 'owner' | 'notice' | 'admins' | 'createdAt' | 'members' | 'outsiders' | 'memberVersion' | 'dismissed'
  >
  readonly joined: readonly GroupMemberDoc[]
  readonly left: readonly { readonly stay: OpenStay; readonly at: Date }[]
  readonly renamed: readonly { readonly _id: string; readonly name: string }[]
  readonly changes: readonly GroupChangeDoc[]
  /** Nothing at all is new. */
  readonly same: boolean
}

const line = (chatId: string, at: Date, rest: Pick<GroupChangeDoc, '_id' | 'kind'> & Partial<GroupChangeDoc>) => ({
  chatId,
  at,
  from: null,
  to: null,
  person: null,
  inviter: null,
  scene: null,
  members: null,
  ...rest,
})

export const joinedLine = ({ _id, chatId, id, name, joinedAt, inviter, joinScene }: GroupMemberDoc): GroupChangeDoc =>
  line(chatId, joinedAt, { _id: `${_id}:joined`, kind: 'joined', person: { id, name }, inviter, scene: joinScene })

export const leftLine = (chatId: string, { _id, id, name, quitScene }: OpenStay, at: Date): GroupChangeDoc =>
  line(chatId, at, { _id: `${_id}:left`, kind: 'left', person: { id, name }, scene: quitScene })

/** WeCom's word of a group against what is kept. The first time, who is there already is no news of the timeline. */
export const differenceOf = (
  chat: GroupChat,
  kept: Kept | null,
  open: readonly OpenStay[],
  now: Date,
  newId: NewId,
): Difference => {
  const { chatId } = chat
  const notice = chat.notice ?? ''
  const byStay = new Map(open.map((stay) => [stayOf(chatId, stay.id, stay.joinedAt), stay]))
  const listed = new Set(chat.members.map(({ id, joinedAt }) => stayOf(chatId, id, joinedAt)))
  const joined = chat.members
    .filter(({ id, joinedAt }) => !byStay.has(stayOf(chatId, id, joinedAt)))
    .map(({ id, type, name = '', joinedAt, joinScene, inviter = null, state = null }): GroupMemberDoc => ({
      _id: stayOf(chatId, id, joinedAt),
      chatId,
      id,
      type,
      name,
      joinedAt,
      joinScene,
      calledScene: null,
      inviter,
      state,
      foundAt: now,
      again: false,
      leftAt: null,
      quitScene: null,
      quitAt: null,
      dismissed: false,
      told: type === OUTSIDE ? 'no' : 'yes',
    }))
  const left = open
    .filter((stay) => !listed.has(stayOf(chatId, stay.id, stay.joinedAt)))
    .map((stay) => ({ stay, at: stay.quitAt ?? now }))
  const renamed = chat.members.flatMap(({ id, joinedAt, name }) => {
    const stay = byStay.get(stayOf(chatId, id, joinedAt))
    return stay === undefined || name === undefined || name === stay.name ? [] : [{ _id: stay._id, name }]
  })
  const moved = (kind: 'owner' | 'name' | 'notice', from: string | null, to: string): GroupChangeDoc[] =>
    from === to ? [] : [line(chatId, now, { _id: newId('groupChange'), kind, from, to })]
  const found = { _id: newId('groupChange'), kind: 'found', members: chat.members.length } as const
  const changes: GroupChangeDoc[] =
    kept === null || kept.dismissed
      ? [line(chatId, now, found)]
      : [
          ...moved('owner', kept.owner, chat.owner),
          ...moved('name', kept.name, chat.name),
          ...moved('notice', kept.notice, notice),
          ...joined.map(joinedLine),
          ...left.map(({ stay, at }) => leftLine(chatId, stay, at)),
        ]
  const set = {
    name: chat.name,
    owner: chat.owner,
    notice,
    admins: chat.admins,
    createdAt: chat.createdAt,
    members: chat.members.length,
    outsiders: chat.members.filter(({ type }) => type === OUTSIDE).length,
    memberVersion: chat.memberVersion ?? null,
    dismissed: false,
  }
  const same =
    kept !== null &&
    changes.length + joined.length + left.length + renamed.length === 0 &&
    kept.memberVersion === set.memberVersion &&
    kept.members === set.members &&
    kept.admins.join() === set.admins.join()
  return { set, joined, left, renamed, changes, same }
}

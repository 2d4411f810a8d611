import type { Hold } from '../profile/read.ts'
import type { CustomerFollow, WecomRead } from '../wecom/types.ts'
import { differs, isKnown } from './compare.ts'
import type { GapDoc } from './gaps.model.ts'

/** The callback that should have come. `at`: when it happened, where that is known. */
export type Missed = { readonly event: string; readonly fields: Record<string, unknown>; readonly at: Date | null }
/** Looks at a difference once more; null when there is none any more. */
export type Recheck = (gap: Pick<GapDoc, 'kind' | 'subject'>) => Promise<Missed | null>

/** A customer group as we keep it. */
export type KeptGroup = {
  readonly chatId: string
  readonly name: string
  readonly owner: string | null
  readonly memberVersion: string | null
}

export type Ours = {
  holdsOf: (externalUserIds: readonly string[]) => Promise<Hold[]>
  group: (chatId: string) => Promise<KeptGroup | null>
  tag: (wecomId: string) => Promise<{ name: string; group: string; deleted: boolean } | null>
  member: (userid: string) => Promise<{ active: boolean } | null>
}

type Read = Pick<WecomRead, 'getCustomer' | 'groupChat' | 'corpTags' | 'getUser'>
type Pair = { hold: Hold | undefined; follow: CustomerFollow | undefined }
type Changed = 'create' | 'update' | 'delete'

/** WeCom's status: 2 disabled, 5 left. */
const gone: ReadonlySet<number | undefined> = new Set([2, 5])

export const createRecheck = ({ read, ours }: { read: Read; ours: Ours }): Recheck => {
  const contact = (name: string, fields: Record<string, unknown>, at: Date | null): Missed => ({
    event: `change_external_contact.${name}`,
    fields,
    at,
  })
  const pairOf = async (userid: string, externalUserId: string): Promise<Pair> => {
    const [detail, holds] = await Promise.all([read.getCustomer(externalUserId), ours.holdsOf([externalUserId])])
    return {
      follow: detail?.follows.find((one) => one.userid === userid),
      hold: holds.find((one) => one.userid === userid),
    }
  }
  const tagNow = async (wecomId: string) => {
    const groups = await read.corpTags({ tagIds: [wecomId] })
    return groups
      .flatMap((group) => group.tags.map((tag) => ({ ...tag, group: group.name })))
      .find(({ id }) => id === wecomId)
  }
  const tag = (id: string, change: Changed): Missed => ({
    event: `change_external_tag.${change}`,
    fields: { id, tagType: 'tag' },
    at: null,
  })
  const chat = (chatId: string, change: 'create' | 'update' | 'dismiss'): Missed => ({
    event: `change_external_chat.${change}`,
    fields: { chatId, ...(change === 'update' ? { updateDetail: 'repair' } : {}) },
    at: null,
  })

  return async ({ kind, subject: { userid = '', externalUserId = '', chatId = '', tagId = '' } }) => {
    switch (kind) {
      case 'contact.added': {
        const { follow, hold } = await pairOf(userid, externalUserId)
        if (follow === undefined || isKnown(hold, follow)) return null
        const state = follow.state === undefined ? {} : { state: follow.state }
        return contact('add_external_contact', { userid, externalUserId, ...state }, follow.createdAt)
      }
      case 'contact.edited': {
        const { follow, hold } = await pairOf(userid, externalUserId)
        const same = follow === undefined || !hold?.told || !differs(hold.told, follow)
        return same ? null : contact('edit_external_contact', { userid, externalUserId }, null)
      }
      case 'contact.lost': {
        const { follow, hold } = await pairOf(userid, externalUserId)
        const there = follow !== undefined && hold?.state === 'following'
        return there ? contact('del_follow_user', { userid, externalUserId }, null) : null
      }
      case 'contact.deleted': {
        const { follow, hold } = await pairOf(userid, externalUserId)
        const there = follow !== undefined || hold?.state !== 'following'
        return there ? null : contact('del_external_contact', { userid, externalUserId }, null)
      }
      case 'group.created':
      case 'group.changed':
      case 'group.dismissed': {
        const [now, kept] = await Promise.all([read.groupChat(chatId), ours.group(chatId)])
        if (now === null) return kept === null ? null : chat(chatId, 'dismiss')
        if (kept === null) return chat(chatId, 'create')
        const version = now.memberVersion ?? null
        const same = now.name === kept.name && now.owner === kept.owner && version === kept.memberVersion
        return same ? null : chat(chatId, 'update')
      }
      case 'tag.created':
      case 'tag.changed':
      case 'tag.deleted': {
        const [now, kept] = await Promise.all([tagNow(tagId), ours.tag(tagId)])
        const here = kept !== null && !kept.deleted
        if (now === undefined) return here ? tag(tagId, 'delete') : null
        if (!here) return tag(tagId, 'create')
        return now.name === kept.name && now.group === kept.group ? null : tag(tagId, 'update')
      }
      case 'member.joined':
      case 'member.left': {
        const [now, kept] = await Promise.all([read.getUser(userid), ours.member(userid)])
        const there = now !== null && !gone.has(now.status)
        if (there === (kept?.active ?? false)) return null
        return { event: `change_contact.${there ? 'create_user' : 'delete_user'}`, fields: { userid }, at: null }
      }
    }
  }
}

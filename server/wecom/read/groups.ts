import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { chunksOf, dateOf, pagesOf, unless } from '../pages.ts'
import type { GroupChat, GroupsRead, ListedGroup } from '../types/groups.ts'

const NOT_A_CUSTOMER_GROUP = [90501, 90509] as const
const OWNERS_PER_CALL = 100
const GROUPS_PER_PAGE = 1000
const NAME_THE_OWNERS = 81017

const groupOf = (wire: Awaited<ReturnType<typeof fetchGroup>>): GroupChat => ({
  chatId: wire.chat_id,
  name: wire.name,
  owner: wire.owner,
  createdAt: dateOf(wire.create_time),
  ...(wire.notice ? { notice: wire.notice } : {}),
  members: wire.member_list.map((member) => ({
    id: member.userid,
    type: member.type,
    joinedAt: dateOf(member.join_time),
    joinScene: member.join_scene,
    ...(member.name ? { name: member.name } : {}),
    ...(member.invitor ? { inviter: member.invitor.userid } : {}),
    ...(member.state ? { state: member.state } : {}),
  })),
  admins: wire.admin_list.map((admin) => admin.userid),
  ...(wire.member_version ? { memberVersion: wire.member_version } : {}),
})

const fetchGroup = async (call: Call, chatId: string) =>
  (await call(api.groupChatGet, { chat_id: chatId, need_name: 1 })).group_chat

/**
 * Customer groups (客户群).
 * @param everyOwner who may own groups; asked when WeCom wants the owners named
 */
export const createGroupsRead = (call: Call, everyOwner: () => Promise<readonly string[]>): GroupsRead => {
  async function* walk(filter: { owner_filter?: { userid_list: string[] } }, status: number) {
    const pages = pagesOf((cursor) =>
      call(api.groupChatList, { status_filter: status, ...filter, cursor, limit: GROUPS_PER_PAGE }),
    )
    for await (const page of pages)
      yield page.group_chat_list.map(({ chat_id, status: state }): ListedGroup => ({ chatId: chat_id, status: state }))
  }

  async function* ofOwners(owners: readonly string[], status: number) {
    for (const userid_list of chunksOf(owners, OWNERS_PER_CALL)) yield* walk({ owner_filter: { userid_list } }, status)
  }

  async function* groupChats(owners?: readonly string[], status = 0): AsyncGenerator<ListedGroup[]> {
    if (owners !== undefined) return yield* ofOwners(owners, status)
    try {
      yield* walk({}, status)
    } catch (error) {
      // Refused before the first page: nothing has been given out yet.
      if (!isWecomError(error, NAME_THE_OWNERS)) throw error
      yield* ofOwners(await everyOwner(), status)
    }
  }

  return {
    groupChats,
    groupChat: (chatId) =>
      unless(fetchGroup(call, chatId).then(groupOf), (error) => isWecomError(error, ...NOT_A_CUSTOMER_GROUP), null),
  }
}

import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { chunksOf, dateOf, pagesOf, unless } from '../pages.ts'
import type { GroupChat, WecomRead } from '../types.ts'

const NOT_A_CUSTOMER_GROUP = [90501, 90509] as const
const OWNERS_PER_CALL = 100
const GROUPS_PER_PAGE = 1000

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

type Groups = Pick<WecomRead, 'groupChats' | 'groupChat'>

/** Customer groups (客户群). */
export const createGroupsRead = (call: Call): Groups => {
  async function* groupChats(owners?: readonly string[]): AsyncGenerator<{ chatId: string; status: number }[]> {
    const filters = owners
      ? chunksOf(owners, OWNERS_PER_CALL).map((userid_list) => ({ owner_filter: { userid_list } }))
      : [{}]
    for (const filter of filters) {
      const pages = pagesOf((cursor) =>
        call(api.groupChatList, { status_filter: 0, ...filter, cursor, limit: GROUPS_PER_PAGE }),
      )
      for await (const page of pages) {
        yield page.group_chat_list.map(({ chat_id, status }) => ({ chatId: chat_id, status }))
      }
    }
  }

  return {
    groupChats,
    groupChat: (chatId) =>
      unless(fetchGroup(call, chatId).then(groupOf), (error) => isWecomError(error, ...NOT_A_CUSTOMER_GROUP), null),
  }
}

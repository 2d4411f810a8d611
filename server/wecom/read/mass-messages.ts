import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { allOf, dateOf } from '../pages.ts'
import type { GroupMessage, GroupMessageResult, MassMessagesRead } from '../types.ts'

const MESSAGES_PER_PAGE = 100
const ROWS_PER_PAGE = 1000
/** The platform takes at most a month between start and end. */
const SPAN_S = 28 * 86_400

/** WeCom's result of one recipient: 0, 1, 2 not a friend (any more), 3 got another mass message already. */
const statuses: readonly GroupMessageResult['status'][] = ['not_sent', 'sent', 'not_friend', 'quota_used']

/** `[from, to]` in whole seconds, outwards, in parts the platform takes. */
const spans = (from: Date, to: Date): { start_time: number; end_time: number }[] => {
  const end = Math.ceil(to.getTime() / 1000)
  const parts: { start_time: number; end_time: number }[] = []
  for (let start = Math.floor(from.getTime() / 1000); start < end; start += SPAN_S) {
    parts.push({ start_time: start, end_time: Math.min(start + SPAN_S, end) })
  }
  return parts
}

/** What became of mass messages (企业群发), made by us or by hand. */
export const createMassMessagesRead = (call: Call): MassMessagesRead => ({
  listGroupMessages: async ({ chatType, from, to }) => {
    const found = new Map<string, GroupMessage>()
    for (const span of spans(from, to)) {
      const rows = await allOf(
        (cursor) =>
          call(api.groupMessageList, {
            chat_type: chatType,
            ...span,
            filter_type: 2,
            limit: MESSAGES_PER_PAGE,
            cursor,
          }),
        (page) => page.group_msg_list,
      )
      for (const row of rows) {
        found.set(row.msgid, {
          msgid: row.msgid,
          createdAt: dateOf(row.create_time),
          text: typeof row.text === 'string' ? row.text : (row.text?.content ?? ''),
          byMember: row.create_type === 1,
          ...(row.attachments ? { attachments: row.attachments } : {}),
          ...(row.creator ? { creator: row.creator } : {}),
        })
      }
    }
    return [...found.values()]
  },

  /** Status 0 not sent, 2 sent; there is no 1. */
  groupMessageTasks: async (msgid) => {
    const rows = await allOf(
      (cursor) => call(api.groupMessageTask, { msgid, limit: ROWS_PER_PAGE, cursor }),
      (page) => page.task_list,
    )
    return rows.map(({ userid, status, send_time }) => ({
      userid,
      sent: status === 2,
      ...(send_time ? { sentAt: dateOf(send_time) } : {}),
    }))
  },

  groupMessageResults: async (msgid, userid) => {
    const rows = await allOf(
      (cursor) => call(api.groupMessageResult, { msgid, userid, limit: ROWS_PER_PAGE, cursor }),
      (page) => page.send_list,
    )
    return rows.map(({ external_userid, chat_id, status, send_time }) => ({
      status: statuses[status] ?? 'not_sent',
      ...(external_userid ? { externalUserId: external_userid } : {}),
      ...(chat_id ? { chatId: chat_id } : {}),
      ...(send_time ? { sentAt: dateOf(send_time) } : {}),
    }))
  },
})

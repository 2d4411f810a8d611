import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { messageShape } from './messages.ts'
import { cgi, cursor, next, nothing, seconds, text } from './shapes.ts'

const chatType = z.enum(['single', 'group'])
export const addMassMessage = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/add_msg_template`,
  token: 'contact',
  effect: 'once',
  request: z.object({
    chat_type: chatType,
    sender: text.min(1),
    external_userid: z.array(text).min(1).max(10_000).optional(),
    chat_id_list: z.array(text).min(1).max(2000).optional(),
    ...messageShape,
  }),
  response: z.object({ msgid: text.min(1), fail_list: z.array(text).nullish() }),
  timeoutMs: 15_000,
})
export const groupMessageList = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_groupmsg_list_v2`,
  token: 'contact',
  effect: 'read',
  request: z.object({
    chat_type: chatType,
    start_time: z.int(),
    end_time: z.int(),
    filter_type: z.literal(2),
    limit: z.int(),
    cursor,
  }),
  response: z.object({
    group_msg_list: z
      .array(
        z.object({
          msgid: text,
          creator: text.optional(),
          create_time: seconds,
          /** 0 made for the corp, 1 by a member for themselves. */
          create_type: z.number().default(0),
          text: z.union([text, z.object({ content: text.default('') })]).nullish(),
          attachments: z.array(z.unknown()).nullish(),
        }),
      )
      .default([]),
    next_cursor: next,
  }),
})
export const groupMessageTask = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_groupmsg_task`,
  token: 'contact',
  effect: 'read',
  request: z.object({ msgid: text, limit: z.int(), cursor }),
  response: z.object({
    task_list: z.array(z.object({ userid: text, status: z.number(), send_time: seconds.optional() })).default([]),
    next_cursor: next,
  }),
})
export const groupMessageResult = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_groupmsg_send_result`,
  token: 'contact',
  effect: 'read',
  request: z.object({ msgid: text, userid: text, limit: z.int(), cursor }),
  response: z.object({
    send_list: z
      .array(
        z.object({
          external_userid: text.optional(),
          chat_id: text.optional(),
          status: z.number(),
          send_time: seconds.optional(),
        }),
      )
      .default([]),
    next_cursor: next,
  }),
})
const one = z.object({ msgid: text.min(1) })
export const remindMassMessage = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/remind_groupmsg_send`,
  token: 'contact',
  effect: 'once',
  request: one,
  response: nothing,
})
export const cancelMassMessage = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/cancel_groupmsg_send`,
  token: 'contact',
  effect: 'repeatable',
  request: one,
  response: nothing,
})

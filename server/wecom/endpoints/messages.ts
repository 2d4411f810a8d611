import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, cursor, next, nothing, seconds, text } from './shapes.ts'

const attachment = z.union([
  z.object({
    msgtype: z.literal('link'),
    link: z.object({ title: text, url: text, desc: text.optional(), picurl: text.optional() }),
  }),
  z.object({ msgtype: z.literal('image'), image: z.object({ pic_url: text }) }),
])
export type WireAttachment = z.input<typeof attachment>
const message = { text: z.object({ content: text }).optional(), attachments: z.array(attachment).max(9).optional() }

export const sendWelcome = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/send_welcome_msg`,
  token: 'contact',
  effect: 'once',
  request: z.object({ welcome_code: text.min(1), ...message }),
  response: nothing,
  timeoutMs: 5000,
})
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
    ...message,
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

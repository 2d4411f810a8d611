import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, cursor, next, seconds, text } from './shapes.ts'

export const groupChatList = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/list`,
  token: 'contact',
  effect: 'read',
  request: z.object({
    status_filter: z.int().min(0).max(3),
    owner_filter: z.object({ userid_list: z.array(text).max(100) }).optional(),
    cursor,
    limit: z.int().min(1).max(1000),
  }),
  response: z.object({
    group_chat_list: z.array(z.object({ chat_id: text, status: z.number().default(0) })).default([]),
    next_cursor: next,
  }),
})
export const groupChatGet = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/get`,
  token: 'contact',
  effect: 'read',
  request: z.object({ chat_id: text, need_name: z.literal(1) }),
  response: z.object({
    group_chat: z.object({
      chat_id: text,
      name: text.default(''),
      owner: text.default(''),
      create_time: seconds,
      notice: text.optional(),
      member_list: z
        .array(
          z.object({
            userid: text,
            type: z.number(),
            name: text.optional(),
            join_time: seconds,
            join_scene: z.number().default(0),
            invitor: z.object({ userid: text }).optional(),
            state: text.optional(),
          }),
        )
        .default([]),
      admin_list: z.array(z.object({ userid: text })).default([]),
      member_version: text.optional(),
    }),
  }),
})

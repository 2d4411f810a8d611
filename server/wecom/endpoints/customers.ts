import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, cursor, list, next, seconds, text } from './shapes.ts'

export const contactList = wecomEndpoint({
  method: 'GET',
  path: `${cgi}/list`,
  token: 'contact',
  effect: 'read',
  request: z.object({ userid: text }),
  response: z.object({ external_userid: list }),
})

const contact = z.object({
  external_userid: text,
  name: text.default(''),
  avatar: text.optional(),
  type: z.number().default(1),
  gender: z.number().default(0),
  unionid: text.optional(),
})
export type WireContact = z.output<typeof contact>
const follow = z.object({
  userid: text,
  remark: text.optional(),
  description: text.optional(),
  createtime: seconds,
  add_way: z.number().optional(),
  state: text.optional(),
  remark_corp_name: text.optional(),
  remark_mobiles: z.array(text).nullish(),
})
export type WireFollow = z.output<typeof follow>
export const contactGet = wecomEndpoint({
  method: 'GET',
  path: `${cgi}/get`,
  token: 'contact',
  effect: 'read',
  request: z.object({ external_userid: text, cursor }),
  response: z.object({
    external_contact: contact,
    follow_user: z.array(follow.extend({ tags: z.array(z.object({ tag_id: text.optional() })).nullish() })).default([]),
    next_cursor: next,
  }),
})
export const batchGetByUser = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/batch/get_by_user`,
  token: 'contact',
  effect: 'read',
  request: z.object({ userid_list: z.array(text).min(1).max(100), cursor, limit: z.int() }),
  response: z.object({
    external_contact_list: z
      .array(z.object({ external_contact: contact, follow_info: follow.extend({ tag_id: z.array(text).nullish() }) }))
      .default([]),
    next_cursor: next,
  }),
  timeoutMs: 20_000,
})

import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, chars, nothing, text } from './shapes.ts'

const tagOrder = z
  .int()
  .min(0)
  .max(2 ** 32 - 1)
const tag = z.object({ id: text, name: text, order: z.number().default(0), deleted: z.boolean().default(false) })
const tagGroup = z.object({
  group_id: text,
  group_name: text,
  order: z.number().default(0),
  deleted: z.boolean().default(false),
  tag: z.array(tag).default([]),
})
export type WireTagGroup = z.output<typeof tagGroup>
export const corpTagList = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_corp_tag_list`,
  token: 'contact',
  effect: 'read',
  request: z.object({ tag_id: z.array(text).optional(), group_id: z.array(text).optional() }),
  response: z.object({ tag_group: z.array(tagGroup).default([]) }),
})
/** Repeatable: the name is unique in its group, so a second call answers 40071. */
export const addCorpTag = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/add_corp_tag`,
  token: 'contact',
  effect: 'repeatable',
  request: z.object({
    group_id: text.optional(),
    group_name: chars(30).min(1).optional(),
    tag: z.array(z.object({ name: chars(30).min(1), order: tagOrder.optional() })).length(1),
  }),
  response: z.object({ tag_group: tagGroup }),
})
export const editCorpTag = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/edit_corp_tag`,
  token: 'contact',
  effect: 'repeatable',
  request: z.object({ id: text.min(1), name: chars(30).min(1).optional(), order: tagOrder.optional() }),
  response: nothing,
})
/** A group goes with all its tags. */
export const delCorpTag = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/del_corp_tag`,
  token: 'contact',
  effect: 'repeatable',
  request: z.object({ tag_id: z.array(text).optional(), group_id: z.array(text).optional() }),
  response: nothing,
})
export const markTag = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/mark_tag`,
  token: 'contact',
  effect: 'repeatable',
  request: z.object({
    userid: text,
    external_userid: text,
    add_tag: z.array(text).optional(),
    remove_tag: z.array(text).optional(),
  }),
  response: nothing,
})

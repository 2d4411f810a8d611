import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, cursor, list, next, nothing, seconds, text } from './shapes.ts'

/** apis.md §7; limits.md §5. */
const users = z.array(text.min(1)).min(1).max(100)
const remark = text.max(30)
const state = text.min(1).max(30)
const configId = z.object({ config_id: text.min(1) })

/** Always several persons (type 2), even for one: the type cannot change later, the members can. */
export const addContactWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/add_contact_way`,
  token: 'contact',
  effect: 'once',
  request: z.object({
    type: z.literal(2),
    scene: z.literal(2),
    remark: remark.optional(),
    skip_verify: z.boolean(),
    state,
    user: users,
    is_exclusive: z.boolean(),
    mark_source: z.boolean(),
  }),
  response: z.object({ config_id: text.min(1), qr_code: text.default('') }),
})

export const getContactWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_contact_way`,
  token: 'contact',
  effect: 'read',
  request: configId,
  response: z.object({
    contact_way: z.object({
      config_id: text,
      remark: text.default(''),
      skip_verify: z.boolean().default(true),
      state: text.default(''),
      qr_code: text.default(''),
      user: list,
      party: z.array(z.int()).default([]),
      is_exclusive: z.boolean().default(false),
      mark_source: z.boolean().default(true),
    }),
  }),
})

export const listContactWays = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/list_contact_way`,
  token: 'contact',
  effect: 'read',
  request: z.object({ start_time: seconds, end_time: seconds, cursor, limit: z.int().min(1).max(1000) }),
  response: z.object({ contact_way: z.array(configId).default([]), next_cursor: next }),
})

export const updateContactWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/update_contact_way`,
  token: 'contact',
  effect: 'repeatable',
  request: configId.extend({
    remark: remark.optional(),
    skip_verify: z.boolean().optional(),
    state: state.optional(),
    user: users.optional(),
    mark_source: z.boolean().optional(),
  }),
  response: nothing,
})

export const deleteContactWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/del_contact_way`,
  token: 'contact',
  effect: 'repeatable',
  request: configId,
  response: nothing,
})

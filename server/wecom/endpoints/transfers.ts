import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, chars, cursor, next, seconds, text } from './shapes.ts'

const pair = { handover_userid: text.min(1), takeover_userid: text.min(1) }
const customers = z.array(text.min(1)).min(1).max(100)
const started = z.object({
  customer: z.array(z.object({ external_userid: text, errcode: z.int().default(0) })).default([]),
})
const results = z.object({
  customer: z
    .array(z.object({ external_userid: text, status: z.int(), takeover_time: seconds.default(0) }))
    .default([]),
  next_cursor: next,
})
const groups = z.object({ chat_id_list: z.array(text.min(1)).min(1).max(100), new_owner: text.min(1) })
const failed = z.object({
  failed_chat_list: z
    .array(z.object({ chat_id: text, errcode: z.int(), errmsg: text.default('') }))
    .nullish()
    .transform((list) => list ?? []),
})

export const transferCustomer = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/transfer_customer`,
  token: 'contact',
  effect: 'once',
  request: z.object({ ...pair, external_userid: customers, transfer_success_msg: chars(200).optional() }),
  response: started,
  timeoutMs: 20_000,
})
export const transferResult = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/transfer_result`,
  token: 'contact',
  effect: 'read',
  request: z.object({ ...pair, cursor }),
  response: results,
})
export const resignedTransferCustomer = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/resigned/transfer_customer`,
  token: 'contact',
  effect: 'once',
  request: z.object({ ...pair, external_userid: customers }),
  response: started,
  timeoutMs: 20_000,
})
export const resignedTransferResult = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/resigned/transfer_result`,
  token: 'contact',
  effect: 'read',
  request: z.object({ ...pair, cursor }),
  response: results,
})
/** Paged by cursor: page numbers end at 50,000 rows. */
export const getUnassignedList = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_unassigned_list`,
  token: 'contact',
  effect: 'read',
  request: z.object({ page_size: z.int().min(1).max(1000), cursor }),
  response: z.object({
    info: z
      .array(z.object({ handover_userid: text, external_userid: text, dimission_time: seconds.default(0) }))
      .default([]),
    is_last: z.boolean().default(true),
    next_cursor: next,
  }),
})
export const groupOnjobTransfer = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/onjob_transfer`,
  token: 'contact',
  effect: 'once',
  request: groups,
  response: failed,
  timeoutMs: 20_000,
})
export const groupTransfer = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/transfer`,
  token: 'contact',
  effect: 'once',
  request: groups,
  response: failed,
  timeoutMs: 20_000,
})

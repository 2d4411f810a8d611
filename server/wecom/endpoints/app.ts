import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { nothing, text } from './shapes.ts'

/** Repeatable within the interval of its duplicate check. */
export const messageSend = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/message/send',
  token: 'agent',
  effect: 'once',
  request: z.object({
    touser: text.min(1),
    msgtype: z.literal('text'),
    agentid: z.int(),
    text: z.object({ content: text.min(1) }),
    enable_duplicate_check: z.literal(1),
    duplicate_check_interval: z.int().max(14_400),
  }),
  response: z.object({ msgid: text.default(''), invaliduser: text.nullish() }),
})
/** `key` travels in the query and is a secret. */
export const webhookSend = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/webhook/send',
  token: 'none',
  effect: 'once',
  request: z.union([
    z.object({ msgtype: z.literal('text'), text: z.object({ content: text.min(1) }) }),
    z.object({ msgtype: z.literal('markdown'), markdown: z.object({ content: text.min(1) }) }),
  ]),
  response: nothing,
})

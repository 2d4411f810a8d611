import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { nothing, text } from './shapes.ts'

/** Everybody waits for a token or ticket, and whoever fetches it holds a lock of 5 s. */
const quick = { timeoutMs: 3000, withinMs: 4000, urgency: 'now' } as const

export const getToken = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/gettoken',
  token: 'none',
  effect: 'read',
  request: z.object({ corpid: text, corpsecret: text }),
  response: z.object({ access_token: text.min(1), expires_in: z.number().positive() }),
  ...quick,
})

const ticket = z.object({ ticket: text.min(1), expires_in: z.number().positive() })
export const corpTicket = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/get_jsapi_ticket',
  token: 'agent',
  effect: 'read',
  request: nothing,
  response: ticket,
  ...quick,
})
export const agentTicket = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/ticket/get',
  token: 'agent',
  effect: 'read',
  request: z.object({ type: z.literal('agent_config') }),
  response: ticket,
  ...quick,
})

/** A code works once, so a lost answer cannot be asked for again. */
export const userInfo = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/auth/getuserinfo',
  token: 'agent',
  effect: 'once',
  request: z.object({ code: text }),
  response: z.object({ userid: text.optional(), UserId: text.optional() }),
  urgency: 'now',
})

import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { nothing, text } from './shapes.ts'

export const getToken = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/gettoken',
  token: 'none',
  effect: 'read',
  request: z.object({ corpid: text, corpsecret: text }),
  response: z.object({ access_token: text.min(1), expires_in: z.number().positive() }),
})

const ticket = z.object({ ticket: text.min(1), expires_in: z.number().positive() })
export const corpTicket = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/get_jsapi_ticket',
  token: 'agent',
  effect: 'read',
  request: nothing,
  response: ticket,
})
export const agentTicket = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/ticket/get',
  token: 'agent',
  effect: 'read',
  request: z.object({ type: z.literal('agent_config') }),
  response: ticket,
})

/** A code works once, so a lost answer cannot be asked for again. */
export const userInfo = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/auth/getuserinfo',
  token: 'agent',
  effect: 'once',
  request: z.object({ code: text }),
  response: z.object({ userid: text.optional(), UserId: text.optional() }),
})

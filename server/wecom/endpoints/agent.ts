import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { nothing, text } from './shapes.ts'

export const agentGet = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/agent/get',
  token: 'agent',
  effect: 'read',
  request: z.object({ agentid: text }),
  response: z.object({ name: text.default(''), close: z.number().default(0), redirect_domain: text.default('') }),
})
/** Answers bytes; only for finding out whether it may be called. */
export const mediaGet = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/media/get',
  token: 'agent',
  effect: 'read',
  request: z.object({ media_id: text.min(1) }),
  response: nothing,
})

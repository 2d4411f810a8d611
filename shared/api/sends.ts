import { z } from 'zod'
import { DeliveryState, IntentChannel, IntentState, Send } from '../intent.ts'
import { endpoint, IdParams, none, Page, pageOf } from './endpoint.ts'

export const sends = {
  list: endpoint({
    method: 'GET',
    path: '/api/sends',
    permission: 'rep',
    summary: 'Sends with their states, newest first; a rep sees their own',
    params: none,
    query: Page.extend({
      state: IntentState.optional(),
      delivery: DeliveryState.optional(),
      channel: IntentChannel.optional(),
      customerId: z.string().optional(),
      ruleId: z.string().optional(),
    }),
    body: none,
    output: pageOf(Send),
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/sends/:id',
    permission: 'rep',
    summary: 'One send with its whole life',
    params: IdParams,
    query: none,
    body: none,
    output: Send,
  }),
}

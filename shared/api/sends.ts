import { z } from 'zod'
import { DeliveryState, IntentChannel, IntentState, LossGround, Send } from '../intent.ts'
import { MassMessage } from '../broadcast.ts'
import { Day } from '../calendar.ts'
import { endpoint, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

/** A mass message that was not made by us. `origin`: a member's own, or the corp's from the admin console or another app. */
export const ManualMessage = z.object({
  id: z.string(),
  chatType: z.enum(['single', 'group']),
  origin: z.enum(['member', 'corp']),
  by: z.string().nullable(),
  preview: z.string(),
  receivers: z.int(),
  settled: z.boolean(),
  createdAt: z.iso.datetime(),
})
export type ManualMessage = z.infer<typeof ManualMessage>

/** Sends of one hour by what wants them: `planned` ones are not wanted yet, and `count` is then null where nobody knows it. */
export const PlannedSends = z.object({
  day: Day,
  hour: z.int().min(0).max(23),
  kind: z.enum(['due', 'wanted', 'held', 'planned']),
  channel: IntentChannel,
  ruleId: z.string().nullable(),
  broadcastId: z.string().nullable(),
  name: z.string(),
  count: z.int().nullable(),
})
export type PlannedSends = z.infer<typeof PlannedSends>

/** How long a rep takes to confirm mass messages, in ms; `confirmed`, `expired` and `waiting` count messages. */
export const RepDelay = z.object({
  userid: z.string(),
  name: z.string(),
  confirmed: z.int(),
  expired: z.int(),
  waiting: z.int(),
  medianMs: z.number().nullable(),
  p90Ms: z.number().nullable(),
})
export type RepDelay = z.infer<typeof RepDelay>

export const sends = {
  /** `from` and `to` are days of the company’s zone, both inclusive, at most 42. */
  planned: endpoint({
    method: 'GET',
    path: '/api/send-calendar',
    permission: 'manager',
    summary: 'Everything that will be sent, by day and hour, and to how many',
    params: none,
    query: z.object({ from: Day, to: Day }),
    body: none,
    output: z.object({ items: z.array(PlannedSends), today: Day }),
  }),
  delays: endpoint({
    method: 'GET',
    path: '/api/send-delays',
    permission: 'rep',
    summary: 'How long reps take to confirm mass messages; a rep sees their own',
    params: none,
    query: z.object({ days: z.coerce.number().int().min(1).max(365).default(30), userid: z.string().optional() }),
    body: none,
    output: z.object({ items: z.array(RepDelay) }),
  }),
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
      broadcastId: z.string().optional(),
      /** The rep who sends or receives. */
      userid: z.string().optional(),
      /** Of what had to make way: on which ground, `any` for all of it; or for which send. */
      lost: z.union([LossGround, z.literal('any')]).optional(),
      lostTo: z.string().optional(),
      /** What goes along in the message of this send. */
      along: z.string().optional(),
      /** The code of a reason it has now. */
      reason: z.string().max(64).optional(),
      /** Words of the message or of the name of the rule or broadcast. */
      q: z.string().trim().max(100).optional(),
      /** Days on which they were wanted, YYYY-MM-DD in the company’s zone; `to` inclusive. */
      from: Day.optional(),
      to: Day.optional(),
    }),
    body: none,
    output: pageOf(Send),
  }),
  /** A message of the app to members, within 24 h. What was seen was seen. */
  recall: endpoint({
    method: 'POST',
    path: '/api/sends/:id/recall',
    permission: 'manager',
    summary: 'Take back an app message to members',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
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
  /** What waits in the 群发助手 of its senders. */
  waiting: endpoint({
    method: 'GET',
    path: '/api/mass-messages',
    permission: 'rep',
    summary: 'Mass messages that wait for their senders’ confirmation, newest first; a rep sees their own',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(MassMessage) }),
  }),
  remind: endpoint({
    method: 'POST',
    path: '/api/mass-messages/:id/remind',
    permission: 'manager',
    summary: 'Remind the sender of a mass message; WeCom takes 3 in 24 hours',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/api/mass-messages/:id/cancel',
    permission: 'manager',
    summary: 'Take a mass message back before its sender confirms',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  manual: endpoint({
    method: 'GET',
    path: '/api/mass-messages/manual',
    permission: 'manager',
    summary: 'Mass messages made by hand or in WeCom’s admin console, newest first; they use the same quota',
    params: none,
    query: Page,
    body: none,
    output: pageOf(ManualMessage),
  }),
}

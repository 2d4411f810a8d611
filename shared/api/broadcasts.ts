import { z } from 'zod'
import { Broadcast, BroadcastDetail, BroadcastDraft, BroadcastPreview } from '../broadcast.ts'
import { endpoint, IdParams, none, Page, pageOf } from './endpoint.ts'

export const broadcasts = {
  list: endpoint({
    method: 'GET',
    path: '/api/broadcasts',
    permission: 'manager',
    summary: 'Mass messages made by managers, newest first',
    params: none,
    query: Page,
    body: none,
    output: pageOf(Broadcast),
  }),
  preview: endpoint({
    method: 'POST',
    path: '/api/broadcasts/preview',
    permission: 'manager',
    summary: 'How many a broadcast would reach, by which reps, and who is held back and why; nothing is sent',
    params: none,
    query: none,
    body: BroadcastDraft,
    output: BroadcastPreview,
  }),
  /** `key` makes a repeated call harmless. */
  create: endpoint({
    method: 'POST',
    path: '/api/broadcasts',
    permission: 'manager',
    summary: 'Send a mass message to customers or customer groups, now or at a time',
    params: none,
    query: none,
    body: BroadcastDraft.extend({ key: z.string().min(8).max(64), name: z.string().trim().min(1).max(60) }),
    output: Broadcast,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/broadcasts/:id',
    permission: 'manager',
    summary: 'One broadcast with its progress per rep',
    params: IdParams,
    query: none,
    body: none,
    output: BroadcastDetail,
  }),
  /** Everybody who has not confirmed, or one of them; who cannot be reminded now is counted apart. */
  remind: endpoint({
    method: 'POST',
    path: '/api/broadcasts/:id/remind',
    permission: 'manager',
    summary: 'Remind the reps who have not confirmed',
    params: IdParams,
    query: none,
    body: z.object({ userid: z.string().max(64).optional() }),
    output: z.object({ reminded: z.int(), tooSoon: z.int() }),
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/api/broadcasts/:id/cancel',
    permission: 'manager',
    summary: 'Take back what has not been confirmed',
    params: IdParams,
    query: none,
    body: none,
    output: Broadcast,
  }),
}

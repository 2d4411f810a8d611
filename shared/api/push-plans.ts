import { z } from 'zod'
import { Tier } from '../tier.ts'
import { endpoint, IdParams, none, Ok } from './endpoint.ts'

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')

/** Once at a moment, or at a time of the company's zone every day or on the weekdays named (1 = Monday). */
export const PushSchedule = z.discriminatedUnion('type', [
  z.object({ type: z.literal('once'), at: z.iso.datetime() }),
  z.object({ type: z.literal('repeated'), at: clock, weekdays: z.array(z.int().min(1).max(7)).max(7).default([]) }),
])
export type PushSchedule = z.infer<typeof PushSchedule>

/** A push that goes by itself: the content as it stands then, to each group the variant of its tier then. */
export const PushPlan = z.object({
  id: z.string(),
  contentId: z.string(),
  content: z.string(),
  groups: z.array(z.object({ id: z.string(), name: z.string(), tier: Tier })),
  schedule: PushSchedule,
  on: z.boolean(),
  /** Off the full and half hour by some minutes; null when nothing more is to come. */
  nextAt: z.iso.datetime().nullable(),
  lastAt: z.iso.datetime().nullable(),
  /** Why it was switched off by itself. */
  problem: z.enum(['content', 'groups']).nullable(),
})
export type PushPlan = z.infer<typeof PushPlan>

export const pushPlans = {
  list: endpoint({
    method: 'GET',
    path: '/api/push-plans',
    permission: 'manager',
    summary: 'Planned group pushes, the next one first',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(PushPlan) }),
  }),
  /** `key` makes a repeated call harmless. */
  create: endpoint({
    method: 'POST',
    path: '/api/push-plans',
    permission: 'manager',
    summary: 'Plan a push to groups, once or repeated',
    params: none,
    query: none,
    body: z.object({
      key: z.string().min(8).max(64),
      contentId: z.string(),
      groupIds: z.array(z.string()).min(1).max(200),
      schedule: PushSchedule,
    }),
    output: PushPlan,
  }),
  setOn: endpoint({
    method: 'PUT',
    path: '/api/push-plans/:id/on',
    permission: 'manager',
    summary: 'Switch a planned push on or off',
    params: IdParams,
    query: none,
    body: z.object({ on: z.boolean() }),
    output: PushPlan,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/push-plans/:id',
    permission: 'manager',
    summary: 'Delete a planned push; what has gone stays gone',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
}

import { z } from 'zod'
import { Because } from '../because/index.ts'
import { PushItemInput, PushPlanInput } from '../push-plan.ts'
import { Tier } from '../tier.ts'
import { endpoint, IdParams, none, Ok } from './endpoint.ts'

export const PushItem = PushItemInput.extend({
  id: z.string(),
  content: z.string(),
  /** How many groups it would go to now. */
  groups: z.int(),
  /** Off the full and half hour by some minutes; null when nothing more is to come, or the plan is off. */
  nextAt: z.iso.datetime().nullable(),
  lastAt: z.iso.datetime().nullable(),
  /** Why it has stopped by itself. */
  problem: z.enum(['content']).nullable(),
})
export type PushItem = z.infer<typeof PushItem>

/** A content plan: its lines go by themselves, the content as it stands then, to each group the variant of its tier then. */
export const PushPlan = PushPlanInput.extend({
  id: z.string(),
  on: z.boolean(),
  items: z.array(PushItem),
  nextAt: z.iso.datetime().nullable(),
  /** Grows with each change by a person; a change of an older one is refused. */
  rev: z.int(),
  changedAt: z.iso.datetime(),
  changedBy: z.string(),
})
export type PushPlan = z.infer<typeof PushPlan>

/** What one group would get of one line, the next time it goes. */
export const PushPreviewGroup = z.object({
  groupId: z.string(),
  group: z.string(),
  kind: z.enum(['customer', 'internal']),
  tier: Tier,
  because: z.array(Because),
  /** Whether its tier has a variant; else the default text. */
  own: z.boolean(),
  text: z.string(),
  /** What keeps it back: it does not go, or later than planned (`later`). */
  problem: Because.nullable(),
  later: z.boolean(),
})
export type PushPreviewGroup = z.infer<typeof PushPreviewGroup>

export const PushPreview = z.object({
  items: z.array(
    z.object({
      content: z.string(),
      /** The next times it would go, five at most. */
      times: z.array(z.iso.datetime()),
      total: z.int(),
      /** The first 500; those that cannot get it come first. */
      groups: z.array(PushPreviewGroup),
      stuck: z.int(),
    }),
  ),
})
export type PushPreview = z.infer<typeof PushPreview>

/** Something on a day of the calendar: to come, gone or skipped. */
export const PushEntry = z.object({
  at: z.iso.datetime(),
  content: z.string(),
  plan: z.object({ id: z.string(), name: z.string() }).nullable(),
  state: z.enum(['planned', 'gone', 'skipped']),
  groups: z.int(),
  /** Of what has gone. */
  pushId: z.string().nullable(),
  skipped: Because.nullable(),
})
export type PushEntry = z.infer<typeof PushEntry>

export const pushPlans = {
  list: endpoint({
    method: 'GET',
    path: '/api/push-plans',
    permission: 'manager',
    summary: 'Content plans for groups, the next one to go first',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(PushPlan) }),
  }),
  calendar: endpoint({
    method: 'GET',
    path: '/api/push-plans/calendar',
    permission: 'manager',
    summary: 'What goes to groups, day by day: to come, gone and skipped',
    params: none,
    query: z.object({ from: z.iso.date(), days: z.coerce.number().int().min(1).max(62).default(42) }),
    body: none,
    output: z.object({ items: z.array(PushEntry) }),
  }),
  /** Of a plan as it is written, saved or not. */
  preview: endpoint({
    method: 'POST',
    path: '/api/push-plans/preview',
    permission: 'manager',
    summary: 'Which group would get which variant, and which cannot and why',
    params: none,
    query: none,
    /** `planId`: the plan it changes, whose lines have gone so far already. */
    body: PushPlanInput.extend({ planId: z.string().max(64).optional() }),
    output: PushPreview,
  }),
  one: endpoint({
    method: 'GET',
    path: '/api/push-plans/:id',
    permission: 'manager',
    summary: 'A content plan',
    params: IdParams,
    query: none,
    body: none,
    output: PushPlan,
  }),
  /** It is off until it is switched on. `key` makes a repeated call harmless. */
  create: endpoint({
    method: 'POST',
    path: '/api/push-plans',
    permission: 'manager',
    summary: 'Write a content plan for groups',
    params: none,
    query: none,
    body: PushPlanInput.extend({ key: z.string().min(8).max(64) }),
    output: PushPlan,
  }),
  /** What has gone is not repeated; what was to go today and has not still goes. */
  update: endpoint({
    method: 'PUT',
    path: '/api/push-plans/:id',
    permission: 'manager',
    summary: 'Change a content plan',
    params: IdParams,
    query: none,
    body: PushPlanInput.extend({ rev: z.int() }),
    output: PushPlan,
  }),
  setOn: endpoint({
    method: 'PUT',
    path: '/api/push-plans/:id/on',
    permission: 'manager',
    summary: 'Switch a content plan on, or pause it',
    params: IdParams,
    query: none,
    body: z.object({ on: z.boolean() }),
    output: PushPlan,
  }),
  /** What `remove` would take back. */
  waiting: endpoint({
    method: 'GET',
    path: '/api/push-plans/:id/waiting',
    permission: 'manager',
    summary: 'How many messages of a content plan wait: for their turn, or for an owner to confirm',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ sends: z.int() }),
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/push-plans/:id',
    permission: 'manager',
    summary: 'Delete a content plan: what waits of it is taken back, what has gone stays gone',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
}

import { z } from 'zod'
import { Because } from '../because/index.ts'
import { DeliveryState, IntentState } from '../intent.ts'
import { Tier } from '../tier.ts'
import { endpoint, IdParams, none, Page, pageOf } from './endpoint.ts'

const tally = {
  /** Groups it was for. */
  groups: z.int(),
  /** Given to WeCom: said by a robot, or waiting for the owner to confirm. */
  sent: z.int(),
  waiting: z.int(),
  delivered: z.int(),
  /** Refused, failed, never confirmed, or in doubt. */
  stuck: z.int(),
}

/** One content that went, or did not go, to groups. */
export const GroupPush = z.object({
  id: z.string(),
  contentId: z.string(),
  content: z.string(),
  /** When it was to go: now of a push by hand, the planned time else. */
  at: z.iso.datetime(),
  plan: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Why it went to nobody at all. */
  skipped: Because.nullable(),
  ...tally,
})
export type GroupPush = z.infer<typeof GroupPush>

/** What became of a push in one group. */
export const GroupPushResult = z.object({
  groupId: z.string(),
  group: z.string(),
  kind: z.enum(['customer', 'internal']),
  /** Its tier then. */
  tier: Tier,
  intentId: z.string(),
  state: IntentState,
  delivery: DeliveryState,
  because: z.array(Because),
  preview: z.string(),
  owner: z.string().nullable(),
  sentAt: z.iso.datetime().nullable(),
  confirmedAt: z.iso.datetime().nullable(),
  /** In the 72 hours after it arrived; null where it has not, or where members are not known. */
  joined: z.int().nullable(),
  left: z.int().nullable(),
  /** Openings of its links; `shared`: the same message went to so many groups, whose openings are counted together. */
  opens: z.int().nullable(),
  shared: z.int(),
})
export type GroupPushResult = z.infer<typeof GroupPushResult>

export const GroupPushDetail = GroupPush.extend({ results: z.array(GroupPushResult) })
export type GroupPushDetail = z.infer<typeof GroupPushDetail>

export const groupPushes = {
  /** One content, to each group the variant of its tier. `key` makes a repeated call harmless. */
  push: endpoint({
    method: 'POST',
    path: '/api/groups/push',
    permission: 'manager',
    summary: 'Push one content to groups, each in its tier’s variant',
    params: none,
    query: none,
    body: z.object({
      key: z.string().min(8).max(64),
      contentId: z.string(),
      groupIds: z.array(z.string()).min(1).max(200),
    }),
    output: GroupPush,
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/groups/pushes',
    permission: 'manager',
    summary: 'Group pushes, by hand and planned, newest first',
    params: none,
    query: Page.extend({ planId: z.string().max(64).optional() }),
    body: none,
    output: pageOf(GroupPush),
  }),
  one: endpoint({
    method: 'GET',
    path: '/api/groups/pushes/:id',
    permission: 'manager',
    summary: 'A group push with what became of it in each group',
    params: IdParams,
    query: none,
    body: none,
    output: GroupPushDetail,
  }),
}

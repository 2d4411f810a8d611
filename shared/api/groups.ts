import { z } from 'zod'
import { Tier } from '../tier.ts'
import { endpoint, IdParams, none } from './endpoint.ts'

/** A group: `customer` groups are reached through their owner, `internal` ones by a robot. */
export const Group = z.object({
  id: z.string(),
  chatId: z.string().nullable(),
  kind: z.enum(['customer', 'internal']),
  name: z.string(),
  owner: z.string().nullable(),
  tier: Tier,
  members: z.int(),
  hasRobot: z.boolean(),
})
export type Group = z.infer<typeof Group>

export const GroupPush = z.object({
  id: z.string(),
  contentId: z.string(),
  content: z.string(),
  at: z.iso.datetime(),
  results: z.array(
    z.object({
      groupId: z.string(),
      group: z.string(),
      tier: Tier,
      intentId: z.string(),
      state: z.string(),
      delivery: z.string(),
      preview: z.string(),
    }),
  ),
})
export type GroupPush = z.infer<typeof GroupPush>

export const groups = {
  list: endpoint({
    method: 'GET',
    path: '/api/groups',
    permission: 'manager',
    summary: 'Customer and internal groups',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Group) }),
  }),
  /** Reads the customer groups from WeCom again. */
  sync: endpoint({
    method: 'POST',
    path: '/api/groups/sync',
    permission: 'manager',
    summary: 'Read the customer groups from WeCom',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Group) }),
  }),
  /** An internal group is known only by its robot's webhook address; the key in it is kept secret. */
  addInternal: endpoint({
    method: 'POST',
    path: '/api/groups',
    permission: 'manager',
    summary: 'Register an internal group by its robot’s webhook',
    params: none,
    query: none,
    body: z.object({ name: z.string().trim().min(1).max(60), webhook: z.url().max(500), tier: Tier }),
    output: Group,
  }),
  setTier: endpoint({
    method: 'PUT',
    path: '/api/groups/:id/tier',
    permission: 'manager',
    summary: 'Set a group’s tier',
    params: IdParams,
    query: none,
    body: z.object({ tier: Tier }),
    output: Group,
  }),
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
      at: z.iso.datetime().optional(),
    }),
    output: GroupPush,
  }),
  pushes: endpoint({
    method: 'GET',
    path: '/api/groups/pushes',
    permission: 'manager',
    summary: 'Group pushes with the result per group',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(GroupPush) }),
  }),
}

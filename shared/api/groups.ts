import { z } from 'zod'
import { GroupTiering } from '../group-tier.ts'
import { GroupTag } from '../push-plan.ts'
import { Tier } from '../tier.ts'
import { endpoint, IdParams, none, Page, pageOf } from './endpoint.ts'

/** A group: `customer` groups are reached through their owner, `internal` ones by a robot. */
export const Group = z.object({
  id: z.string(),
  chatId: z.string().nullable(),
  kind: z.enum(['customer', 'internal']),
  name: z.string(),
  owner: z.string().nullable(),
  tier: Tier,
  tags: z.array(z.string()),
  members: z.int(),
  hasRobot: z.boolean(),
})
export type Group = z.infer<typeof Group>

/** 0 in use, 1 its owner has left and it waits to be inherited, 2 being inherited, 3 inherited. */
export const groupStatuses = [0, 1, 2, 3] as const

/** A group as the list shows it. `idle`: nobody has joined or left for 30 days. */
export const GroupRow = Group.extend({
  ownerName: z.string().nullable(),
  outsiders: z.int(),
  status: z.int(),
  createdAt: z.iso.datetime().nullable(),
  movedAt: z.iso.datetime().nullable(),
  idle: z.boolean(),
  tiering: GroupTiering,
})
export type GroupRow = z.infer<typeof GroupRow>

const Person = z.object({
  /** userid or external_userid. */
  id: z.string(),
  name: z.string(),
  /** Our customer, where they are one. */
  customerId: z.string().nullable(),
})
export type GroupPerson = z.infer<typeof Person>

/** One stay of one person in a group. */
export const GroupMember = Person.extend({
  colleague: z.boolean(),
  role: z.enum(['owner', 'admin', 'member']),
  joinedAt: z.iso.datetime(),
  /** 1 invited directly, 2 by a link, 3 by the group's code; 0 unknown. */
  joinScene: z.int(),
  inviter: Person.nullable(),
  /** The join way by which they came. */
  joinWay: z.object({ id: z.string(), name: z.string() }).nullable(),
  leftAt: z.iso.datetime().nullable(),
  /** How they left; `unknown` where no callback told of it. */
  quit: z.enum(['left', 'removed', 'dismissed', 'unknown']).nullable(),
})
export type GroupMember = z.infer<typeof GroupMember>

export const groupChangeKinds = [
  'found',
  'joined',
  'left',
  'owner',
  'name',
  'notice',
  'status',
  'tier',
  'dismissed',
] as const
export type GroupChangeKind = (typeof groupChangeKinds)[number]

/** One line of a group's own timeline. */
export const GroupChange = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  kind: z.enum(groupChangeKinds),
  /** Old and new name, notice, status, tier, or the owner's name. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  person: Person.nullable(),
  inviter: Person.nullable(),
  /** join_scene of who joined (1, 2, 3); QuitScene of who left (0, 1). */
  scene: z.int().nullable(),
  members: z.int().nullable(),
})
export type GroupChange = z.infer<typeof GroupChange>

const Growth = z.array(z.object({ day: z.iso.date(), joined: z.int(), left: z.int() }))
export const GroupDetail = GroupRow.extend({
  notice: z.string(),
  admins: z.array(Person),
  dismissed: z.boolean(),
  /** The last 30 days, by day in China. */
  growth: Growth,
  /** Of those who are in it: how they came, and who brought most of them. */
  scenes: z.array(z.object({ scene: z.int(), count: z.int() })),
  inviters: z.array(Person.extend({ count: z.int() })),
})
export type GroupDetail = z.infer<typeof GroupDetail>

const numbers = {
  newGroups: z.int(),
  groups: z.int(),
  /** Groups in which anything has ever been said. */
  activeGroups: z.int(),
  newMembers: z.int(),
  members: z.int(),
  /** Members who have ever said anything. */
  activeMembers: z.int(),
  /** Messages of the day, or of the 30 days. */
  said: z.int(),
}
/** What happens in customer groups. WeCom counts by owner and day, never by group; a day's numbers come on the next morning. */
export const GroupActivity = z.object({
  days: z.array(z.object({ day: z.iso.date(), ...numbers })),
  owners: z.array(
    z.object({
      userid: z.string(),
      name: z.string(),
      /** Over the last 30 days; null where nothing has been fetched yet. */
      month: z.object(numbers).nullable(),
      monthAt: z.iso.datetime().nullable(),
      error: z.string().nullable(),
    }),
  ),
  idle: z.int(),
})
export type GroupActivity = z.infer<typeof GroupActivity>

export const groups = {
  /** A rep sees the groups they own, a manager also those of their people. The largest first. */
  search: endpoint({
    method: 'GET',
    path: '/api/groups/search',
    permission: 'rep',
    summary: 'Customer and internal groups by name, owner, status, tier or idleness',
    params: none,
    query: Page.extend({
      q: z.string().trim().max(60).optional(),
      owner: z.string().max(64).optional(),
      status: z.coerce.number().int().min(0).max(3).optional(),
      tier: Tier.optional(),
      kind: z.enum(['customer', 'internal']).optional(),
      tag: GroupTag.optional(),
      /** Only groups in which nobody has joined or left for 30 days. */
      idle: z.literal('1').optional(),
    }),
    body: none,
    output: pageOf(GroupRow),
  }),
  one: endpoint({
    method: 'GET',
    path: '/api/groups/:id',
    permission: 'rep',
    summary: 'A group: notice, owner, growth, who brings people in',
    params: IdParams,
    query: none,
    body: none,
    output: GroupDetail,
  }),
  members: endpoint({
    method: 'GET',
    path: '/api/groups/:id/members',
    permission: 'rep',
    summary: 'Who is in a group, or has left it, and who invited whom',
    params: IdParams,
    query: Page.extend({ state: z.enum(['in', 'left']).default('in'), q: z.string().trim().max(60).optional() }),
    body: none,
    output: pageOf(GroupMember),
  }),
  timeline: endpoint({
    method: 'GET',
    path: '/api/groups/:id/timeline',
    permission: 'rep',
    summary: 'What has happened in a group, newest first',
    params: IdParams,
    query: Page,
    body: none,
    output: pageOf(GroupChange),
  }),
  refresh: endpoint({
    method: 'POST',
    path: '/api/groups/:id/refresh',
    permission: 'manager',
    summary: 'Read one customer group from WeCom again',
    params: IdParams,
    query: none,
    body: none,
    output: GroupDetail,
  }),
  activity: endpoint({
    method: 'GET',
    path: '/api/groups/activity',
    permission: 'manager',
    summary: 'What happens in customer groups, by day and by owner',
    params: none,
    query: none,
    body: none,
    output: GroupActivity,
  }),
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
    /** `queued`: groups that are still being read. */
    output: z.object({ items: z.array(Group), queued: z.int() }),
  }),
  /** An internal group is known only by its robot's webhook address; the key in it is kept secret. */
  addInternal: endpoint({
    method: 'POST',
    path: '/api/groups',
    permission: 'manager',
    summary: 'Register an internal group by its robot’s webhook',
    params: none,
    query: none,
    /** `anyway`: also where an internal group of that name is there already; else that is refused (`group.same_name`). */
    body: z.object({
      name: z.string().trim().min(1).max(60),
      webhook: z.url().max(500),
      tier: Tier,
      anyway: z.boolean().optional(),
    }),
    output: Group,
  }),
  /** The robot was removed or its address was revoked: the group, its plans and its history stay. */
  setRobot: endpoint({
    method: 'PUT',
    path: '/api/groups/:id/robot',
    permission: 'manager',
    summary: 'Give an internal group the webhook of a new robot',
    params: IdParams,
    query: none,
    body: z.object({ webhook: z.url().max(500) }),
    output: Group,
  }),
  /** null: it follows its members again. */
  setTier: endpoint({
    method: 'PUT',
    path: '/api/groups/:id/tier',
    permission: 'manager',
    summary: 'Set a group’s tier, or let it follow its members',
    params: IdParams,
    query: none,
    body: z.object({ tier: Tier.nullable() }),
    output: GroupRow,
  }),
  setTags: endpoint({
    method: 'PUT',
    path: '/api/groups/:id/tags',
    permission: 'manager',
    summary: 'Label a group; plans can go by labels',
    params: IdParams,
    query: none,
    body: z.object({ tags: z.array(GroupTag).max(20) }),
    output: Group,
  }),
  /** Every label in use, with how many groups have it. */
  tags: endpoint({
    method: 'GET',
    path: '/api/groups/tags',
    permission: 'rep',
    summary: 'Labels of groups',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(z.object({ tag: z.string(), groups: z.int() })) }),
  }),
}

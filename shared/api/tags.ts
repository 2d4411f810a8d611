import { z } from 'zod'
import { tagSources } from '../customer.ts'
import { TagRule, TagRuleDry, TagRuleInput, TagRuleVersion } from '../tag-rule.ts'
import { endpoint, IdParams, none, Ok } from './endpoint.ts'

/** When a tag goes off by itself: so many days after it was put on, or at a moment. */
export const TagExpiry = z.union([z.object({ days: z.int().min(1).max(3650) }), z.object({ at: z.iso.datetime() })])
export type TagExpiry = z.infer<typeof TagExpiry>

/** `wecomId` is set once the tag stands in WeCom too; until then it is local. */
export const Tag = z.object({ id: z.string(), name: z.string(), group: z.string(), wecomId: z.string().nullable() })
export type Tag = z.infer<typeof Tag>

/** Both sides changed the same; the later change was kept. An empty name: deleted. */
export const TagConflict = z.object({
  ours: z.string(),
  theirs: z.string(),
  kept: z.enum(['ours', 'theirs']),
  at: z.iso.datetime(),
})
const standing = { pending: z.boolean(), conflict: TagConflict.nullable() }
export const TagRow = Tag.extend({
  ...standing,
  /** Why it is local: WeCom has as many as it takes, or refused it. */
  why: z.enum(['limit', 'refused']).nullable(),
  refusal: z.string().nullable(),
  customers: z.int(),
  expiry: TagExpiry.nullable(),
})
export type TagRow = z.infer<typeof TagRow>
export const TagGroup = z.object({
  id: z.string(),
  name: z.string(),
  wecomId: z.string().nullable(),
  ...standing,
  /** One of its tags at a time: putting one on takes the others off. */
  exclusive: z.boolean(),
  tags: z.array(TagRow),
})
export type TagGroup = z.infer<typeof TagGroup>
/** Groups and tags in WeCom's order; `used` of at most `most` stand in WeCom. */
export const TagBoard = z.object({ groups: z.array(TagGroup), used: z.int(), most: z.int() })
export type TagBoard = z.infer<typeof TagBoard>

export const TermsOutcome = z.object({ gets: z.int(), loses: z.int() })
export type TermsOutcome = z.infer<typeof TermsOutcome>

const name = z.string().trim().min(1).max(30)

export const tags = {
  list: endpoint({
    method: 'GET',
    path: '/api/tags',
    permission: 'rep',
    summary: 'Every tag',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Tag) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/tags',
    permission: 'manager',
    summary: 'Make a tag, here and in WeCom',
    params: none,
    query: none,
    body: z.object({ name, group: name }),
    output: Tag,
  }),
  board: endpoint({
    method: 'GET',
    path: '/api/tags/board',
    permission: 'manager',
    summary: 'Groups and tags with how they stand in WeCom',
    params: none,
    query: none,
    body: none,
    output: TagBoard,
  }),
  rename: endpoint({
    method: 'PUT',
    path: '/api/tags/:id',
    permission: 'manager',
    summary: 'Rename a tag, here and in WeCom',
    params: IdParams,
    query: none,
    body: z.object({ name }),
    output: Tag,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/tags/:id',
    permission: 'manager',
    summary: 'Delete a tag here, in WeCom and on every customer',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  seen: endpoint({
    method: 'POST',
    path: '/api/tags/:id/seen',
    permission: 'manager',
    summary: 'The conflict of a tag or group was seen',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  renameGroup: endpoint({
    method: 'PUT',
    path: '/api/tag-groups/:id',
    permission: 'manager',
    summary: 'Rename a tag group, here and in WeCom',
    params: IdParams,
    query: none,
    body: z.object({ name }),
    output: Ok,
  }),
  removeGroup: endpoint({
    method: 'DELETE',
    path: '/api/tag-groups/:id',
    permission: 'manager',
    summary: 'Delete a tag group with its tags',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  reorder: endpoint({
    method: 'POST',
    path: '/api/tags/order',
    permission: 'manager',
    summary: 'Order the tags of a group, or the groups',
    params: none,
    query: none,
    body: z.object({ groupId: z.string().nullable(), ids: z.array(z.string()).min(1).max(3000) }),
    output: Ok,
  }),
  setExclusive: endpoint({
    method: 'PUT',
    path: '/api/tag-groups/:id/exclusive',
    permission: 'manager',
    summary: 'Whether one tag of a group at a time is on a customer; the newest stays',
    params: IdParams,
    query: none,
    body: z.object({ exclusive: z.boolean() }),
    output: Ok,
  }),
  setExpiry: endpoint({
    method: 'PUT',
    path: '/api/tags/:id/expiry',
    permission: 'manager',
    summary: 'When a tag goes off by itself; null: never',
    params: IdParams,
    query: none,
    body: z.object({ expiry: TagExpiry.nullable() }),
    output: Ok,
  }),
  /** Either of a tag, when it goes off by itself; or of a group, whether one of its tags at a time is on. */
  termsTrial: endpoint({
    method: 'POST',
    path: '/api/tags/terms-trial',
    permission: 'manager',
    summary:
      'How many would get a tag again, and how many lose one, by a change of expiry or exclusivity; nothing is changed',
    params: none,
    query: none,
    body: z.union([
      z.object({ tagId: z.string().min(1).max(64), expiry: TagExpiry.nullable() }),
      z.object({ groupId: z.string().min(1).max(64), exclusive: z.boolean() }),
    ]),
    output: TermsOutcome,
  }),
  kinds: endpoint({
    method: 'GET',
    path: '/api/tags/:id/kinds',
    permission: 'manager',
    summary: 'How many carry a tag, by who put it on',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ items: z.array(z.object({ source: z.enum(tagSources), customers: z.int() })) }),
  }),
  /** `key` names the run of the model: sent twice it counts once. What people said of a tag is never overruled. */
  byModel: endpoint({
    method: 'POST',
    path: '/api/tags/model',
    permission: 'manager',
    summary: 'Put tags on and take them off as a model finds',
    params: none,
    query: none,
    body: z.object({
      key: z.string().min(1).max(64),
      /** What people see it called, and which version of it. */
      model: z.string().trim().min(1).max(60),
      version: z.string().trim().min(1).max(40).optional(),
      items: z
        .array(
          z.object({
            /** Our id, or WeCom's external_userid. */
            customer: z.string().min(1).max(64),
            tagId: z.string().min(1).max(64),
            on: z.boolean(),
            confidence: z.number().min(0).max(1),
            /** Shown beside the tag; nothing by which somebody could be known belongs in it. */
            why: z.string().trim().min(1).max(100).optional(),
          }),
        )
        .min(1)
        .max(500),
    }),
    output: z.object({
      changed: z.int(),
      same: z.int(),
      /** A person or a system said otherwise. */
      held: z.int(),
      unknown: z.array(z.string()),
    }),
  }),
}

export const tagRules = {
  list: endpoint({
    method: 'GET',
    path: '/api/tag-rules',
    permission: 'manager',
    summary: 'Every tag rule',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(TagRule) }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/tag-rules/:id',
    permission: 'manager',
    summary: 'One tag rule, and what it said before',
    params: IdParams,
    query: none,
    body: none,
    output: TagRule.extend({ versions: z.array(TagRuleVersion) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/tag-rules',
    permission: 'manager',
    summary: 'Write a tag rule; it starts switched off',
    params: none,
    query: none,
    body: TagRuleInput,
    output: TagRule,
  }),
  /** `version` must be the one read, else conflict.changed. */
  update: endpoint({
    method: 'PUT',
    path: '/api/tag-rules/:id',
    permission: 'manager',
    summary: 'Change a tag rule; one that is on counts at once',
    params: IdParams,
    query: none,
    body: TagRuleInput.extend({ version: z.int() }),
    output: TagRule,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/tag-rules/:id',
    permission: 'manager',
    summary: 'Remove a tag rule; its tag goes off whom it kept it on',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  turn: endpoint({
    method: 'POST',
    path: '/api/tag-rules/:id/on',
    permission: 'manager',
    summary: 'Switch a tag rule on or off',
    params: IdParams,
    query: none,
    body: z.object({ on: z.boolean() }),
    output: TagRule,
  }),
  dryRun: endpoint({
    method: 'POST',
    path: '/api/tag-rules/dry-run',
    permission: 'manager',
    summary: 'Who would get and lose a tag by a rule, and why; nothing is changed',
    params: none,
    query: none,
    body: TagRuleInput.extend({ id: z.string().max(64).optional() }),
    output: TagRuleDry,
  }),
}

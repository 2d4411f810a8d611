import { z } from 'zod'
import { endpoint, IdParams, none, Ok } from './endpoint.ts'

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
})
export type TagRow = z.infer<typeof TagRow>
export const TagGroup = z.object({
  id: z.string(),
  name: z.string(),
  wecomId: z.string().nullable(),
  ...standing,
  tags: z.array(TagRow),
})
export type TagGroup = z.infer<typeof TagGroup>
/** Groups and tags in WeCom's order; `used` of at most `most` stand in WeCom. */
export const TagBoard = z.object({ groups: z.array(TagGroup), used: z.int(), most: z.int() })
export type TagBoard = z.infer<typeof TagBoard>

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
}

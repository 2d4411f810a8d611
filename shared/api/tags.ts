import { z } from 'zod'
import { endpoint, none } from './endpoint.ts'

/** `wecomId` is set once the tag stands in WeCom too; until then it is local. */
export const Tag = z.object({ id: z.string(), name: z.string(), group: z.string(), wecomId: z.string().nullable() })
export type Tag = z.infer<typeof Tag>

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
    body: z.object({ name: z.string().trim().min(1).max(30), group: z.string().trim().min(1).max(30) }),
    output: Tag,
  }),
}

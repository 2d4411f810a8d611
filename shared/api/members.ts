import { z } from 'zod'
import { endpoint, IdParams, none, Role } from './endpoint.ts'

export const Member = z.object({
  userid: z.string(),
  name: z.string(),
  role: Role,
  active: z.boolean(),
  customers: z.int(),
})
export type Member = z.infer<typeof Member>

export const members = {
  list: endpoint({
    method: 'GET',
    path: '/api/members',
    permission: 'manager',
    summary: 'Members and their roles',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Member) }),
  }),
  sync: endpoint({
    method: 'POST',
    path: '/api/members/sync',
    permission: 'admin',
    summary: 'Read members and their customers from WeCom',
    params: none,
    query: none,
    body: none,
    output: z.object({ members: z.int(), customers: z.int() }),
  }),
  setRole: endpoint({
    method: 'PUT',
    path: '/api/members/:id/role',
    permission: 'admin',
    summary: 'Set a member’s role',
    params: IdParams,
    query: none,
    body: z.object({ role: Role }),
    output: Member,
  }),
}

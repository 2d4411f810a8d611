import { z } from 'zod'
import { endpoint, IdParams, none, Role } from './endpoint.ts'

/** `barred`: an admin has shut the member out; `rep`: has the customer-contact function; `leads`: departments the member leads. */
export const Member = z.object({
  userid: z.string(),
  name: z.string(),
  position: z.string().nullable(),
  role: Role,
  active: z.boolean(),
  barred: z.boolean(),
  rep: z.boolean(),
  departments: z.array(z.int()),
  leads: z.array(z.int()),
  customers: z.int(),
  /** To within ten minutes; null: has never signed in. */
  lastSeenAt: z.iso.datetime().nullable(),
})
export type Member = z.infer<typeof Member>

/** A department; the parent of the topmost one is not in the list. */
export const Department = z.object({ id: z.int(), name: z.string(), parentId: z.int() })
export type Department = z.infer<typeof Department>

export const members = {
  list: endpoint({
    method: 'GET',
    path: '/api/members',
    permission: 'manager',
    summary: 'Members, their departments and roles; a manager sees those of their departments',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Member), departments: z.array(Department) }),
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
  setAccess: endpoint({
    method: 'PUT',
    path: '/api/members/:id/access',
    permission: 'admin',
    summary: 'Shut a member out, or let them in again',
    params: IdParams,
    query: none,
    body: z.object({ allowed: z.boolean() }),
    output: Member,
  }),
}

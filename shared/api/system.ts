import { z } from 'zod'
import { endpoint, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

/** One received callback and how far each of its handlers came. */
export const InboxItem = z.object({
  id: z.string(),
  event: z.string(),
  receivedAt: z.iso.datetime(),
  createTime: z.iso.datetime().nullable(),
  fields: z.record(z.string(), z.unknown()),
  state: z.enum(['pending', 'settled', 'dead', 'ignored']),
  copies: z.int(),
  handlers: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['pending', 'done', 'dead']),
      attempts: z.int(),
      error: z.string().nullable(),
    }),
  ),
})
export type InboxItem = z.infer<typeof InboxItem>

/** What is not finished, per stage; all zero means that nothing is under way. */
export const Backlog = z.object({
  now: z.iso.datetime(),
  idle: z.boolean(),
  stages: z.array(
    z.object({
      stage: z.string(),
      pending: z.int(),
      due: z.int(),
      dead: z.int(),
      oldestAt: z.iso.datetime().nullable(),
    }),
  ),
})
export type Backlog = z.infer<typeof Backlog>

export const InboxHealth = z.object({
  lastAt: z.iso.datetime().nullable(),
  lastHour: z.int(),
  lastDay: z.int(),
  refusedLastDay: z.int(),
  pending: z.int(),
  dead: z.int(),
  ignored: z.int(),
  copies: z.int(),
  byEvent: z.array(z.object({ event: z.string(), count: z.int() })),
})
export type InboxHealth = z.infer<typeof InboxHealth>

export const system = {
  backlog: endpoint({
    method: 'GET',
    path: '/api/system/backlog',
    permission: 'manager',
    summary: 'Unfinished work per stage',
    params: none,
    query: none,
    body: none,
    output: Backlog,
  }),
  inboxHealth: endpoint({
    method: 'GET',
    path: '/api/inbox/health',
    permission: 'manager',
    summary: 'Callbacks received, refused, pending and dead',
    params: none,
    query: none,
    body: none,
    output: InboxHealth,
  }),
  inbox: endpoint({
    method: 'GET',
    path: '/api/inbox',
    permission: 'manager',
    summary: 'Callbacks, newest first',
    params: none,
    query: Page.extend({ state: z.enum(['pending', 'settled', 'dead', 'ignored']).optional() }),
    body: none,
    output: pageOf(InboxItem),
  }),
  replay: endpoint({
    method: 'POST',
    path: '/api/inbox/:id/replay',
    permission: 'admin',
    summary: 'Run a callback’s handlers again',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
}

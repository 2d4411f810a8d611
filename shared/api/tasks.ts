import { z } from 'zod'
import { Because } from '../because/index.ts'
import { endpoint, IdParams, none, Page, pageOf } from './endpoint.ts'

/** A thing for a rep to do for a customer; `confirm_mass` ones are mass messages waiting in WeCom. */
export const Task = z.object({
  id: z.string(),
  kind: z.enum(['manual', 'rule', 'confirm_mass', 'welcome_failed', 'win_back', 'transfer_failed']),
  title: z.string(),
  userid: z.string(),
  customerId: z.string(),
  customer: z.string(),
  state: z.enum(['open', 'done', 'dropped']),
  dueAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  because: z.array(Because),
})
export type Task = z.infer<typeof Task>

export const tasks = {
  list: endpoint({
    method: 'GET',
    path: '/api/tasks',
    permission: 'rep',
    summary: 'Tasks, soonest due first; a rep sees their own',
    params: none,
    query: Page.extend({
      customerId: z.string().optional(),
      state: z.enum(['open', 'done', 'dropped']).default('open'),
    }),
    body: none,
    output: pageOf(Task),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/tasks',
    permission: 'rep',
    summary: 'Make a task for oneself, such as “remind me tomorrow”',
    params: none,
    query: none,
    body: z.object({
      key: z.string().min(8).max(64),
      customerId: z.string(),
      title: z.string().trim().min(1).max(100),
      dueAt: z.iso.datetime().optional(),
    }),
    output: Task,
  }),
  done: endpoint({
    method: 'POST',
    path: '/api/tasks/:id/done',
    permission: 'rep',
    summary: 'Tick a task off',
    params: IdParams,
    query: none,
    body: none,
    output: Task,
  }),
}

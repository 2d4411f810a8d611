import { z } from 'zod'
import { endpoint, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

const Rep = z.object({ userid: z.string(), name: z.string() })
const userid = z.string().min(1).max(64)

/** `calling`: asked of WeCom just now. `unsure`: the answer was lost, its list is looked up. `waiting`: begun, takes a day. */
export const transferStates = ['planned', 'calling', 'unsure', 'waiting', 'done', 'refused', 'full', 'failed'] as const
export const TransferState = z.enum(transferStates)
export type TransferState = z.infer<typeof TransferState>

/** What is handed over. */
export const TransferWhat = z.enum(['customer', 'group'])
export type TransferWhat = z.infer<typeof TransferWhat>

/** A member who has left and whose customers or groups nobody has taken over (待继承). */
export const Leaver = z.object({
  userid: z.string(),
  name: z.string(),
  leftAt: z.iso.datetime().nullable(),
  customers: z.int(),
  groups: z.int(),
})
export type Leaver = z.infer<typeof Leaver>

const Tally = z.record(TransferState, z.int())

/** One hand-over of a member's customers and groups to others (客户继承), with how far it has come. */
export const Transfer = z.object({
  id: z.string(),
  mode: z.enum(['onjob', 'resigned']),
  from: Rep,
  takeovers: z.array(Rep.extend({ share: z.number(), done: z.int(), total: z.int() })),
  message: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  /** Being worked out: which customers and groups there are. */
  planning: z.boolean(),
  customers: z.int(),
  groups: z.int(),
  /** Left out: already in another hand-over that runs. */
  skipped: z.int(),
  states: Tally,
  /** How many of the failed ones another member could take. */
  retriable: z.int(),
  /** Why it stands still: what WeCom refuses the app. */
  problem: z.object({ errcode: z.int(), hint: z.string() }).nullable(),
  finished: z.boolean(),
})
export type Transfer = z.infer<typeof Transfer>

export const TransferItem = z.object({
  id: z.string(),
  what: TransferWhat,
  customerId: z.string().nullable(),
  name: z.string(),
  to: Rep,
  state: TransferState,
  /** A word of the labels `transfer_reason`. */
  reason: z.string().nullable(),
  at: z.iso.datetime().nullable(),
})
export type TransferItem = z.infer<typeof TransferItem>

const all = z.literal('all')

export const TransferAsk = z.object({
  key: z.string().min(8).max(64),
  from: userid,
  /** All the member holds, or some by our id. */
  customers: z.union([all, z.array(z.string().min(1).max(64)).max(10_000)]),
  /** All the member owns, or some by their chat id. */
  groups: z.union([all, z.array(z.string().min(1).max(64)).max(2000)]),
  /** Who takes over, each so many parts. */
  takeovers: z
    .array(z.object({ userid, share: z.number().min(1).max(100).default(1) }))
    .min(1)
    .max(100),
  /** Told to the customer once it is done; on the job only. */
  message: z.string().trim().max(200).default(''),
})
export type TransferAsk = z.infer<typeof TransferAsk>

export const transfers = {
  leavers: endpoint({
    method: 'GET',
    path: '/api/transfers/leavers',
    permission: 'manager',
    summary: 'Members who have left, with the customers and groups nobody has taken over',
    params: none,
    query: none,
    body: none,
    output: z.object({
      items: z.array(Leaver),
      checkedAt: z.iso.datetime().nullable(),
      problem: z.object({ errcode: z.int(), hint: z.string() }).nullable(),
    }),
  }),
  check: endpoint({
    method: 'POST',
    path: '/api/transfers/leavers/check',
    permission: 'manager',
    summary: 'Read from WeCom who has left customers behind',
    params: none,
    query: none,
    body: none,
    output: Ok,
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/transfers',
    permission: 'manager',
    summary: 'Hand-overs, newest first, with their progress',
    params: none,
    query: Page,
    body: none,
    output: pageOf(Transfer),
  }),
  start: endpoint({
    method: 'POST',
    path: '/api/transfers',
    permission: 'manager',
    summary: 'Hand a member’s customers and groups over to others; the same key is the same hand-over',
    params: none,
    query: none,
    body: TransferAsk,
    output: Transfer,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/transfers/:id',
    permission: 'manager',
    summary: 'One hand-over',
    params: IdParams,
    query: none,
    body: none,
    output: Transfer,
  }),
  items: endpoint({
    method: 'GET',
    path: '/api/transfers/:id/items',
    permission: 'manager',
    summary: 'What became of each customer and group of a hand-over',
    params: IdParams,
    query: Page.extend({ state: TransferState.optional() }),
    body: none,
    output: pageOf(TransferItem),
  }),
  /** Those that were refused or failed, but for those no other member could take either. */
  retry: endpoint({
    method: 'POST',
    path: '/api/transfers/:id/retry',
    permission: 'manager',
    summary: 'Try the failed ones again with another member',
    params: IdParams,
    query: none,
    body: z.object({ to: userid, itemIds: z.array(z.string().max(64)).max(1000).optional() }),
    output: z.object({ retried: z.int(), transfer: Transfer }),
  }),
}

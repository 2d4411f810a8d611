import { z } from 'zod'
import { endpoint, none, Page, pageOf } from './endpoint.ts'

/** `light`: who holds whom and which groups and tags there are; `full`: everything WeCom says of each. */
export const syncKinds = ['light', 'full'] as const
export const SyncKind = z.enum(syncKinds)
export type SyncKind = z.infer<typeof SyncKind>
export const syncParts = ['members', 'tags', 'contacts', 'groups'] as const
export const SyncPart = z.enum(syncParts)
export type SyncPart = z.infer<typeof SyncPart>
export const syncCauses = ['start', 'hourly', 'nightly', 'by_hand'] as const
export const SyncCause = z.enum(syncCauses)
export type SyncCause = z.infer<typeof SyncCause>

/** One comparison with WeCom's lists (对账). */
export const SyncRun = z.object({
  id: z.string(),
  kind: SyncKind,
  cause: SyncCause,
  /** `paused`: it stopped itself, `error` or `brake` says why; the next one begins anew. */
  state: z.enum(['running', 'done', 'paused']),
  part: SyncPart.nullable(),
  members: z.int(),
  customers: z.int(),
  groups: z.int(),
  /** How many pairs of rep and customer there will be in all, as far as is known. */
  expected: z.int().nullable(),
  secondsLeft: z.int().nullable(),
  /** Differences found; each is looked at again before it counts. */
  suspects: z.int(),
  error: z.string().nullable(),
  /** So many holds would have been ended that it stopped: a person has to look. */
  brake: z.object({ missing: z.int(), held: z.int() }).nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
})
export type SyncRun = z.infer<typeof SyncRun>

export const gapKinds = [
  'contact.added',
  'contact.edited',
  'contact.deleted',
  'contact.lost',
  'group.created',
  'group.changed',
  'group.dismissed',
  'tag.created',
  'tag.changed',
  'tag.deleted',
  'member.joined',
  'member.left',
] as const
export const GapKind = z.enum(gapKinds)
export type GapKind = z.infer<typeof GapKind>

/** A callback that never came, found by comparing (漏掉的回调). */
export const Gap = z.object({
  id: z.string(),
  kind: GapKind,
  /** What it is about, in WeCom's ids. */
  subject: z.record(z.string(), z.string()),
  /** `found`: given to the handlers of the callback; `repaired`: they are done; `failed`: they gave up. */
  state: z.enum(['suspected', 'found', 'repaired', 'failed']),
  foundAt: z.iso.datetime(),
  repairedAt: z.iso.datetime().nullable(),
  /** The inbox record that repairs it. */
  inboxId: z.string().nullable(),
})
export type Gap = z.infer<typeof Gap>

export const SyncStatus = z.object({
  running: SyncRun.nullable(),
  last: z.array(SyncRun),
  nextLightAt: z.iso.datetime().nullable(),
  nextFullAt: z.iso.datetime().nullable(),
  /** Gaps of the last 24 hours and 30 days. */
  lastDay: z.int(),
  lastMonth: z.int(),
  suspected: z.int(),
  byKind: z.array(z.object({ kind: GapKind, count: z.int() })),
})
export type SyncStatus = z.infer<typeof SyncStatus>

export const sync = {
  status: endpoint({
    method: 'GET',
    path: '/api/sync',
    permission: 'manager',
    summary: 'Comparisons with WeCom’s lists, and what callbacks had missed',
    params: none,
    query: none,
    body: none,
    output: SyncStatus,
  }),
  start: endpoint({
    method: 'POST',
    path: '/api/sync',
    permission: 'admin',
    summary: 'Compare with WeCom now; `force` goes on where many holds would end',
    params: none,
    query: none,
    body: z.object({ kind: SyncKind, force: z.boolean().default(false) }),
    output: SyncRun,
  }),
  gaps: endpoint({
    method: 'GET',
    path: '/api/sync/gaps',
    permission: 'manager',
    summary: 'Callbacks that never came, newest first',
    params: none,
    query: Page.extend({ kind: GapKind.optional() }),
    body: none,
    output: pageOf(Gap),
  }),
}

import { z } from 'zod'

/**
 * Lanes are named by promise: `now` within seconds (welcome messages), `soon` within a minute (profiles, rules),
 * `send` paced sends, `bulk` list building, polling and syncs. Each is a queue with workers of its own, so that one never starves another.
 */
export const lanes = ['now', 'soon', 'send', 'bulk'] as const
export type Lane = (typeof lanes)[number]

const ids = z.array(z.string().min(1)).min(1).max(1000)

/** The one job table. A job is a nudge that carries ids; MongoDB holds the truth, so any job may be lost or come twice. */
export const jobs = {
  /** inbox: what these records' handlers of the lane still have to do, each for itself; `_now` for what lives only seconds. */
  'inbox.handle': { lane: 'soon', payload: z.object({ ids }), attempts: 8 },
  'inbox.handle_now': { lane: 'now', payload: z.object({ ids }), attempts: 8 },
  /** events: fold pending facts of these customers into the profile, then show them to the rules. */
  'facts.deliver': { lane: 'soon', payload: z.object({ customerIds: ids }), attempts: 8 },
  /** profile: a stage or tier boundary has passed for these customers. */
  'profile.due': { lane: 'soon', payload: z.object({ customerIds: ids }), attempts: 8 },
  /** profile: thresholds changed; work everybody out anew in batches from `after`. */
  'profile.recompute': { lane: 'bulk', payload: z.object({ after: z.string().nullable() }), attempts: 8 },
  /** profile: the next batch of a step that brings what an earlier build kept into today's form. */
  'profile.upgrade': {
    lane: 'bulk',
    payload: z.object({ step: z.string(), after: z.string().nullable() }),
    attempts: 8,
  },
  /** profile: two who became one, or part: what happened to them goes over, page by page. */
  'profile.merge': { lane: 'soon', payload: z.object({ mergeId: z.string() }), attempts: 8 },
  /** rules: runs whose next step is due. */
  'rules.advance': { lane: 'soon', payload: z.object({ runIds: ids }), attempts: 8 },
  /** rules: one occurrence of a schedule, in batches from `after`. */
  'rules.schedule': {
    lane: 'bulk',
    payload: z.object({ ruleId: z.string(), occurrence: z.string(), after: z.string().nullable() }),
    attempts: 8,
  },
  /** rules: the next batch of customers of a backtest. */
  'rules.backtest': { lane: 'bulk', payload: z.object({ id: z.string() }), attempts: 8 },
  /** rules: calls other systems are to get. */
  'rules.webhook': { lane: 'bulk', payload: z.object({ ids }), attempts: 3 },
  /** outbox: permit and send what is due; the ids only say that there is something. */
  'outbox.send': { lane: 'send', payload: z.object({ intentIds: ids }), attempts: 3 },
  'outbox.send_now': { lane: 'now', payload: z.object({ intentIds: ids }), attempts: 3 },
  /** results: ask WeCom what became of these mass messages. */
  'results.check': { lane: 'bulk', payload: z.object({ messageIds: ids }), attempts: 3 },
  /** results: what mass messages were made by hand or in the admin console since the last look; what became of these. */
  'results.list_manual': { lane: 'bulk', payload: z.object({ chatType: z.enum(['single', 'group']) }), attempts: 3 },
  'results.check_manual': { lane: 'bulk', payload: z.object({ messageIds: ids }), attempts: 3 },
  /** broadcasts: the next batch of one broadcast's receivers. */
  'broadcasts.build': { lane: 'bulk', payload: z.object({ broadcastId: z.string() }), attempts: 3 },
  /** tags: what is still to be done in WeCom, and deleted tags to take off customers. */
  'tags.work': { lane: 'bulk', payload: z.object({}), attempts: 3 },
  /** attributes: the next batch of the past of customers, for one computed attribute. */
  'attributes.backfill': { lane: 'bulk', payload: z.object({ key: z.string() }), attempts: 3 },
  /** attributes: the next batch of the count of how good the data is. */
  'attributes.quality': { lane: 'bulk', payload: z.object({}), attempts: 3 },
  /** sync: the next step of a comparison with WeCom's lists. */
  'sync.step': { lane: 'bulk', payload: z.object({ runId: z.string() }), attempts: 3 },
  /** sync: look at these differences again, and repair those that are still there. */
  'sync.confirm': { lane: 'bulk', payload: z.object({ gapIds: ids }), attempts: 3 },
  /** imports: the next batches of one file. */
  'imports.step': { lane: 'bulk', payload: z.object({ importId: z.string() }), attempts: 3 },
  /** privacy: one erasure, one copy of somebody's data, the old of one kind, or the next batches of a change of keys. */
  'privacy.work': {
    lane: 'bulk',
    payload: z.object({ what: z.enum(['erase', 'export', 'retain', 'rotate']), id: z.string() }),
    attempts: 3,
  },
  /** media: put these files into WeCom anew before what it has of them ends. */
  'media.renew': { lane: 'soon', payload: z.object({ ids }), attempts: 3 },
  /** channels: bring these channels' contact ways in line with who should serve now. */
  'channels.serve': { lane: 'soon', payload: z.object({ ids }), attempts: 3 },
  /** transfers: whatever of one hand-over is due: plan it, call, look up. */
  'transfers.run': { lane: 'bulk', payload: z.object({ transferId: z.string() }), attempts: 5 },
  /** transfers: compare with WeCom who has left customers behind. */
  'transfers.leavers': { lane: 'bulk', payload: z.object({}), attempts: 3 },
  /** groups: read these customer groups again. */
  'groups.sync': { lane: 'bulk', payload: z.object({ chatIds: ids }), attempts: 8 },
  /** groups: fetch what happened in these owners' groups. */
  'groups.stats': { lane: 'bulk', payload: z.object({ owners: ids }), attempts: 3 },
  /** tiers: the next batch of a count of what was bought within a window (its days), or of a try of a scheme over everybody. */
  'tiers.work': { lane: 'bulk', payload: z.object({ what: z.enum(['survey', 'trial']), id: z.string() }), attempts: 3 },
  /** segments: the next batch of a list that is being filled; of a file that is being made. */
  'segments.fill': {
    lane: 'bulk',
    payload: z.object({ segmentId: z.string(), after: z.string().nullable() }),
    attempts: 5,
  },
  'segments.export': {
    lane: 'bulk',
    payload: z.object({ exportId: z.string(), after: z.string().nullable() }),
    attempts: 3,
  },
} as const satisfies Record<string, { lane: Lane; payload: z.ZodType; attempts: number }>

export type JobName = keyof typeof jobs
export type JobPayload<N extends JobName> = z.infer<(typeof jobs)[N]['payload']>

type Table = {
  readonly [N in JobName]: {
    readonly lane: Lane
    readonly payload: z.ZodType<JobPayload<N>>
    readonly attempts: number
  }
}

/** The same table, typed by name so that a payload stays tied to its job. */
export const jobTable: Table = jobs

/** What each job does; given by the stages, joined in deps/. */
export type JobHandlers = { readonly [N in JobName]: (payload: JobPayload<N>) => Promise<void> }

/** How a stage hands work on. Resolves once Redis has it; a failure is logged and swept up later, never thrown. */
export type Enqueue = <N extends JobName>(name: N, payload: JobPayload<N>) => Promise<void>

/** Hands many jobs on in one exchange per lane; otherwise as Enqueue. */
export type EnqueueMany = <N extends JobName>(
  jobs: readonly { readonly name: N; readonly payload: JobPayload<N> }[],
) => Promise<void>

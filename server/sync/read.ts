import type { Gap, GapKind, SyncRun, SyncStatus } from '@zhiyin/shared/api/sync'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { gapModel, type GapDoc } from './gaps.model.ts'
import { planModel, runModel, type PlanDoc, type RunDoc } from './runs.model.ts'

const dayMs = 86_400_000
const lastRuns = 5

/** Seconds until the walk over customers ends, at the pace so far; null while nothing can be said. */
const secondsLeft = ({ state, part, customers, expected, walkedFrom }: RunDoc, now: number): number | null => {
  if (state !== 'running' || part !== 'contacts' || expected === null || walkedFrom === null || customers === 0)
    return null
  const perMs = customers / Math.max(1, now - walkedFrom.getTime())
  return Math.max(0, Math.round((expected - customers) / perMs / 1000))
}

export const runView = (run: RunDoc, now: number): SyncRun => ({
  id: run._id,
  kind: run.kind,
  cause: run.cause,
  state: run.state,
  part: run.state === 'running' ? run.part : null,
  members: run.members,
  customers: run.customers,
  groups: run.groups,
  expected: run.expected === null ? null : Math.max(run.expected, run.customers),
  secondsLeft: secondsLeft(run, now),
  suspects: run.suspects,
  error: run.error,
  brake: run.brake,
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
})

const gapView = ({ _id, kind, subject, state, foundAt, repairedAt, inboxId }: GapDoc): Gap => ({
  id: _id,
  kind,
  subject: { ...subject },
  state,
  foundAt: foundAt.toISOString(),
  repairedAt: repairedAt?.toISOString() ?? null,
  inboxId,
})

/** What the console shows of comparisons and gaps. */
export const createSyncRead = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const runs = runModel(mongo.connection)
  const gaps = gapModel(mongo.connection)
  const plans = planModel(mongo.connection)
  const certain = { state: { $ne: 'suspected' as const } }

  return {
    async status(): Promise<SyncStatus> {
      const now = clock.now()
      const since = (ms: number) => ({ foundAt: { $gte: new Date(now - ms) } })
      const [running, last, plan, suspected, lastDay, byKind] = await Promise.all([
        runs.findOne({ running: true }).lean<RunDoc | null>(),
        runs
          .find({ running: { $ne: true } })
          .sort({ _id: -1 })
          .limit(lastRuns)
          .lean<RunDoc[]>(),
        plans.findById('plan').lean<PlanDoc | null>(),
        gaps.countDocuments({ state: 'suspected', open: true }),
        gaps.countDocuments({ ...since(dayMs), ...certain }),
        gaps.aggregate<{ _id: GapKind; count: number }>([
          { $match: { ...since(30 * dayMs), ...certain } },
          { $group: { _id: '$kind', count: { $sum: 1 } } },
          { $sort: { count: -1 } },
        ]),
      ])
      return {
        running: running === null ? null : runView(running, now),
        last: last.map((run) => runView(run, now)),
        nextLightAt: plan?.lightAt.toISOString() ?? null,
        nextFullAt: plan?.fullAt.toISOString() ?? null,
        lastDay,
        lastMonth: byKind.reduce((sum, { count }) => sum + count, 0),
        suspected,
        byKind: byKind.map(({ _id, count }) => ({ kind: _id, count })),
      }
    },

    /** Newest first; `after` is the id of the last one seen. */
    async gaps(query: { kind?: GapKind | undefined; limit: number; after?: string | undefined }) {
      const { kind, limit, after } = query
      const docs = await gaps
        .find({ ...(kind === undefined ? {} : { kind }), ...(after === undefined ? {} : { _id: { $lt: after } }) })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<GapDoc[]>()
      const items = docs.slice(0, limit)
      return { items: items.map(gapView), next: docs.length > limit ? (items.at(-1)?._id ?? null) : null }
    },
  }
}

export type SyncRead = ReturnType<typeof createSyncRead>

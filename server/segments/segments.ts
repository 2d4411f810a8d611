import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Sealing } from '../platform/vault.ts'
import type { CustomerView } from '../profile/view.ts'
import { createCount, whyIn } from './count.ts'
import { membersOf } from './export-who.ts'
import { createExports } from './exports.ts'
import { createFill } from './fill.ts'
import { createFreshness } from './freshness.ts'
import { createLists } from './lists.ts'
import { segmentCollections, type SegmentDoc } from './segments.model.ts'
import { createSegmentStore } from './store.ts'
import type { Apart, AppendFacts, Asking, Customers, DefinitionsNow, Names, Recompute } from './types.ts'
import { vocabularyOf } from './vocabulary.ts'

export type SegmentsDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  log: Log
  enqueue: Enqueue
  customers: Customers
  definitions: DefinitionsNow
  recompute: Recompute
  asking: () => Promise<readonly Asking[]>
  append: AppendFacts
  apart: Apart
  backlogs: readonly BacklogOf[]
  tagNames: Names
  repNames: Names
  vault: Sealing
  /** Whether a recorded consent is needed to hand data on. */
  sharingNeedsGrant: () => Promise<boolean>
  /** Days a file is kept. */
  keepDays: () => Promise<number>
  /** So many files were deleted because their time was over. */
  onExpired: (files: number) => Promise<void>
  /** Customers of a list or a file that are worked through at once. */
  perBatch?: number
}

/** Segments: who belongs together, by a condition or by hand. */
export const createSegments = (deps: SegmentsDeps) => {
  const { mongo, clock, customers, definitions, recompute } = deps
  const { segments } = segmentCollections(mongo.connection)
  const store = createSegmentStore(deps)
  const lists = createLists({ ...deps, store })
  const fill = createFill({ ...deps, lists })
  const exports = createExports({ ...deps, store })

  /** Takes the mark off those whose members have been worked out. */
  const built: Sweep = {
    stage: 'segments.built',
    async run() {
      const progress = await recompute.progress()
      if (progress?.doneAt) await store.built(progress.wantedAt)
      return 0
    },
  }

  const backlog: BacklogOf = {
    stage: 'segments',
    async count(now) {
      const filling = await segments.find({ fillAt: { $exists: true } }, { projection: { filling: 1 } }).toArray()
      const times = filling.flatMap((one) => one.filling?.at ?? []).map((at) => at.getTime())
      return {
        pending: filling.length,
        due: 0,
        dead: 0,
        oldestAt: times.length === 0 ? null : new Date(Math.min(...times, now.getTime())),
      }
    },
  }

  return {
    ...store,
    count: createCount(deps),
    lists,
    fill: fill.start,
    exports,
    freshness: createFreshness(deps),
    vocabulary: async () => vocabularyOf(await definitions.get(), await store.all()),
    /** One page of those who are in it, in the order of ids; `scope` as in `seenBy`. */
    async members(
      { _id, condition }: Pick<SegmentDoc, '_id' | 'condition'>,
      { after, limit, scope }: { after: string | null; limit: number; scope: readonly string[] | null },
    ) {
      const now = clock.date()
      const found = await customers.scan(membersOf(_id, scope), after, limit + 1)
      const page = found.slice(0, limit)
      const because = (view: CustomerView) => (condition === null ? [] : whyIn(condition, view, now))
      return {
        items: page.map((view) => ({
          view,
          because: because(view),
          since: view.segments.find(({ id }) => id === _id)?.since ?? null,
        })),
        next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      }
    },
    /** How many of those whom somebody may see are in each; `scope` as in `seenBy`. */
    memberCounts: async (ids: readonly string[], scope: Scope): Promise<ReadonlyMap<string, number>> =>
      new Map(await Promise.all(ids.map(async (id) => [id, await customers.count(membersOf(id, scope))] as const))),
    jobs: { 'segments.fill': fill.next, 'segments.export': exports.next },
    sweeps: [fill.sweep, exports.sweep, built],
    backlog,
  }
}

export type Segments = ReturnType<typeof createSegments>

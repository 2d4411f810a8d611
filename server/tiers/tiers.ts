import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import type { FactsRead } from '../events/read.ts'
import type { Enqueue, JobPayload } from '../flow/jobs.ts'
import type { BacklogOf } from '../flow/sweep.ts'
import type { Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { createCuts, windowOf, workedFor } from './cuts.ts'
import { createHistory } from './history.ts'
import { createPreview } from './preview.ts'
import { createReviews } from './reviews.ts'
import { createSchemes } from './store.ts'
import { createSurvey } from './survey.ts'
import type { SchemeDoc } from './tiers.model.ts'
import { createTrials, draftId } from './trials.ts'
import type { Asking, Customers, FreshDefinitions } from './types.ts'

export type TiersDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  zone: string
  customers: Customers
  facts: Pick<FactsRead, 'pieces' | 'list'>
  definitions: FreshDefinitions
  recompute: () => Promise<void>
  asking: () => Promise<readonly Asking[]>
  /** Customers that are worked through at once. */
  perBatch?: number
}

/** Counts per level are asked for by every open page; so long an answer holds. */
const countsMs = 15_000

/** Tier schemes: how customers are parted into levels, what that does, and whether its limits still fit. */
export const createTiers = (deps: TiersDeps) => {
  const { clock, customers } = deps
  const schemes = createSchemes(deps)
  const bring = createCuts({ schemes })
  const surveys = createSurvey({
    ...deps,
    windows: async () => (await schemes.all()).flatMap(({ how }) => windowOf(how) ?? []),
    counted: bring,
  })
  const trials = createTrials({ ...deps, schemes, surveys })
  const reviews = createReviews({ ...deps, schemes, trials })
  const preview = createPreview({ clock, surveys, customers })

  /** Limits of a scheme that was written are worked out of the count that is kept, or of a new one. */
  const withLimits = async (doc: SchemeDoc): Promise<SchemeDoc> => {
    const window = windowOf(doc.how)
    if (window === null) return doc
    const kept = await surveys.summary(window)
    if (kept === null) await surveys.want(window)
    else await schemes.keepWorked(doc, workedFor(doc, kept.summary, kept.at))
    return schemes.get(doc._id)
  }
  const memo = new Map<string, { readonly at: number; readonly counts: Promise<ReadonlyMap<string, number>> }>()
  /** How many are on each level of a scheme, of those within a scope; of all it is at most 15 s old. */
  const onLevels = (doc: SchemeDoc, scope: Scope): Promise<ReadonlyMap<string, number>> => {
    const keys = doc.levels.map((level) => level.key)
    if (scope !== null) return customers.onLevels(doc._id, keys, scope)
    const key = `${doc._id}:${doc.version}`
    const known = memo.get(key)
    if (known !== undefined && performance.now() - known.at < countsMs) return known.counts
    const counts = customers.onLevels(doc._id, keys, null)
    for (const other of memo.keys()) if (other.startsWith(`${doc._id}:`)) memo.delete(other)
    memo.set(key, { at: performance.now(), counts })
    counts.catch(() => memo.delete(key))
    return counts
  }

  const backlog: BacklogOf = {
    stage: 'tiers',
    async count() {
      const running = await trials.running()
      const times = running.map(({ at }) => at.getTime())
      return {
        pending: running.length,
        due: 0,
        dead: 0,
        oldestAt: times.length === 0 ? null : new Date(Math.min(...times)),
      }
    },
  }

  const work = async ({ what, id }: JobPayload<'tiers.work'>): Promise<void> => {
    if (what === 'trial') return trials.run(id)
    await surveys.run(Number(id))
    if ((await surveys.read(Number(id)))?.running === null) await trials.wake()
  }

  return {
    /** What counts for customers, the primary scheme first. */
    definitions: schemes.definitions,
    begin: schemes.begin,
    all: schemes.all,
    get: schemes.get,
    isPrimary: schemes.isPrimary,
    onLevels,
    create: async (input: SchemeInput, by: string) => withLimits(await schemes.create(input, by)),
    update: async (id: string, version: number, input: SchemeInput, by: string) =>
      withLimits(await schemes.update(id, version, input, by)),
    makePrimary: schemes.makePrimary,
    async remove(id: string): Promise<SchemeDoc> {
      const gone = await schemes.remove(id)
      await trials.forgetOf(id)
      return gone
    },
    distribution: surveys.read,
    count: surveys.want,
    async preview(id: string | null, input: SchemeInput) {
      return preview({ ...input, id: id ?? draftId }, id === null ? null : await schemes.get(id))
    },
    trials,
    reviews,
    history: createHistory(deps.facts),
    jobs: { 'tiers.work': work },
    sweeps: [surveys.sweep, trials.sweep, reviews.sweep],
    backlog,
  }
}
export type Tiers = ReturnType<typeof createTiers>

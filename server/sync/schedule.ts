import type { SyncCause, SyncKind } from '@zhiyin/shared/api/sync'
import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import { againMs } from './confirm.ts'
import { isDue } from './due.ts'
import type { Gaps } from './gaps.ts'
import { planModel, runModel, type PlanDoc, type RunDoc } from './runs.model.ts'

const minuteMs = 60_000
const perJob = 50
const plan = { _id: 'plan' } as const
/** Between 03:07 and 03:47 by the company's clocks, off the full and half hour (limits.md §2). */
const nightMinutes = 3 * 60 + 7

type Deps = { mongo: Mongo; clock: Clock; newId: NewId; enqueue: Enqueue; gaps: Gaps; zone: string }

/** When runs begin: at the start of a process, hourly, nightly, and when asked. One runs at a time. */
export const createSchedule = ({ mongo, clock, newId, enqueue, gaps, zone }: Deps) => {
  const runs = runModel(mongo.connection)
  const plans = planModel(mongo.connection)

  /** About an hour on, so that not everybody asks WeCom at the same minute. */
  const nextLight = (now: Date): Date => new Date(now.getTime() + (55 + Math.random() * 10) * minuteMs)
  const nextFull = (now: Date): Date => {
    const at = (day: number): Date => momentOf(day, nightMinutes + Math.floor(Math.random() * 20), zone)
    const { day } = zonedTime(now, zone)
    return at(day).getTime() > now.getTime() + 60 * minuteMs ? at(day) : at(day + 1)
  }

  const running = (): Promise<RunDoc | null> => runs.findOne({ running: true }).lean<RunDoc | null>().exec()

  /** Begins a run, unless one is under way. */
  const begin = async (kind: SyncKind, cause: SyncCause, force = false): Promise<RunDoc | null> => {
    const now = clock.date()
    const run: RunDoc = {
      _id: newId('sync'),
      kind,
      cause,
      force,
      state: 'running',
      running: true,
      part: 'members',
      place: null,
      reps: [],
      members: 0,
      customers: 0,
      groups: 0,
      suspects: 0,
      expected: null,
      walkedFrom: null,
      lease: null,
      failures: 0,
      error: null,
      brake: null,
      nextAt: now,
      startedAt: now,
      finishedAt: null,
    }
    try {
      await runs.create([run])
    } catch (error) {
      if (isDuplicate(error)) return null
      throw error
    }
    await enqueue('sync.step', { runId: run._id })
    return run
  }

  /** What is due begins; a full run is a light one too. */
  const beginDue = async (now: Date): Promise<void> => {
    const due = await plans
      .findOne({ ...plan, $or: [{ lightAt: { $lte: now } }, { fullAt: { $lte: now } }] })
      .lean<PlanDoc | null>()
    if (due === null || (await running()) !== null) return
    const full = due.fullAt <= now
    const next = { lightAt: nextLight(now), ...(full ? { fullAt: nextFull(now) } : {}) }
    const mine = await plans.updateOne({ ...plan, lightAt: due.lightAt, fullAt: due.fullAt }, { $set: next })
    if (mine.modifiedCount === 0) return
    const ever = await runs.exists({ state: 'done' })
    await begin(full ? 'full' : 'light', ever === null ? 'start' : full ? 'nightly' : 'hourly')
  }

  const nudge = async (now: Date): Promise<number> => {
    const run = await running()
    const stalled = run !== null && isDue(run, now.getTime()) ? run : null
    if (stalled !== null) await enqueue('sync.step', { runId: stalled._id })
    const found = await gaps.due(now, 500)
    const ids = found.map(({ _id }) => _id)
    if (ids.length > 0) await gaps.later(ids, new Date(now.getTime() + againMs))
    for (let from = 0; from < ids.length; from += perJob)
      await enqueue('sync.confirm', { gapIds: ids.slice(from, from + perJob) })
    return ids.length + (stalled === null ? 0 : 1)
  }

  return {
    begin,
    running,
    get: (id: string): Promise<RunDoc | null> => runs.findById(id).lean<RunDoc | null>().exec(),

    /** A process has started: callbacks may have been lost meanwhile. The very first run is a full one. */
    async started(): Promise<void> {
      const now = clock.date()
      await plans.updateOne(plan, { $setOnInsert: { lightAt: nextLight(now), fullAt: now } }, { upsert: true })
      await plans.updateOne(plan, { $min: { lightAt: now } })
    },

    sweep: {
      stage: 'sync',
      async run(now) {
        await beginDue(now)
        return nudge(now)
      },
    } satisfies Sweep,

    /** A run is under way until it is done; differences wait two minutes before they count. */
    backlog: {
      stage: 'sync',
      async count(now) {
        const [run, due, first] = await Promise.all([
          running(),
          gaps.countDue(now),
          plans.findOne(plan).lean<PlanDoc | null>(),
        ])
        const about = first !== null && (first.lightAt <= now || first.fullAt <= now) ? 1 : 0
        return { pending: run === null ? about : 1, due, dead: 0, oldestAt: run?.startedAt ?? null }
      },
    } satisfies BacklogOf,
  }
}

export type Schedule = ReturnType<typeof createSchedule>

import { randomUUID } from 'node:crypto'
import { syncParts, type SyncPart } from '@zhiyin/shared/api/sync'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import { messageOf, retryOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Gaps } from './gaps.ts'
import { isDue, leaseMs } from './due.ts'
import { Brake, type Counted, type Part } from './parts/part.ts'
import { runModel, type RunDoc } from './runs.model.ts'

/** After so many failures in a row it stops itself; the next one begins anew. */
const mostFailures = 8
const backoffMs = (failures: number): number => Math.min(300_000, 1000 * 2 ** failures)

/** Somebody else goes on with this run. */
class Taken extends Error {}

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  enqueue: Enqueue
  gaps: Gaps
  parts: Readonly<Record<SyncPart, Part>>
}

const nextPart = (part: SyncPart): SyncPart | null => syncParts[syncParts.indexOf(part) + 1] ?? null

/**
 * Carries a run on, step by step. The place is kept with every step, so a run survives the process; one process at a time has it,
 * by a lease. A failure is tried again more and more slowly; after eight in a row, or when too much would end, the run pauses itself.
 */
export const createRunner = ({ mongo, clock, log, enqueue, gaps, parts }: Deps) => {
  const runs = runModel(mongo.connection)

  const claim = async (runId: string): Promise<RunDoc | null> => {
    const now = clock.now()
    const found = await runs.findOne({ _id: runId, state: 'running' }).lean<RunDoc | null>()
    if (found === null || !isDue(found, now)) return null
    const { nextAt = null, lease } = found
    return runs
      .findOneAndUpdate(
        { _id: runId, state: 'running', nextAt, 'lease.id': lease?.id ?? null },
        { $set: { lease: { id: randomUUID(), until: new Date(now + leaseMs) } } },
        { returnDocument: 'after' },
      )
      .lean<RunDoc | null>()
      .exec()
  }

  const write = async (run: RunDoc, update: Record<string, unknown>): Promise<void> => {
    const kept = await runs.updateOne({ _id: run._id, 'lease.id': run.lease?.id ?? '' }, update)
    if (kept.matchedCount === 0) throw new Taken()
  }

  const alive =
    (run: RunDoc) =>
    (counted: Counted = {}) =>
      write(run, {
        $set: { 'lease.until': new Date(clock.now() + leaseMs) },
        ...(Object.keys(counted).length === 0 ? {} : { $inc: counted }),
      })

  const over = { lease: null, finishedAt: null }

  const pause = (run: RunDoc, why: { error?: string; brake?: RunDoc['brake'] }): Promise<void> =>
    write(run, {
      $set: { ...over, finishedAt: clock.date(), state: 'paused', ...why },
      $unset: { running: 1, nextAt: 1 },
    })

  const failed = async (run: RunDoc, error: unknown): Promise<void> => {
    if (error instanceof Taken) return
    if (error instanceof Brake) {
      log.error({ run: run._id, part: run.part, missing: error.missing, held: error.held }, 'the sync stopped itself')
      return pause(run, { brake: { missing: error.missing, held: error.held } })
    }
    const failures = run.failures + 1
    log.warn({ err: error, run: run._id, part: run.part, failures }, 'a step of the sync failed')
    if (failures >= mostFailures) return pause(run, { error: messageOf(error).slice(0, 500) })
    const retry = retryOf(error)
    const waitMs = typeof retry === 'object' ? retry.afterMs : backoffMs(failures)
    await write(run, {
      $set: { lease: null, failures, error: messageOf(error).slice(0, 500), nextAt: new Date(clock.now() + waitMs) },
    })
  }

  const step = async (run: RunDoc): Promise<void> => {
    const before = run.part === 'contacts' && run.place === null ? { walkedFrom: clock.date() } : {}
    const { place, set = {} } = await parts[run.part].step({
      run,
      alive: alive(run),
      suspect: async (found) => {
        const fresh = await gaps.suspect(run, found)
        if (fresh > 0) await write(run, { $inc: { suspects: fresh } })
      },
    })
    const part = place === null ? nextPart(run.part) : run.part
    const on = { ...before, ...set, lease: null, failures: 0, error: null }
    if (part === null) {
      await write(run, {
        $set: { ...on, state: 'done', finishedAt: clock.date() },
        $unset: { running: 1, nextAt: 1 },
      })
      log.info({ run: run._id, kind: run.kind }, 'compared with WeCom')
      return
    }
    await write(run, { $set: { ...on, part, place, nextAt: clock.date() } })
    await enqueue('sync.step', { runId: run._id })
  }

  /** 'sync.step': one step, when it is due and nobody else has it. */
  return async (runId: string): Promise<void> => {
    const run = await claim(runId)
    if (run === null) return
    try {
      await step(run)
    } catch (error) {
      await failed(run, error).catch((lost: unknown) => {
        if (!(lost instanceof Taken)) throw lost
      })
    }
  }
}

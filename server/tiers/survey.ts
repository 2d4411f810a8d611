import { mongo as driver } from 'mongoose'
import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { histogramsOf } from './histogram.ts'
import { packed, unpacked, type Summary } from './summary.ts'
import { tierCollections, type SurveyDoc } from './tiers.model.ts'
import type { Customers } from './types.ts'

const againMs = 20_000
/** 03:40, when little else is going on. */
const nightly = 220
/** A window nobody uses is forgotten so long after somebody asked for it. */
const forgetMs = 2 * 86_400_000
/** So many windows are held in memory; each is 32 bytes a buyer. */
const mostHeld = 2

export type SurveyDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  zone: string
  customers: Pick<Customers, 'measures'>
  /** The windows that schemes have. */
  windows: () => Promise<readonly number[]>
  /** What follows from a new count, before it is kept; may be repeated. */
  counted: (windowDays: number, summary: Summary, at: Date) => Promise<void>
  perBatch?: number
}

export type Kept = { readonly at: Date; readonly summary: Summary }

/**
 * Counts, every night and on demand, what everybody bought within a window, and keeps it: limits are worked out of it exactly, charts and
 * previews read it. Each batch is a piece of its own and the place is kept, so that a crash costs one batch. Memory: one batch while
 * counting, then 32 bytes a buyer and 8 more for the column being sorted (40 MB for a million).
 */
export const createSurvey = (deps: SurveyDeps) => {
  const { mongo, clock, newId, enqueue, zone, customers, windows, counted, perBatch = 1000 } = deps
  const { surveys, pieces } = tierCollections(mongo.connection)
  const held = new Map<number, Kept>()
  const inMs = (ms: number): Date => new Date(clock.now() + ms)
  const read = (windowDays: number): Promise<SurveyDoc | null> => surveys.findOne({ _id: windowDays })

  const nightAfter = (now: Date): Date => {
    const { day, minutes } = zonedTime(now, zone)
    return momentOf(minutes < nightly ? day : day + 1, nightly, zone)
  }
  const load = async (ids: readonly string[], customersCounted: number): Promise<Summary> => {
    const found = await pieces.find({ _id: { $in: [...ids] } }).toArray()
    const byId = new Map(found.map(({ _id, bytes }) => [_id, Buffer.from(bytes.buffer)]))
    return unpacked(
      ids.flatMap((id) => byId.get(id) ?? []),
      customersCounted,
    )
  }

  /** Begins, unless it is under way. */
  const begin = async (windowDays: number, now: Date): Promise<void> => {
    const running = { at: now, after: '', customers: 0, pieces: [] }
    await surveys.updateOne(
      { _id: windowDays, running: null },
      { $set: { running, lookAt: inMs(againMs), nextAt: nightAfter(now) } },
    )
    await enqueue('tiers.work', { what: 'survey', id: String(windowDays) })
  }
  const ensure = async (windowDays: number, now: Date): Promise<void> => {
    const fresh = { nextAt: now, running: null, lookAt: now, kept: null }
    await surveys.updateOne({ _id: windowDays }, { $set: { wantedAt: now }, $setOnInsert: fresh }, { upsert: true })
  }

  /** The last batch is counted: what follows, then it is kept and the pieces of before go. */
  const finish = async (
    windowDays: number,
    running: NonNullable<SurveyDoc['running']>,
    own: readonly string[],
    total: number,
  ) => {
    const summary = await load(own, total)
    await counted(windowDays, summary, running.at)
    const kept = {
      at: running.at,
      customers: total,
      buyers: summary.buyers,
      pieces: [...own],
      histograms: histogramsOf(summary),
    }
    const saved = await surveys.updateOne(
      { _id: windowDays, 'running.at': running.at, 'running.after': running.after },
      { $set: { kept, running: null } },
    )
    if (saved.matchedCount === 1) await pieces.deleteMany({ windowDays, _id: { $nin: [...own] } })
  }

  return {
    read,

    /** The kept distribution of a window; null before the first count. */
    async summary(windowDays: number): Promise<Kept | null> {
      const doc = await read(windowDays)
      if (doc === null || doc.kept === null) return null
      const known = held.get(windowDays)
      if (known?.at.getTime() === doc.kept.at.getTime()) return known
      const kept = { at: doc.kept.at, summary: await load(doc.kept.pieces, doc.kept.customers) }
      // Pieces were changed for newer ones while they were read.
      if (kept.summary.buyers !== doc.kept.buyers) return null
      held.delete(windowDays)
      const [oldest] = held.keys()
      if (held.size >= mostHeld && oldest !== undefined) held.delete(oldest)
      held.set(windowDays, kept)
      return kept
    },

    /** Counts a window now, unless that is under way. */
    async want(windowDays: number): Promise<void> {
      const now = clock.date()
      await ensure(windowDays, now)
      await begin(windowDays, now)
    },

    /** 'tiers.work' of a survey: the next batch. */
    async run(windowDays: number): Promise<void> {
      const running = (await read(windowDays))?.running ?? null
      if (running === null) return
      const { at, after } = running
      const batch = await customers.measures(windowDays, after, perBatch, at)
      const total = running.customers + batch.customers
      const id = newId('tierPiece')
      const own = batch.buyers.length === 0 ? running.pieces : [...running.pieces, id]
      if (batch.buyers.length > 0)
        await pieces.insertOne({ _id: id, windowDays, bytes: new driver.Binary(packed(batch.buyers)) })
      if (batch.last === null) return finish(windowDays, running, own, total)
      const kept = await surveys.updateOne(
        { _id: windowDays, 'running.at': at, 'running.after': after },
        { $set: { running: { at, after: batch.last, customers: total, pieces: own }, lookAt: inMs(againMs) } },
      )
      if (kept.matchedCount === 1) await enqueue('tiers.work', { what: 'survey', id: String(windowDays) })
    },

    sweep: {
      stage: 'tiers.survey',
      async run(now) {
        const [used, docs] = [new Set(await windows()), await surveys.find().toArray()]
        const known = new Set(docs.map(({ _id }) => _id))
        const missing = [...used].filter((windowDays) => !known.has(windowDays))
        for (const windowDays of missing) {
          await ensure(windowDays, now)
          await begin(windowDays, now)
        }
        let nudged = missing.length
        for (const { _id, running, lookAt, nextAt, wantedAt } of docs) {
          const isUsed = used.has(_id)
          if (running === null && !isUsed && now.getTime() - wantedAt.getTime() > forgetMs) {
            await surveys.deleteOne({ _id, running: null })
            await pieces.deleteMany({ windowDays: _id })
          } else if (running === null && isUsed && nextAt <= now) await begin(_id, now)
          else if (running !== null && lookAt <= now) {
            await surveys.updateOne({ _id, lookAt }, { $set: { lookAt: inMs(againMs) } })
            await enqueue('tiers.work', { what: 'survey', id: String(_id) })
          } else continue
          nudged += 1
        }
        return nudged
      },
    } satisfies Sweep,
  }
}
export type Survey = ReturnType<typeof createSurvey>

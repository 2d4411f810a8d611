import mongoose from 'mongoose'
import type { Lang } from '@zhiyin/shared/text'
import type { CustomerFilter } from '../conditions/filter.ts'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { seenBy } from './count.ts'
import { exportedAttributes, exportLine, headerLine, mayBeHandedOn } from './export-rows.ts'
import { pieceId, piecesOf, segmentCollections, type ExportDoc } from './segments.model.ts'
import type { SegmentStore } from './store.ts'
import type { Customers, DefinitionsNow, Names } from './types.ts'

const againMs = 15_000
const keptMs = 7 * 86_400_000
const mostFailures = 8
const most = 20

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  log: Log
  enqueue: Enqueue
  store: Pick<SegmentStore, 'get'>
  customers: Pick<Customers, 'scan' | 'count'>
  definitions: DefinitionsNow
  tagNames: Names
  repNames: Names
  /** Whether a recorded consent is needed to hand data on. */
  sharingNeedsGrant?: () => Promise<boolean>
  perBatch?: number
}

export type WantedExport = {
  readonly segmentId: string
  readonly within: readonly string[] | null
  readonly clear: boolean
  readonly reason: string
  readonly lang: Lang
  readonly by: string
  readonly makerId: string | null
}

/** Files of segments: made in batches with the place kept, in pieces in the database, deleted after seven days. */
export const createExports = (deps: Deps) => {
  const { mongo, clock, newId, log, enqueue, store, customers, definitions, tagNames, repNames, perBatch = 500 } = deps
  const { sharingNeedsGrant = async () => true } = deps
  const { exports, pieces } = segmentCollections(mongo.connection)
  const filterOf = ({ segmentId, within }: Pick<ExportDoc, 'segmentId' | 'within'>): CustomerFilter =>
    seenBy({ 'segments.id': segmentId }, within)
  const soon = (): Date => new Date(clock.now() + againMs)

  const get = async (id: string): Promise<ExportDoc> => {
    const doc = await exports.findOne({ _id: id })
    if (doc === null) throw notFound('export', id)
    return doc
  }

  const create = async ({ by, ...wanted }: WantedExport): Promise<ExportDoc> => {
    const segment = await store.get(wanted.segmentId)
    const now = clock.date()
    const doc: ExportDoc = {
      ...wanted,
      _id: newId('export'),
      segment: segment.name,
      state: 'waiting',
      after: null,
      pieces: 0,
      done: 0,
      total: await customers.count(filterOf(wanted)),
      rows: 0,
      withheld: 0,
      failures: 0,
      createdAt: now,
      createdBy: by,
      expiresAt: new Date(now.getTime() + keptMs),
      lookAt: soon(),
    }
    await exports.insertOne(doc)
    await enqueue('segments.export', { exportId: doc._id, after: null })
    return doc
  }

  const textOf = async (doc: ExportDoc, after: string | null) => {
    const attributes = exportedAttributes((await definitions.get()).attributes)
    const found = await customers.scan(filterOf(doc), after, perBatch)
    const needsGrant = await sharingNeedsGrant()
    const given = found.filter((view) => mayBeHandedOn(view, needsGrant))
    const tags = await tagNames([...new Set(given.flatMap(({ tagIds }) => tagIds))])
    const reps = await repNames([...new Set(given.flatMap(({ follows }) => follows.map(({ userid }) => userid)))])
    const { segmentId, lang, clear } = doc
    const lines = given.map((view) => exportLine(view, { segmentId, lang, clear, attributes, tags, reps }))
    const head = after === null ? headerLine(attributes, lang) : ''
    return { found, given, text: head + lines.join('') }
  }

  const step = async (doc: ExportDoc, after: string | null): Promise<void> => {
    const { found, given, text } = await textOf(doc, after)
    const bytes = new mongoose.mongo.Binary(Buffer.from(text))
    await pieces.replaceOne({ _id: pieceId(doc._id, doc.pieces) }, { bytes }, { upsert: true })
    const over = found.length < perBatch
    const last = found.at(-1)?.id ?? after
    const kept = await exports.updateOne(
      { _id: doc._id, after, pieces: doc.pieces, state: { $in: ['waiting', 'under_way'] } },
      {
        $set: {
          after: last,
          failures: 0,
          state: over ? 'done' : 'under_way',
          lookAt: over ? doc.expiresAt : soon(),
        },
        $inc: { pieces: 1, done: found.length, rows: given.length, withheld: found.length - given.length },
      },
    )
    if (kept.matchedCount === 1 && !over) await enqueue('segments.export', { exportId: doc._id, after: last })
  }

  /** 'segments.export': the next batch of one file, if `after` is still where it stands. */
  const next = async ({ exportId, after }: { exportId: string; after: string | null }): Promise<void> => {
    const doc = await exports.findOne({ _id: exportId, state: { $in: ['waiting', 'under_way'] } })
    if (doc === null || doc.after !== after) return
    try {
      await step(doc, after)
    } catch (error) {
      const failures = doc.failures + 1
      log.warn({ exportId, failures, error: error instanceof Error ? error.name : typeof error }, 'an export failed')
      const end = failures >= mostFailures ? { state: 'failed' as const, lookAt: doc.expiresAt } : { lookAt: soon() }
      await exports.updateOne({ _id: exportId, after }, { $set: { failures, ...end } })
    }
  }

  const expire = async ({ _id }: Pick<ExportDoc, '_id'>): Promise<void> => {
    await pieces.deleteMany({ _id: piecesOf(_id) })
    await exports.updateOne({ _id }, { $set: { state: 'expired' }, $unset: { lookAt: 1 } })
  }

  const sweep: Sweep = {
    stage: 'segments.exports',
    async run(now) {
      const due = await exports
        .find({ lookAt: { $lte: now } })
        .limit(most)
        .toArray()
      for (const doc of due) {
        if (doc.expiresAt <= now) await expire(doc)
        else {
          await exports.updateOne({ _id: doc._id }, { $set: { lookAt: soon() } })
          await enqueue('segments.export', { exportId: doc._id, after: doc.after })
        }
      }
      return due.length
    },
  }

  return {
    get,
    create,
    next,
    sweep,
    /** Exports of one segment, newest first; `makerId` null: of everybody. */
    list: (segmentId: string, makerId: string | null): Promise<ExportDoc[]> =>
      exports
        .find({ segmentId, ...(makerId === null ? {} : { makerId }) })
        .sort({ _id: -1 })
        .limit(most)
        .toArray(),
    /** The file, piece by piece. Throws segment.export_state unless it is done and still there. */
    file(doc: ExportDoc): AsyncIterable<Uint8Array> {
      if (doc.state !== 'done' || doc.expiresAt <= clock.date())
        throw new AppError('segment.export_state', { status: 409, params: { state: doc.state } })
      const found = pieces.find({ _id: piecesOf(doc._id) }).sort({ _id: 1 })
      return (async function* () {
        for await (const { bytes } of found) yield Uint8Array.from(bytes.buffer.subarray(0, bytes.position))
      })()
    },
  }
}

export type Exports = ReturnType<typeof createExports>

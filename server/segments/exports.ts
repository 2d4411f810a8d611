import type { Lang } from '@zhiyin/shared/text'
import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Sealing } from '../platform/vault.ts'
import { createExportFile } from './export-file.ts'
import { exportedAttributes, exportLine, headerLine } from './export-rows.ts'
import { createExportWho, mayBeHandedOn, membersOf } from './export-who.ts'
import { createPieces, type Piece } from './pieces.ts'
import { segmentCollections, type ExportDoc } from './segments.model.ts'
import type { SegmentStore } from './store.ts'
import type { Customers, DefinitionsNow, Names } from './types.ts'

const againMs = 15_000
const dayMs = 86_400_000
const mostFailures = 8
const most = 20

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  log: Log
  enqueue: Enqueue
  store: Pick<SegmentStore, 'get'>
  customers: Pick<Customers, 'scan' | 'count' | 'views' | 'reach'>
  vault: Pick<Sealing, 'sealBytes' | 'openBytes' | 'openText'>
  definitions: DefinitionsNow
  tagNames: Names
  repNames: Names
  /** Whether a recorded consent is needed to hand data on. */
  sharingNeedsGrant: () => Promise<boolean>
  /** Days a file is kept. */
  keepDays: () => Promise<number>
  /** So many files were deleted because their time was over. */
  onExpired: (files: number) => Promise<void>
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

/** Files of segments: made in batches with the place kept, in sealed pieces in the database, deleted when their time is over. */
export const createExports = (deps: Deps) => {
  const {
    mongo,
    clock,
    newId,
    log,
    enqueue,
    store,
    customers,
    definitions,
    tagNames,
    repNames,
    vault,
    perBatch = 500,
  } = deps
  const { exports } = segmentCollections(mongo.connection)
  const pieces = createPieces({ mongo, vault })
  const who = createExportWho(deps)
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
      total: await customers.count(membersOf(wanted.segmentId, wanted.within)),
      rows: 0,
      withheld: 0,
      failures: 0,
      createdAt: now,
      createdBy: by,
      expiresAt: new Date(now.getTime() + (await deps.keepDays()) * dayMs),
      lookAt: soon(),
    }
    await exports.insertOne(doc)
    await enqueue('segments.export', { exportId: doc._id, after: null })
    return doc
  }

  /** The next members, those of them who may be handed on, and their lines. */
  const batchOf = async (doc: ExportDoc, after: string | null) => {
    const now = await definitions.get()
    const attributes = exportedAttributes(now.attributes)
    const found = await customers.scan(membersOf(doc.segmentId, doc.within), after, perBatch)
    const needsGrant = await who.needsGrant()
    const given = found.filter((view) => mayBeHandedOn(view, needsGrant))
    const [tags, reps, reach] = await Promise.all([
      tagNames([...new Set(given.flatMap(({ tagIds }) => tagIds))]),
      repNames([...new Set(given.flatMap(({ follows }) => follows.map(({ userid }) => userid)))]),
      customers.reach(
        given.map(({ id }) => id),
        now,
      ),
    ])
    const { segmentId, lang, clear } = doc
    const around = { segmentId, lang, clear, attributes, tags, reps, open: vault.openText }
    const rows = given.map((view): [string, string] => [view.id, exportLine(view, reach.get(view.id), around)])
    const piece: Piece = { head: after === null ? headerLine(attributes, lang) : '', rows }
    return { found, given, piece }
  }

  const step = async (doc: ExportDoc, after: string | null): Promise<void> => {
    const { found, given, piece } = await batchOf(doc, after)
    await pieces.write(doc._id, doc.pieces, piece)
    const over = found.length < perBatch
    const last = found.at(-1)?.id ?? after
    const kept = await exports.updateOne(
      { _id: doc._id, after, pieces: doc.pieces, state: { $in: ['waiting', 'under_way'] } },
      {
        $set: {
          // A file that is done needs no place, and names nobody.
          after: over ? null : last,
          failures: 0,
          state: over ? 'done' : 'under_way',
          lookAt: over ? doc.expiresAt : soon(),
        },
        $inc: { pieces: 1, done: found.length, rows: given.length, withheld: found.length - given.length },
      },
    )
    // Somebody in it was erased meanwhile; where another run has made it, it stays.
    if (kept.matchedCount === 0 && (await exports.findOne({ _id: doc._id }))?.state === 'expired')
      await pieces.drop(doc._id)
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
      // Not what another run has brought further, or to its end.
      const asFound = { _id: exportId, after, pieces: doc.pieces, state: doc.state }
      await exports.updateOne(asFound, { $set: { failures, ...end } })
    }
  }

  const expire = async ({ _id }: Pick<ExportDoc, '_id'>): Promise<void> => {
    // First of all nobody goes on with it: who is writing a piece looks once it is written.
    const ended = await exports.updateOne({ _id, state: { $ne: 'expired' } }, { $set: { state: 'expired' } })
    await pieces.drop(_id)
    await exports.updateOne({ _id }, { $unset: { lookAt: 1 } })
    if (ended.modifiedCount > 0) await deps.onExpired(1)
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
    /** What a file would hold, before it is made. */
    forecast: who.forecast,
    file: createExportFile({ clock, pieces, who }),
  }
}

export type Exports = ReturnType<typeof createExports>

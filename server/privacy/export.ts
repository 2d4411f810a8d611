import mongoose from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Vault } from '../platform/vault.ts'
import type { Gathered } from './gather.ts'
import { htmlOf, membersOf } from './html.ts'
import { privacyCollections, type ExportDoc } from './privacy.model.ts'
import type { PrivacySettingsStore } from './settings.ts'
import type { Holding } from './types.ts'

const dayMs = 86_400_000
const againMs = 30_000
const mostFailures = 5
/** Well below what one document may hold (16 MB). */
const pieceBytes = 4 * 1024 * 1024

export const exportForms = ['json', 'html'] as const
export type ExportForm = (typeof exportForms)[number]

export type ExportDeps = {
  mongo: Mongo
  clock: Clock
  vault: Pick<Vault, 'sealBytes' | 'openBytes'>
  settings: Pick<PrivacySettingsStore, 'fresh'>
  gather: (customerId: string, now: Date) => Promise<Gathered | null>
  /** Of members by userid. */
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** So many files were deleted because their time was over. */
  onExpired: (files: number) => Promise<void>
}

/** Exports of one person's data: made by a job, kept sealed, deleted when their time is over. */
export const createExports = ({ mongo, clock, vault, settings, gather, names, onExpired }: ExportDeps) => {
  const { exports, pieces } = privacyCollections(mongo.connection)

  const write = async (exportId: string, form: ExportForm, text: string): Promise<void> => {
    const bytes = Buffer.from(text, 'utf8')
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = new mongoose.mongo.Binary(vault.sealBytes(bytes.subarray(at, at + pieceBytes)))
      const _id = `${exportId}:${form}:${String(at / pieceBytes).padStart(4, '0')}`
      await pieces.replaceOne({ _id }, { exportId, bytes: piece }, { upsert: true })
    }
  }
  const end = async (doc: ExportDoc, state: 'expired' | 'failed'): Promise<void> => {
    await pieces.deleteMany({ exportId: doc._id })
    const open = state === 'expired' ? (['done'] as const) : (['waiting', 'working'] as const)
    await exports.updateOne({ _id: doc._id, state: { $in: [...open] } }, { $set: { state }, $unset: { lookAt: 1 } })
  }

  const make = async (doc: ExportDoc): Promise<void> => {
    const now = clock.date()
    const gathered = await gather(doc.customerId, now)
    if (gathered === null) return end(doc, 'failed')
    await write(doc._id, 'json', JSON.stringify(gathered, null, 2))
    await write(doc._id, 'html', htmlOf(gathered, Object.fromEntries(await names(membersOf(gathered)))))
    const expiresAt = new Date(now.getTime() + (await settings.fresh()).retention.exports * dayMs)
    const kept = await exports.updateOne(
      { _id: doc._id, state: { $in: ['waiting', 'working'] } },
      { $set: { state: 'done', doneAt: now, expiresAt, lookAt: expiresAt } },
    )
    // Its person was erased meanwhile; where another run has made it, it stays.
    if (kept.matchedCount === 0 && (await exports.findOne({ _id: doc._id }))?.state !== 'done')
      await pieces.deleteMany({ exportId: doc._id })
  }

  /** What somebody wrote for a copy that is gone, and died before they looked again. */
  const dropLost = async (): Promise<void> => {
    const written = await pieces.distinct('exportId')
    const known = await exports.find({ _id: { $in: written } }, { projection: { _id: 1 } }).toArray()
    const lost = written.filter((id) => known.every(({ _id }) => _id !== id))
    await pieces.deleteMany({ exportId: { $in: lost } })
  }

  return {
    /** Goes on with one export that is due: makes it, or deletes it when its time is over. */
    async work(id: string): Promise<void> {
      const doc = await exports.findOne({ _id: id })
      if (doc === null) return
      if (doc.expiresAt !== null) {
        if (doc.expiresAt > clock.date() || doc.state !== 'done') return
        await end(doc, 'expired')
        return onExpired(1)
      }
      if (doc.failures >= mostFailures) return end(doc, 'failed')
      const lookAt = new Date(clock.now() + againMs)
      // Of two runs at once one goes on: the other would begin anew what is made by then.
      const asFound = { _id: id, state: doc.state, failures: doc.failures }
      const begun = await exports.updateOne(asFound, { $set: { state: 'working', lookAt }, $inc: { failures: 1 } })
      if (begun.matchedCount === 1) await make(doc)
    },

    /** The file, opened. Throws not_found, privacy.expired. */
    async file(id: string, form: ExportForm): Promise<{ doc: ExportDoc; bytes: Uint8Array<ArrayBuffer> }> {
      const doc = await exports.findOne({ _id: id })
      if (doc === null) throw notFound('export', id)
      if (doc.state !== 'done' || doc.expiresAt === null || doc.expiresAt <= clock.date())
        throw new AppError('privacy.expired', { status: 410 })
      const found = await pieces
        .find({ exportId: id, _id: { $gte: `${id}:${form}:`, $lt: `${id}:${form};` } })
        .sort({ _id: 1 })
        .toArray()
      const opened = found.map(({ bytes }) => vault.openBytes(bytes.buffer.subarray(0, bytes.position)))
      if (opened.length === 0 || opened.includes(null)) throw new AppError('privacy.expired', { status: 410 })
      return { doc, bytes: Uint8Array.from(Buffer.concat(opened.flatMap((piece) => piece ?? []))) }
    },

    /** The exports of somebody are about them too. */
    personal: {
      room: 'exports',
      collect: async () => ({}),
      async forget({ ids: numbers }) {
        const docs = await exports.find({ customerId: { $in: [...numbers] } }).toArray()
        const ids = docs.map(({ _id }) => _id)
        // First of all nobody goes on with them: who is writing one looks once it is written.
        await exports.updateMany({ _id: { $in: ids } }, { $set: { state: 'expired' } })
        await pieces.deleteMany({ exportId: { $in: ids } })
        await dropLost()
        return { exports: (await exports.deleteMany({ _id: { $in: ids } })).deletedCount }
      },
    } satisfies Holding,
  }
}

export type Exports = ReturnType<typeof createExports>

import { Schema, type Connection, type mongo } from 'mongoose'
import type { Certificate, NeedsGrant, Retention, RetentionKind } from '@zhiyin/shared/privacy'
import type { Counts } from './types.ts'

/** An identity of somebody erased, hashed: whoever has it is not made anew from what is old. Looked up by `_id`. */
export type GraveDoc = { _id: string; erasedAt: Date; erasureId: string }

export type ErasureDoc = {
  _id: string
  /** Null once they are erased. */
  customerId: string | null
  state: 'waiting' | 'working' | 'checking' | 'done'
  reason: string
  by: string
  at: Date
  /** Sealed: who they are to the rooms, kept until the end so that it goes on after a crash. */
  person: mongo.Binary | null
  subject: string[]
  /** Rooms done in this pass; the second pass finds what was on its way during the first. */
  rooms: string[]
  counts: Record<string, Counts>
  erasedAt: Date | null
  certificate: Certificate | null
  failures: number
  /** When to go on; absent when done. */
  lookAt?: Date
}

export type ExportDoc = {
  _id: string
  customerId: string
  state: 'waiting' | 'working' | 'done' | 'expired' | 'failed'
  reason: string
  by: string
  at: Date
  doneAt: Date | null
  expiresAt: Date | null
  failures: number
  /** When to go on, or to delete what was made; absent when nothing is left to do. */
  lookAt?: Date
}

/** A piece of a sealed file: `_id` is the export, the form and the number of the piece. */
export type PieceDoc = { _id: string; exportId: string; bytes: mongo.Binary }

export type SettingsDoc = { _id: string; retention: Partial<Retention>; needsGrant: Partial<NeedsGrant> }

/** How far the deletion of one kind has come; `after` is its place in a round under way. */
export type RetentionDoc = {
  _id: RetentionKind
  after: string | null
  before: Date | null
  deleted: number
  total: number
  lastAt: Date | null
  rounds: { at: Date; deleted: number }[]
  lookAt: Date
}

/** The change to the newest key: which collection, and how far. One document. */
export type RotationDoc = {
  _id: string
  /** The newest key and what is to be sealed; another one begins anew. */
  version: string
  part: number
  after: string | null
  looked: number
  changed: number
  startedAt: Date
  doneAt: Date | null
  lookAt?: Date
}

const mixed = Schema.Types.Mixed
const loose = (collection: string) =>
  new Schema(
    { _id: { type: String, required: true } },
    { collection, versionKey: false, strict: false, minimize: false },
  )

const erasures = loose('erasures')
/** The sweep: what goes on now. */
erasures.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** One erasure of a customer at a time. */
erasures.index({ customerId: 1 }, { unique: true, partialFilterExpression: { customerId: { $type: 'string' } } })

const exports = loose('dataexports')
exports.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** The exports of one customer, when they are erased. */
exports.index({ customerId: 1 })

const pieces = new Schema(
  { _id: { type: String, required: true }, exportId: String, bytes: mixed },
  { collection: 'dataexportpieces', versionKey: false },
)
pieces.index({ exportId: 1, _id: 1 })

/** The collections of the room, without casting; their documents are written by typed code only. */
export const privacyCollections = (connection: Connection) => {
  connection.model('Erasure', erasures)
  connection.model('DataExport', exports)
  connection.model('DataExportPiece', pieces)
  return {
    graves: connection.collection<GraveDoc>('graves'),
    erasures: connection.collection<ErasureDoc>('erasures'),
    exports: connection.collection<ExportDoc>('dataexports'),
    pieces: connection.collection<PieceDoc>('dataexportpieces'),
    settings: connection.collection<SettingsDoc>('privacysettings'),
    retention: connection.collection<RetentionDoc>('retention'),
    rotation: connection.collection<RotationDoc>('keyrotation'),
  }
}

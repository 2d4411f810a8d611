import { Schema, type Connection, type mongo } from 'mongoose'
import type { Condition } from '@zhiyin/shared/condition'
import type { SegmentExport, SegmentKind } from '@zhiyin/shared/segment'

/** A list that is being filled with everybody who met `condition` at `at`; `after` is how far it has come. */
export type Filling = {
  id: string
  condition: Condition
  /** Only customers of these reps, for whoever asks sees no others; null: of all. */
  within: readonly string[] | null
  by: string
  at: Date
  after: string | null
  done: number
  total: number
}

export type SegmentDoc = {
  _id: string
  kind: SegmentKind
  name: string
  note: string
  condition: Condition | null
  on: boolean
  version: number
  /** When its members began to be worked out anew; absent once they are. */
  changedAt?: Date
  filling?: Filling
  /** When the sweep looks at the filling. */
  fillAt?: Date
  createdAt: Date
  createdBy: string
  updatedAt: Date
  updatedBy: string
}

const mixed = { type: Schema.Types.Mixed }

const segmentSchema = new Schema<SegmentDoc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    name: { type: String, required: true },
    note: { type: String, default: '' },
    condition: { ...mixed, default: null },
    on: { type: Boolean, required: true },
    version: { type: Number, required: true },
    changedAt: { type: Date },
    filling: mixed,
    fillAt: { type: Date },
    createdAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
    updatedAt: { type: Date, required: true },
    updatedBy: { type: String, required: true },
  },
  { collection: 'segments', versionKey: false, minimize: false },
)
/** A name stands for one segment. */
segmentSchema.index({ name: 1 }, { unique: true })
/** The sweep: lists being filled. */
segmentSchema.index({ fillAt: 1 }, { partialFilterExpression: { fillAt: { $exists: true } } })

/** A file of a segment's members, made batch by batch; `after` and `pieces` are how far it has come. */
export type ExportDoc = {
  _id: string
  segmentId: string
  segment: string
  state: SegmentExport['state']
  within: readonly string[] | null
  clear: boolean
  reason: string
  lang: 'zh' | 'en'
  after: string | null
  pieces: number
  done: number
  total: number
  rows: number
  withheld: number
  failures: number
  createdAt: Date
  createdBy: string
  /** The member who asked; null: a script. Others than admins get no files of others. */
  makerId: string | null
  expiresAt: Date
  /** When the sweep looks: while it is under way, then when it expires. */
  lookAt?: Date
}

const exportSchema = new Schema<ExportDoc>(
  {
    _id: { type: String, required: true },
    segmentId: { type: String, required: true },
    segment: { type: String, required: true },
    state: { type: String, required: true },
    within: { type: [String], default: null },
    clear: { type: Boolean, required: true },
    reason: { type: String, default: '' },
    lang: { type: String, required: true },
    after: { type: String, default: null },
    pieces: { type: Number, required: true },
    done: { type: Number, required: true },
    total: { type: Number, required: true },
    rows: { type: Number, required: true },
    withheld: { type: Number, required: true },
    failures: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
    makerId: { type: String, default: null },
    expiresAt: { type: Date, required: true },
    lookAt: { type: Date },
  },
  { collection: 'segmentexports', versionKey: false, minimize: false },
)
/** Exports of one segment, newest first. */
exportSchema.index({ segmentId: 1, _id: -1 })
/** The sweep: files to go on with, and files whose time is over. */
exportSchema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })

/** A piece of a file; `_id` is the export and the number of the piece, so that pieces sort as they follow. */
export type PieceDoc = { _id: string; bytes: mongo.Binary }

export const pieceId = (exportId: string, n: number): string => `${exportId}:${String(n).padStart(6, '0')}`
/** All pieces of one export. */
export const piecesOf = (exportId: string) => ({ $gt: `${exportId}:`, $lt: `${exportId};` })

/** The collections without Mongoose's casting; pieces are looked up by `_id` alone. */
export const segmentCollections = (connection: Connection) => {
  connection.model<SegmentDoc>('Segment', segmentSchema)
  connection.model<ExportDoc>('SegmentExport', exportSchema)
  return {
    segments: connection.collection<SegmentDoc>('segments'),
    exports: connection.collection<ExportDoc>('segmentexports'),
    pieces: connection.collection<PieceDoc>('segmentexportpieces'),
  }
}

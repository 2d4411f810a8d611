import { Schema, type Connection, type mongo } from 'mongoose'
import {
  importKinds,
  importStates,
  type Encoding,
  type ImportCounts,
  type ImportKind,
  type ImportState,
  type Mapping,
  type RowProblem,
} from '@zhiyin/shared/import'
import type { StagedLine } from './types.ts'

/** Why a file cannot be read on. `row`: behind which row, where that is known. */
export type FileProblem = { readonly code: string; readonly row: number | null }

/** How a file is written; found out when its last byte has come. */
export type FileForm = { readonly delimiter: string; readonly columns: readonly string[]; readonly encoding: Encoding }

/** One import, with the place it has reached: after a crash it goes on from there. */
export type ImportDoc = {
  _id: string
  kind: ImportKind
  name: string
  /** Bytes announced, and arrived. */
  size: number
  received: number
  state: ImportState
  phase: 'reading' | 'writing'
  form: FileForm | null
  mapping: Mapping | null
  proposedBy: 'earlier' | 'names' | null
  /** Bytes of UTF-8, which is how the file is kept. */
  bytes: number
  /** How far the file has been read: the byte behind the last row that was worked through. */
  offset: number
  /** The number of that row, 0 before the header. */
  row: number
  counts: ImportCounts
  /** Orders put together from lines, and those written. */
  orders: { found: number; written: number }
  /** Since it was started or went on: time worked, rows read, and the progress it began with. */
  pace: { ms: number; rows: number; from: number }
  /** Rows of the batch at this offset whose customers nobody knew: kept before they are made, so that a batch done again counts alike. */
  fresh: { offset: number; rows: readonly number[] } | null
  lease: { id: string; until: Date } | null
  failures: number
  problem: FileProblem | null
  /** When the next step is due; absent when nothing is left to do. */
  nextAt?: Date
  createdAt: Date
  createdBy: { id: string; name: string }
  startedAt: Date | null
  finishedAt: Date | null
  /** When its file, rejected rows and lines are deleted; absent once they are. */
  expiresAt?: Date
  /** Somebody in its file may have been erased: the file is deleted as soon as the import is over. */
  struck?: true
}

/** Nobody reads the file of these any more. */
export const over = ['done', 'cancelled', 'failed'] as const satisfies ImportState[]

const mixed = { type: Schema.Types.Mixed, default: null }

const schema = new Schema<ImportDoc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: importKinds, required: true },
    name: { type: String, required: true },
    size: { type: Number, required: true },
    received: { type: Number, required: true },
    state: { type: String, enum: importStates, required: true },
    phase: { type: String, required: true },
    form: mixed,
    mapping: mixed,
    proposedBy: { type: String, default: null },
    bytes: { type: Number, required: true },
    offset: { type: Number, required: true },
    row: { type: Number, required: true },
    counts: { type: Schema.Types.Mixed, required: true },
    orders: { type: Schema.Types.Mixed, required: true },
    pace: { type: Schema.Types.Mixed, required: true },
    fresh: mixed,
    lease: mixed,
    failures: { type: Number, required: true },
    problem: mixed,
    nextAt: { type: Date },
    createdAt: { type: Date, required: true },
    createdBy: { type: Schema.Types.Mixed, required: true },
    startedAt: { type: Date, default: null },
    finishedAt: { type: Date, default: null },
    expiresAt: { type: Date },
    struck: { type: Boolean },
  },
  { collection: 'imports', versionKey: false, minimize: false },
)
/** One person's imports, newest first; everybody's are in the order of their ids. */
schema.index({ 'createdBy.id': 1, _id: -1 })
/** The sweep: what is under way. */
schema.index({ nextAt: 1 }, { partialFilterExpression: { nextAt: { $exists: true } } })
/** The sweep: what is to be deleted. */
schema.index({ expiresAt: 1 }, { partialFilterExpression: { expiresAt: { $exists: true } } })
schema.index({ struck: 1 }, { partialFilterExpression: { struck: { $exists: true } } })

/** A piece of a file; `_id` is the import and the byte it begins at, so that pieces sort as they follow. */
export type PieceDoc = { _id: string; at: number; bytes: mongo.Binary }

/** A row that was not taken; `_id` is the import and its number. */
export type RejectDoc = { _id: string; row: number; cells: readonly string[]; problems: readonly RowProblem[] }

/** The lines of one order, by row; `_id` is the import and the order's key. Deleted as soon as the order is written. */
export type OrderDoc = { _id: string; lines: Readonly<Record<string, StagedLine>> }

/** The mapping used last for files of one kind with the same columns. */
export type KnownMappingDoc = { _id: string; mapping: Mapping; at: Date; by: string }

/** The collections without Mongoose's casting; all are looked up by `_id` alone, but for the imports themselves. */
export const importCollections = (connection: Connection) => {
  connection.model<ImportDoc>('Import', schema)
  return {
    imports: connection.collection<ImportDoc>('imports'),
    pieces: connection.collection<PieceDoc>('importpieces'),
    rejects: connection.collection<RejectDoc>('importrejects'),
    orders: connection.collection<OrderDoc>('importorders'),
    mappings: connection.collection<KnownMappingDoc>('importmappings'),
  }
}

/** What belongs to one import in a collection whose ids begin with the import's. */
export const within = (importId: string): { $gt: string; $lt: string } => ({ $gt: `${importId}:`, $lt: `${importId};` })
/** Numbers as texts that sort as the numbers do. */
export const numbered = (importId: string, n: number): string => `${importId}:${String(n).padStart(12, '0')}`

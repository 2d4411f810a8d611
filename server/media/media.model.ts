import { Schema, type Connection, type mongo } from 'mongoose'
import type { MediaKind } from '@zhiyin/shared/api/media'

/** A file of the library. Its bytes are chunks of their own; it is `storing` until the last of them is written. */
export type AssetDoc = {
  _id: string
  kind: MediaKind
  name: string
  /** '' or absent (files from before there were folders): none. */
  folder?: string
  mime: string
  /** Bytes. */
  size: number
  seconds: number | null
  sha256: string
  state: 'storing' | 'ready'
  createdAt: Date
  createdBy: string
}

const assetSchema = new Schema<AssetDoc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    name: { type: String, required: true },
    folder: { type: String },
    mime: { type: String, required: true },
    size: { type: Number, required: true },
    seconds: { type: Number, default: null },
    sha256: { type: String, required: true },
    state: { type: String, required: true },
    createdAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
  },
  { collection: 'media', versionKey: false },
)
/** The same file uploaded again is the one that is there. */
assetSchema.index({ sha256: 1, kind: 1, name: 1 })
/** Files of one kind, newest first. */
assetSchema.index({ kind: 1, _id: -1 })
/** Files of one kind in one folder, newest first; the folders there are. */
assetSchema.index({ kind: 1, folder: 1, _id: -1 })
/** The sweep: files whose upload was broken off. */
assetSchema.index({ state: 1, createdAt: 1 }, { partialFilterExpression: { state: 'storing' } })

/** A piece of a file; `_id` is the file's id and the number of the piece. Well below what one document may hold (16 MB) and one exchange should. */
export type ChunkDoc = { _id: string; bytes: mongo.Binary }
export const chunkBytes = 512 * 1024
export const chunkId = (assetId: string, index: number): string => `${assetId}:${index}`

/** What WeCom has of a file for one purpose; `_id` is both. */
export type UploadDoc = {
  _id: string
  assetId: string
  purpose: string
  /** WeCom's media_id; for pictures their address. null: not there (any more). */
  mediaId: string | null
  /** When the upload of it began. */
  at: Date | null
  /** When it is put there anew; absent: only when somebody asks. */
  renewAt?: Date
  usedAt: Date
  /** Who is uploading now, and until when that is believed. */
  claim: { id: string; until: Date } | null
  failedAt: Date | null
  error: string | null
}

const uploadSchema = new Schema<UploadDoc>(
  {
    _id: { type: String, required: true },
    assetId: { type: String, required: true },
    purpose: { type: String, required: true },
    mediaId: { type: String, default: null },
    at: { type: Date, default: null },
    renewAt: { type: Date },
    usedAt: { type: Date, required: true },
    claim: { type: Schema.Types.Mixed, default: null },
    failedAt: { type: Date, default: null },
    error: { type: String, default: null },
  },
  { collection: 'mediauploads', versionKey: false },
)
/** The sweep: what ends soon. */
uploadSchema.index({ renewAt: 1 }, { partialFilterExpression: { renewAt: { $exists: true } } })
/** WeCom refuses an id: which upload it was. */
uploadSchema.index({ mediaId: 1 }, { partialFilterExpression: { mediaId: { $type: 'string' } } })

/** The collections without Mongoose's casting; their indexes come from the schemas. */
export const mediaCollections = (connection: Connection) => {
  connection.model<AssetDoc>('Media', assetSchema)
  connection.model<UploadDoc>('MediaUpload', uploadSchema)
  return {
    assets: connection.collection<AssetDoc>('media'),
    chunks: connection.collection<ChunkDoc>('mediachunks'),
    uploads: connection.collection<UploadDoc>('mediauploads'),
  }
}

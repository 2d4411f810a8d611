import { Schema, type Connection } from 'mongoose'

export type BatchDoc = {
  _id: string
  name: string
  value: string
  expiresAt: Date | null
  lowAt: number
  createdAt: Date
  createdBy: string
}

/** A code; `_id` is its batch and itself. It is free until it is taken, then for ever whoever's took it. */
export type CodeDoc = {
  _id: string
  batchId: string
  code: string
  /** The order in which codes came; they are taken in it. */
  at: number
  free?: true
  /** A digest of the key of the send that took it: keys may name customers. */
  key?: string
  takenAt?: Date
}

const text = { type: String, required: true }

/** Listed whole (tens), so the primary key is the only index. */
const batchSchema = new Schema<BatchDoc>(
  {
    _id: text,
    name: text,
    value: text,
    expiresAt: { type: Date, default: null },
    lowAt: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    createdBy: text,
  },
  { collection: 'couponbatches', versionKey: false },
)

const codeSchema = new Schema<CodeDoc>(
  {
    _id: text,
    batchId: text,
    code: text,
    at: { type: Number, required: true },
    free: { type: Boolean },
    key: { type: String },
    takenAt: { type: Date },
  },
  { collection: 'couponcodes', versionKey: false },
)
/** The next free code of a batch, and how many are left. */
codeSchema.index({ batchId: 1, at: 1 }, { partialFilterExpression: { free: true } })
/** Which code a send took; a send takes one. */
codeSchema.index({ batchId: 1, key: 1 }, { unique: true, partialFilterExpression: { key: { $type: 'string' } } })
/** How many there are in a batch. */
codeSchema.index({ batchId: 1 })

export const codeId = (batchId: string, code: string): string => `${batchId}:${code}`

export const couponCollections = (connection: Connection) => {
  connection.model<CodeDoc>('CouponCode', codeSchema)
  return {
    batches: connection.model<BatchDoc>('CouponBatch', batchSchema),
    codes: connection.collection<CodeDoc>('couponcodes'),
  }
}

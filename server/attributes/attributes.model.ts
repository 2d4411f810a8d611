import { Schema, type Connection, type Model } from 'mongoose'
import type { Attribute } from '@zhiyin/shared/attribute'

/** An attribute as managers defined it, or what they changed of a built-in one; `_id` is its key. */
export type AttributeDoc = Omit<Attribute, 'key'> & {
  _id: string
  version: number
  createdAt: Date
  updatedAt: Date
  updatedBy: string
}

/** How far the past has been looked through for a computed attribute; `_id` is its key. */
export type BackfillDoc = {
  _id: string
  /** Grows with every change of the computation; a batch of an older round stops. */
  round: number
  after: string
  done: number
  /** So many events were kept of each customer then; with another number the past is looked through again. */
  most?: number
  /** When the sweep looks; absent when everybody has been looked at. */
  nextAt?: Date
}

const mixed = { type: Schema.Types.Mixed, default: null }

const schema = new Schema<AttributeDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    nameEn: { type: String },
    layer: { type: String, required: true },
    type: { type: String, required: true },
    choices: [String],
    sensitivity: { type: String, required: true },
    sources: [String],
    computation: mixed,
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    updatedBy: { type: String, required: true },
  },
  { collection: 'attributes', versionKey: false, minimize: false },
)

const backfillSchema = new Schema<BackfillDoc>(
  {
    _id: { type: String, required: true },
    round: { type: Number, required: true },
    after: { type: String, default: '' },
    done: { type: Number, required: true },
    most: { type: Number },
    nextAt: { type: Date },
  },
  { collection: 'attributeBackfills', versionKey: false },
)
/** The sweep: whose past is still to be looked through. */
backfillSchema.index({ nextAt: 1 }, { partialFilterExpression: { nextAt: { $exists: true } } })

export const attributeModel = (connection: Connection): Model<AttributeDoc> =>
  connection.model<AttributeDoc>('Attribute', schema)
export const backfillModel = (connection: Connection): Model<BackfillDoc> =>
  connection.model<BackfillDoc>('AttributeBackfill', backfillSchema)

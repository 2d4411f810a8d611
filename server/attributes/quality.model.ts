import { Schema, type Connection, type Model } from 'mongoose'
import type { Tally } from '../profile/read.ts'

/** The count of how good the data is; one document, `_id` is 'quality'. */
export type QualityDoc = {
  _id: string
  /** When the next one begins. */
  nextAt: Date
  /** The one under way: where it is, and what it has counted so far. */
  running: { at: Date; after: string; tally: Tally } | null
  lookAt: Date
  /** The last whole one. */
  counted: { at: Date; tally: Tally } | null
}

const mixed = { type: Schema.Types.Mixed, default: null }

const schema = new Schema<QualityDoc>(
  {
    _id: { type: String, required: true },
    nextAt: { type: Date, required: true },
    running: mixed,
    lookAt: { type: Date, required: true },
    counted: mixed,
  },
  { collection: 'attributeQuality', versionKey: false, minimize: false },
)

export const qualityModel = (connection: Connection): Model<QualityDoc> =>
  connection.model<QualityDoc>('AttributeQuality', schema)

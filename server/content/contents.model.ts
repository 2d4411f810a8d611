import { Schema, type Connection, type Model } from 'mongoose'
import type { ContentBody } from '@zhiyin/shared/content'
import type { Tier } from '@zhiyin/shared/tier'

export type ContentDoc = {
  _id: string
  name: string
  body: ContentBody
  variants: Partial<Record<Tier, ContentBody>>
  updatedAt: Date
  updatedBy: string
}

/** Listed whole (hundreds at most), so the primary key is the only index. */
const schema = new Schema<ContentDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    body: { type: Schema.Types.Mixed, required: true },
    variants: { type: Schema.Types.Mixed, required: true },
    updatedAt: { type: Date, required: true },
    updatedBy: { type: String, required: true },
  },
  { collection: 'contents', versionKey: false, minimize: false },
)

export const contentModel = (connection: Connection): Model<ContentDoc> =>
  connection.model<ContentDoc>('Content', schema)

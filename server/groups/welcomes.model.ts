import { Schema, type Connection, type Model } from 'mongoose'
import type { Making } from '@zhiyin/shared/api/group-ways'
import type { Attachment } from '@zhiyin/shared/content'

/** A group welcome template (入群欢迎语). */
export type GroupWelcomeDoc = {
  _id: string
  name: string
  state: Making
  askedAt: Date
  templateId: string | null
  text: string
  attachment: Attachment | null
  notify: boolean
  changedAt: Date
  changedBy: string
}

const schema = new Schema<GroupWelcomeDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    state: { type: String, enum: ['making', 'on', 'unsure'], required: true },
    askedAt: { type: Date, required: true },
    templateId: { type: String, default: null },
    text: { type: String, default: '' },
    attachment: { type: Schema.Types.Mixed, default: null },
    notify: { type: Boolean, required: true },
    changedAt: { type: Date, required: true },
    changedBy: { type: String, required: true },
  },
  { collection: 'groupwelcomes', versionKey: false },
)
/** A name is used once. */
schema.index({ name: 1 }, { unique: true })

export const groupWelcomeModel = (connection: Connection): Model<GroupWelcomeDoc> =>
  connection.model<GroupWelcomeDoc>('GroupWelcome', schema)

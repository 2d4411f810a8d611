import { Schema, type Connection, type Model } from 'mongoose'

/** What a manager has changed; everything not in it is the default. One document, `_id` is 'settings'. */
export type SettingsDoc = {
  _id: string
  stages?: unknown
  tiers?: unknown
  limits?: unknown
  groupTiers?: unknown
  updatedAt: Date
}

const part = { type: Schema.Types.Mixed }
const schema = new Schema<SettingsDoc>(
  {
    _id: { type: String, required: true },
    stages: part,
    tiers: part,
    limits: part,
    groupTiers: part,
    updatedAt: { type: Date, required: true },
  },
  { collection: 'settings', versionKey: false, minimize: false },
)

export const settingsModel = (connection: Connection): Model<SettingsDoc> =>
  connection.model<SettingsDoc>('Settings', schema)

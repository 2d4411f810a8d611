import { Schema, type Connection, type Model } from 'mongoose'

/** A span of time in which the same customers, chosen by the salt, are left out of everything. */
export type SeasonDoc = {
  _id: string
  name: string
  percent: number
  salt: string
  from: Date
  /** When the next one began. */
  until: Date | null
}

const schema = new Schema<SeasonDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    percent: { type: Number, required: true },
    salt: { type: String, required: true },
    from: { type: Date, required: true },
    until: { type: Date, default: null },
  },
  { collection: 'holdoutseasons', versionKey: false },
)
/** The one that holds, and those before. One holds at a time. */
schema.index({ until: 1 }, { unique: true })

export const seasonModel = (connection: Connection): Model<SeasonDoc> =>
  connection.model<SeasonDoc>('HoldoutSeason', schema)

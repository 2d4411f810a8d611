import { Schema, type Connection, type Model } from 'mongoose'

/** A message that was not taken. `raw` is its JSON as text: it may hold names no document can. */
export type RejectDoc = {
  _id: string
  at: Date
  kind: string
  /** userId, else anonymousId, else empty. */
  who: string
  source: string
  path: string
  problem: { zh: string; en: string }
  raw: string
}

export const keptDays = 30

const text = { type: String, default: '' }
const schema = new Schema<RejectDoc>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    kind: text,
    who: text,
    source: text,
    path: text,
    problem: { type: Schema.Types.Mixed, required: true },
    raw: text,
  },
  { collection: 'rejects', versionKey: false },
)
/** MongoDB deletes what is older. */
schema.index({ at: 1 }, { expireAfterSeconds: keptDays * 86_400 })
/** Everything kept of one person, to erase it. */
schema.index({ who: 1 })

export const rejectModel = (connection: Connection): Model<RejectDoc> => connection.model<RejectDoc>('Reject', schema)

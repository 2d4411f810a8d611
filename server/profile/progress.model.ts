import { Schema, type Connection, type Model } from 'mongoose'

/** How far the working out of everybody has come; one document, `_id` is 'recompute'. */
export type ProgressDoc = {
  _id: string
  /** Grows each time it is asked for; a batch of an older round stops. */
  round: number
  after: string | null
  done: number
  wantedAt: Date
  doneAt: Date | null
  nudgeAt: Date | null
}

const schema = new Schema<ProgressDoc>(
  {
    _id: { type: String, required: true },
    round: { type: Number, required: true },
    after: { type: String, default: null },
    done: { type: Number, required: true },
    wantedAt: { type: Date, required: true },
    doneAt: { type: Date, default: null },
    nudgeAt: { type: Date, default: null },
  },
  { collection: 'profileProgress', versionKey: false },
)

export const progressModel = (connection: Connection): Model<ProgressDoc> =>
  connection.model<ProgressDoc>('ProfileProgress', schema)

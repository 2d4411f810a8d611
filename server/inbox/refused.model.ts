import { Schema, type Connection } from 'mongoose'

/** Callbacks refused within one hour, by reason. Nothing else is kept of them. */
export type RefusedDoc = { _id: string; hour: Date; why: string; count: number }

const schema = new Schema<RefusedDoc>(
  {
    _id: { type: String, required: true },
    hour: { type: Date, required: true },
    why: { type: String, required: true },
    count: { type: Number, required: true },
  },
  { collection: 'inbox_refused', versionKey: false },
)

// health: the sum of the last 24 hours
schema.index({ hour: 1 })

export const refusedModel = (connection: Connection) => connection.model('InboxRefused', schema)
export type RefusedModel = ReturnType<typeof refusedModel>

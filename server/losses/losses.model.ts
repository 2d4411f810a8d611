import { Schema, type Connection, type Model } from 'mongoose'

/** A customer who deleted a rep; one record per pair, of the last time. */
export type LossDoc = {
  /** `customerId:userid` */
  _id: string
  customerId: string
  userid: string
  at: Date
  /** How often it has happened. */
  times: number
  /** Reps who held the customer then, beside the one who was deleted. */
  stillHeldBy: string[]
  /** When the customer added the rep again. */
  wonBackAt: Date | null
  /** The rep has not been told, or has no task yet. */
  untold: boolean
  /** The managers have not been told; when the news is due. */
  tellManagersAt?: Date
}

const schema = new Schema<LossDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    userid: { type: String, required: true },
    at: { type: Date, required: true },
    times: { type: Number, required: true },
    stillHeldBy: { type: [String], required: true },
    wonBackAt: { type: Date, default: null },
    untold: { type: Boolean, required: true },
    tellManagersAt: { type: Date },
  },
  { collection: 'losses', versionKey: false },
)
/** A manager's list, newest first. */
schema.index({ at: -1, _id: -1 })
/** The same of some reps. */
schema.index({ userid: 1, at: -1, _id: -1 })
/** The sweep: reps who have not been told. */
schema.index({ untold: 1 }, { partialFilterExpression: { untold: true } })
/** The sweep: losses the managers have not heard of. */
schema.index({ tellManagersAt: 1 }, { partialFilterExpression: { tellManagersAt: { $exists: true } } })

export const lossModel = (connection: Connection): Model<LossDoc> => connection.model<LossDoc>('Loss', schema)

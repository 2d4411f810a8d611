import { Schema, type Connection, type Model } from 'mongoose'

/** A member who has left with customers or groups nobody has taken over. */
export type LeaverDoc = {
  _id: string
  leftAt: Date | null
  customers: number
  groups: number
  /** The managers have been told. */
  told: boolean
}

const schema = new Schema<LeaverDoc>(
  {
    _id: { type: String, required: true },
    leftAt: { type: Date, default: null },
    customers: { type: Number, required: true },
    groups: { type: Number, required: true },
    told: { type: Boolean, required: true },
  },
  { collection: 'leavers', versionKey: false },
)

/** When the list was compared with WeCom's, and when it is next. */
export type LeaverCheckDoc = {
  _id: 'check'
  at: Date | null
  problem: { errcode: number; hint: string } | null
  lookAt: Date
  /** A job has it. */
  nudged: boolean
}

const checkSchema = new Schema<LeaverCheckDoc>(
  {
    _id: { type: String, required: true },
    at: { type: Date, default: null },
    problem: { type: Schema.Types.Mixed, default: null },
    lookAt: { type: Date, required: true },
    nudged: { type: Boolean, required: true },
  },
  { collection: 'leaverchecks', versionKey: false },
)

export const leaverModel = (connection: Connection): Model<LeaverDoc> => connection.model<LeaverDoc>('Leaver', schema)
export const leaverCheckModel = (connection: Connection): Model<LeaverCheckDoc> =>
  connection.model<LeaverCheckDoc>('LeaverCheck', checkSchema)

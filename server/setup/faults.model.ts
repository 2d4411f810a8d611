import { Schema, type Connection } from 'mongoose'

/** What WeCom refuses because a setting or right is at fault: one per path and errcode. */
export type FaultDoc = {
  _id: string
  path: string
  errcode: number
  hint: string
  firstAt: Date
  lastAt: Date
  count: number
  /** A call of the path went through since; null: it is still there. Kept, so that what comes and goes is not told each time. */
  healedAt: Date | null
  /** When admins have to be told (again); absent: they have been. */
  tellAt?: Date
  toldAt: Date | null
}

const schema = new Schema<FaultDoc>(
  {
    _id: { type: String, required: true },
    path: { type: String, required: true },
    errcode: { type: Number, required: true },
    hint: { type: String, required: false, default: '' },
    firstAt: { type: Date, required: true },
    lastAt: { type: Date, required: true },
    count: { type: Number, required: true },
    healedAt: { type: Date, default: null },
    tellAt: { type: Date },
    toldAt: { type: Date, default: null },
  },
  { collection: 'wecom_faults', versionKey: false },
)

// what is there now; a call of the path goes through again
schema.index({ healedAt: 1, path: 1 })
// the sweep that tells admins
schema.index({ tellAt: 1 }, { partialFilterExpression: { tellAt: { $type: 'date' } } })

export const faultsModel = (connection: Connection) => connection.model('WecomFault', schema)

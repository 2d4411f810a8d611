import { Schema, type Connection, type Model } from 'mongoose'
import type { Goal } from '@zhiyin/shared/rule'

/**
 * That somebody came into something measured, and into which arm; what they did within its window is filled in as it becomes known.
 * `_id`: the run; the run and the step of a split; the season and the customer.
 */
export type ExposureDoc = {
  _id: string
  /** What is compared: `rule:<id>`, `split:<rule>:<step>`, `season:<id>`. */
  scope: string
  /** Rows are compared with those of the same settings alone: shares of the arms, goal, days. */
  design: string
  ruleId: string | null
  version: number
  stepId: string | null
  customerId: string
  /** Whose it was before they became part of this customer. */
  of?: string
  arm: string
  at: Date
  /** The end of the window. */
  until: Date
  goal: Goal | null
  goalAt: Date | null
  /** Orders placed within the window that stand, and what is left of them in minor units. */
  orders: number
  spent: number
  /** The window's end, until the row has been worked out once more after it. */
  lookAt?: Date
}

const text = { type: String, default: null }
const schema = new Schema<ExposureDoc>(
  {
    _id: { type: String, required: true },
    scope: { type: String, required: true },
    design: { type: String, required: true },
    ruleId: text,
    version: { type: Number, required: true },
    stepId: text,
    customerId: { type: String, required: true },
    of: { type: String },
    arm: { type: String, required: true },
    at: { type: Date, required: true },
    until: { type: Date, required: true },
    goal: { type: Schema.Types.Mixed, default: null },
    goalAt: { type: Date, default: null },
    orders: { type: Number, required: true },
    spent: { type: Number, required: true },
    lookAt: { type: Date },
  },
  { collection: 'exposures', versionKey: false, minimize: false },
)
/** A comparison: the first row of each customer. */
schema.index({ scope: 1, design: 1, customerId: 1, at: 1 })
/** What a customer's event may fill; as customers become one or part; on the customer's page. */
schema.index({ customerId: 1, until: 1 })
/** The log of a rule, a page at a time. */
schema.index({ ruleId: 1, _id: 1 })
/** The sweep: windows that are over. */
schema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })

const exposureModel = (connection: Connection): Model<ExposureDoc> => connection.model<ExposureDoc>('Exposure', schema)

/** Without Mongoose's casting, for the writes that every entry costs. */
export const exposureCollection = (connection: Connection) => {
  exposureModel(connection)
  return connection.collection<ExposureDoc>('exposures')
}

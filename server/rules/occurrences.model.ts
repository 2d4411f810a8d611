import { Schema, type Connection, type Model } from 'mongoose'

/** One walk over all who meet a rule: an occurrence of a schedule, or those who qualify when it is switched on. */
export type OccurrenceDoc = {
  _id: string
  ruleId: string
  occurrence: string
  /** The last customer taken in; the walk goes on after them. */
  after: string | null
  done: boolean
  /** When the sweep looks again; absent when done. */
  lookAt?: Date
}

const schema = new Schema<OccurrenceDoc>(
  {
    _id: { type: String, required: true },
    ruleId: { type: String, required: true },
    occurrence: { type: String, required: true },
    after: { type: String, default: null },
    done: { type: Boolean, required: true },
    lookAt: { type: Date },
  },
  { collection: 'ruleoccurrences', versionKey: false },
)
/** The sweep: walks that stand still. */
schema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })

export const occurrenceModel = (connection: Connection): Model<OccurrenceDoc> =>
  connection.model<OccurrenceDoc>('RuleOccurrence', schema)

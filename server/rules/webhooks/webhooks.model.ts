import { Schema, type Connection, type Model } from 'mongoose'

/** A call another system is to get. `_id` names run and step, so it is made once; the system may see it more than once. */
export type WebhookDoc = {
  _id: string
  ruleId: string
  customerId: string
  url: string
  /** What is sent, as JSON text: the same at every attempt, so that its signature is. */
  body: string
  attempts: number
  /** When to try next; absent: done, or given up. */
  lookAt?: Date
  giveUpAt: Date
  state: 'wanted' | 'done' | 'given_up'
  /** The last answer: an HTTP status, or what went wrong. */
  answer: string | null
  createdAt: Date
}

const schema = new Schema<WebhookDoc>(
  {
    _id: { type: String, required: true },
    ruleId: { type: String, required: true },
    customerId: { type: String, required: true },
    url: { type: String, required: true },
    body: { type: String, required: true },
    attempts: { type: Number, required: true },
    lookAt: { type: Date },
    giveUpAt: { type: Date, required: true },
    state: { type: String, required: true },
    answer: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'webhookcalls', versionKey: false },
)
/** The sweep: calls that are due. */
schema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** A customer's calls, for copies and erasure. */
schema.index({ customerId: 1 })
/** A rule's calls, newest first. */
schema.index({ ruleId: 1, createdAt: -1 })

export const webhookModel = (connection: Connection): Model<WebhookDoc> =>
  connection.model<WebhookDoc>('WebhookCall', schema)

import { Schema, type Connection, type Model } from 'mongoose'
import type { FactPayload, FactSource, FactType } from '@zhiyin/shared/fact'

/** Who still has to see a fact. The field is absent once everybody has. */
export type Awaiting = 'profile' | 'rules'

/** A fact as it is stored; `_id` is its whole identity. */
export type FactDoc = {
  [K in FactType]: {
    _id: string
    customerId: string
    /** The part of the customer it came through, where that was a customer of its own before. */
    of?: string
    type: K
    at: Date
    seenAt: Date
    source: FactSource
    payload: FactPayload<K>
    pending?: Awaiting[]
    /** When the sweep looks at it next; absent like `pending`. */
    nudgeAt?: Date
    /** Dated ahead: nobody waits for it before, and the sweep looks then. */
    dueAt?: Date
  }
}[FactType]

const schema = new Schema<FactDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    of: { type: String },
    type: { type: String, required: true },
    at: { type: Date, required: true },
    seenAt: { type: Date, required: true },
    source: { type: String, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    pending: { type: [String], default: undefined },
    nudgeAt: { type: Date },
    dueAt: { type: Date },
  },
  { collection: 'facts', versionKey: false, minimize: false },
)
/** The timeline of one customer, newest first. */
schema.index({ customerId: 1, at: -1, _id: -1 })
/** The last facts of some kinds of one customer (orders since, answers since). */
schema.index({ customerId: 1, type: 1, at: -1 })
/** What one customer still has to be worked through; only unfinished facts are in it, and no part of the work moves them in it. */
schema.index({ customerId: 1 }, { partialFilterExpression: { pending: { $exists: true } } })
/** The sweep: unfinished facts whose next look is due. */
schema.index({ nudgeAt: 1 }, { partialFilterExpression: { nudgeAt: { $exists: true } } })

export const factModel = (connection: Connection): Model<FactDoc> => connection.model<FactDoc>('Fact', schema)

/** The same collection without Mongoose's casting, for the writes every event costs. */
export const factCollection = (connection: Connection) => {
  factModel(connection)
  return connection.collection<FactDoc>(schema.get('collection') ?? 'facts')
}

import { Schema, type Connection, type Model } from 'mongoose'

/** `_id` is the identity itself, `kind:value`. One identity belongs to one customer. */
export type IdentityDoc = {
  _id: string
  customerId: string
  /** The part of the customer it came through, where that was a customer of its own before. */
  of?: string
  at: Date
  /** Somebody with this identity was erased then; what happened before is not taken in again. */
  notBefore?: Date
  /** A device an alias named before anybody knew of it: it may turn out to have been a user's id. */
  alias?: true
}

const identitySchema = new Schema<IdentityDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    of: { type: String },
    at: { type: Date, required: true },
    notBefore: { type: Date },
    alias: { type: Boolean },
  },
  { collection: 'identities', versionKey: false },
)
/** Every identity of a customer: before another of the same kind is linked to them. */
identitySchema.index({ customerId: 1 })

/** Two customers of whom it is in doubt whether they are one, or was. `_id` is the pair, so a pair is asked of once. */
export type ConflictDoc = {
  _id: string
  customerIds: [string, string]
  /** What they share. */
  identities: string[]
  at: Date
  state: 'open' | 'same' | 'different'
  by: string | null
  note: string
  decidedAt: Date | null
}

const conflictSchema = new Schema<ConflictDoc>(
  {
    _id: { type: String, required: true },
    customerIds: { type: [String], required: true },
    identities: { type: [String], required: true },
    at: { type: Date, required: true },
    state: { type: String, required: true },
    by: { type: String, default: null },
    note: { type: String, default: '' },
    decidedAt: { type: Date, default: null },
  },
  { collection: 'identityConflicts', versionKey: false },
)
/** The review queue, newest first. */
conflictSchema.index({ state: 1, at: -1, _id: -1 })
/** A customer's: when they become part of another, and when they are erased. */
conflictSchema.index({ customerIds: 1 })

export const identityModel = (connection: Connection): Model<IdentityDoc> =>
  connection.model<IdentityDoc>('Identity', identitySchema)
/** The same collection without Mongoose's casting, for the look-ups every event costs. */
export const identityCollection = (connection: Connection) => {
  identityModel(connection)
  return connection.collection<IdentityDoc>('identities')
}
export const conflictModel = (connection: Connection): Model<ConflictDoc> =>
  connection.model<ConflictDoc>('IdentityConflict', conflictSchema)

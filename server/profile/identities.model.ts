import { Schema, type Connection, type Model } from 'mongoose'

/** `_id` is the identity itself, `kind:value`. One identity belongs to one customer. */
export type IdentityDoc = { _id: string; customerId: string; at: Date }

const identitySchema = new Schema<IdentityDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'identities', versionKey: false },
)
/** Every identity of a customer: before another of the same kind is linked to them. */
identitySchema.index({ customerId: 1 })

/** Two customers who met in one message; kept apart until a person decides. `_id` names the pair and what met. */
export type ConflictDoc = { _id: string; customerIds: string[]; identities: string[]; at: Date; decided: boolean }

const conflictSchema = new Schema<ConflictDoc>(
  {
    _id: { type: String, required: true },
    customerIds: { type: [String], required: true },
    identities: { type: [String], required: true },
    at: { type: Date, required: true },
    decided: { type: Boolean, required: true },
  },
  { collection: 'identityConflicts', versionKey: false },
)
/** The review queue, oldest first. */
conflictSchema.index({ decided: 1, at: 1 })

export const identityModel = (connection: Connection): Model<IdentityDoc> =>
  connection.model<IdentityDoc>('Identity', identitySchema)
/** The same collection without Mongoose's casting, for the look-ups every event costs. */
export const identityCollection = (connection: Connection) => {
  identityModel(connection)
  return connection.collection<IdentityDoc>('identities')
}
export const conflictModel = (connection: Connection): Model<ConflictDoc> =>
  connection.model<ConflictDoc>('IdentityConflict', conflictSchema)

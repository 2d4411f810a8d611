import { Schema, type Connection, type Model } from 'mongoose'

export type AuditEntry = {
  _id: string
  at: Date
  by: string
  role: string
  act: string
  subject: string
  detail: Record<string, unknown>
}

const schema = new Schema<AuditEntry>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
    role: { type: String, required: true },
    act: { type: String, required: true },
    subject: { type: String, required: true },
    detail: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'audit', versionKey: false, minimize: false },
)
/** Who changed this, newest first. */
schema.index({ subject: 1, _id: -1 })
/** What somebody did, and what the members of a team did. */
schema.index({ by: 1, _id: -1 })
/** All of one kind. */
schema.index({ act: 1, _id: -1 })

export const auditModel = (connection: Connection): Model<AuditEntry> => connection.model<AuditEntry>('Audit', schema)

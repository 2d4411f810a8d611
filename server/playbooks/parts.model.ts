import { Schema, type Connection, type Model } from 'mongoose'

/** One part of a playbook and what it was installed as. */
export type PartDoc = { _id: string; playbook: string; ref: string; at: Date; by: string }

const text = { type: String, required: true } as const
const schema = new Schema<PartDoc>(
  { _id: text, playbook: text, ref: text, at: { type: Date, required: true }, by: text },
  { collection: 'playbookparts', versionKey: false },
)
/** What of a playbook is installed; one part is claimed by primary key (`playbook:kind:part`). */
schema.index({ playbook: 1 })

export const partModel = (connection: Connection): Model<PartDoc> => connection.model<PartDoc>('PlaybookPart', schema)

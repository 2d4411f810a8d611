import { Schema, type Connection, type Model } from 'mongoose'
import type { ChatType } from '../wecom/types.ts'

/** A mass message that was not made by us: by a member by hand, or for the corp in the admin console or by another app. `_id` is its msgid. */
export type ManualDoc = {
  _id: string
  chatType: ChatType
  origin: 'member' | 'corp'
  creator: string | null
  preview: string
  createdAt: Date
  /** Senders whose result has been read whole. */
  read: string[]
  /** How many customers or groups got it. */
  got: number
  state: 'open' | 'settled'
  checks: number
  /** When to look at it next; absent when settled. */
  nextAt?: Date
  /** When the sweep nudges for it; later than nextAt while a job has it. */
  nudgeAt?: Date
}

const schema = new Schema<ManualDoc>(
  {
    _id: { type: String, required: true },
    chatType: { type: String, required: true },
    origin: { type: String, required: true },
    creator: { type: String, default: null },
    preview: { type: String, default: '' },
    createdAt: { type: Date, required: true },
    read: { type: [String], required: true },
    got: { type: Number, required: true },
    state: { type: String, required: true },
    checks: { type: Number, required: true },
    nextAt: { type: Date },
    nudgeAt: { type: Date },
  },
  { collection: 'manualmessages', versionKey: false },
)
/** How many are due to be asked about. */
schema.index({ nextAt: 1 }, { partialFilterExpression: { nextAt: { $exists: true } } })
/** The sweep. */
schema.index({ nudgeAt: 1 }, { partialFilterExpression: { nudgeAt: { $exists: true } } })
/** The console's list, newest first. */
schema.index({ createdAt: -1, _id: -1 })

/** How far the list of one kind has been read; one document per kind. */
export type ManualListDoc = { _id: ChatType; upTo: Date | null; nextAt: Date; nudgeAt: Date }
const listSchema = new Schema<ManualListDoc>(
  {
    _id: { type: String, required: true },
    upTo: { type: Date, default: null },
    nextAt: { type: Date, required: true },
    nudgeAt: { type: Date, required: true },
  },
  { collection: 'manuallists', versionKey: false },
)

export const manualModel = (connection: Connection): Model<ManualDoc> =>
  connection.model<ManualDoc>('ManualMessage', schema)
export const manualListModel = (connection: Connection): Model<ManualListDoc> =>
  connection.model<ManualListDoc>('ManualList', listSchema)

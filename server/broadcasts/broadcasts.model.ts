import { Schema, type Connection, type Model } from 'mongoose'
import type { BroadcastDraft, BroadcastState } from '@zhiyin/shared/broadcast'

/** A mass message a manager made. Its receivers are intents under keys of broadcast and receiver. */
export type BroadcastDoc = Omit<BroadcastDraft, 'at' | 'priority' | 'onLoss'> & {
  /** Absent, from before there was a choice: 50, and it waits. */
  priority?: BroadcastDraft['priority']
  onLoss?: BroadcastDraft['onLoss']
  _id: string
  /** A repeated call is the same broadcast. */
  key: string
  name: string
  /** The content's name. */
  content: string
  /** Only customers and groups of these reps, for its maker sees no others; null: of all. */
  within: string[] | null
  at: Date
  state: BroadcastState
  /** The last receiver handed out; it goes on after them. */
  after: string | null
  receivers: number
  createdBy: string
  /** The member who made it; null: a script. A manager of departments sees their own. */
  makerId: string | null
  createdAt: Date
  cancelledBy?: string
  /** When the sweep looks at it; absent when it is over. */
  lookAt?: Date
}

const mixed = { type: Schema.Types.Mixed, required: true }
const schema = new Schema<BroadcastDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    name: { type: String, required: true },
    audience: mixed,
    contentId: { type: String, required: true },
    content: { type: String, required: true },
    sender: { type: String, required: true },
    fallback: { type: String, default: null },
    priority: { type: Number },
    onLoss: { type: String },
    expireHours: { type: Number, required: true },
    within: { type: [String], default: null },
    at: { type: Date, required: true },
    state: { type: String, required: true },
    after: { type: String, default: null },
    receivers: { type: Number, required: true },
    createdBy: { type: String, required: true },
    makerId: { type: String, default: null },
    createdAt: { type: Date, required: true },
    cancelledBy: { type: String },
    lookAt: { type: Date },
  },
  { collection: 'broadcasts', versionKey: false, minimize: false },
)
/** A repeated call is the same broadcast. */
schema.index({ key: 1 }, { unique: true })
/** A manager's own, newest first. */
schema.index({ makerId: 1, _id: -1 })
/** The sweep: those whose time has come, that stand still, or that may be done. */
schema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })

export const broadcastModel = (connection: Connection): Model<BroadcastDoc> =>
  connection.model<BroadcastDoc>('Broadcast', schema)

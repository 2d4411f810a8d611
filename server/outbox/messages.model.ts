import { Schema, type Connection, type Model } from 'mongoose'

/** A mass message WeCom has accepted; results asks what became of it. `_id` is WeCom's msgid. */
export type MessageDoc = {
  _id: string
  channel: 'mass' | 'group_mass'
  sender: string
  claimId: string
  batchKey: string
  preview: string
  /** How many it goes to, and some of them for the rep's task. */
  receivers: number
  customerIds: string[]
  ruleId: string | null
  createdAt: Date
  /** Not confirmed by then: given up. */
  expiresAt: Date
  state: 'open' | 'settled'
  /** When results is to ask next; absent when settled. */
  nextAt?: Date
  /** When the sweep nudges for it; later than nextAt while a job has it. */
  nudgeAt?: Date
  checks: number
  broadcastId?: string
  /** When the sender was reminded, oldest first. */
  reminders?: Date[]
  /** When the sender was seen to have confirmed. */
  confirmedAt?: Date
  /** It is being stopped in WeCom; whoever finds it so goes on with that. */
  stopping?: boolean
  /** How it ended: by the sender, by itself, or taken back. */
  end?: 'confirmed' | 'expired' | 'cancelled'
}

const schema = new Schema<MessageDoc>(
  {
    _id: { type: String, required: true },
    channel: { type: String, required: true },
    sender: { type: String, required: true },
    claimId: { type: String, required: true },
    batchKey: { type: String, required: true },
    preview: { type: String, required: true },
    receivers: { type: Number, required: true },
    customerIds: { type: [String], required: true },
    ruleId: { type: String, default: null },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    state: { type: String, required: true },
    nextAt: { type: Date },
    nudgeAt: { type: Date },
    checks: { type: Number, required: true },
    broadcastId: { type: String },
    reminders: { type: [Date], default: undefined },
    confirmedAt: { type: Date },
    stopping: { type: Boolean },
    end: { type: String },
  },
  { collection: 'messages', versionKey: false, minimize: false },
)
/** How many are due to be asked about. */
schema.index({ nextAt: 1 }, { partialFilterExpression: { nextAt: { $exists: true } } })
/** The sweep of results. */
schema.index({ nudgeAt: 1 }, { partialFilterExpression: { nudgeAt: { $exists: true } } })
/** reconcile: whether this claim has its message already. */
schema.index({ claimId: 1, batchKey: 1 })

/** How fast reps confirmed, lately. */
schema.index({ createdAt: -1 })
/** Those of one broadcast. */
schema.index({ broadcastId: 1 }, { partialFilterExpression: { broadcastId: { $type: 'string' } } })
/** What a manager sees waiting, of all and of one sender, newest first. */
schema.index({ state: 1, createdAt: -1 }, { partialFilterExpression: { state: 'open' } })

export const messageModel = (connection: Connection): Model<MessageDoc> =>
  connection.model<MessageDoc>('Message', schema)

import { Schema, type Connection, type Model } from 'mongoose'
import type { TransferAsk, TransferState, TransferWhat } from '@zhiyin/shared/api/transfers'
import type { TransferKind } from '../wecom/types.ts'

/** A hand-over as it was asked for; it is written before anything is asked of WeCom. */
export type TransferDoc = {
  _id: string
  /** Its whole identity: asking twice makes one. */
  key: string
  mode: TransferKind
  from: string
  ask: Pick<TransferAsk, 'customers' | 'groups' | 'takeovers' | 'message'>
  by: string
  at: Date
  /** The items are not all written yet. */
  planning: boolean
  skipped: number
  problem: { errcode: number; hint: string } | null
  /** When something is to be done next; absent when nothing is left. */
  lookAt?: Date
}

const schema = new Schema<TransferDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    mode: { type: String, required: true },
    from: { type: String, required: true },
    ask: { type: Schema.Types.Mixed, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
    planning: { type: Boolean, required: true },
    skipped: { type: Number, required: true },
    problem: { type: Schema.Types.Mixed, default: null },
    lookAt: { type: Date },
  },
  { collection: 'transfers', versionKey: false },
)
/** One hand-over per key. */
schema.index({ key: 1 }, { unique: true })
/** The sweep: what is due. */
schema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })

/** One customer or group of a hand-over. */
export type ItemDoc = {
  _id: string
  transferId: string
  what: TransferWhat
  /** external_userid or chat_id. */
  target: string
  customerId: string | null
  /** A group's name; customers are looked up. */
  name: string
  from: string
  to: string
  state: TransferState
  reason: string | null
  /** How often WeCom was asked. */
  attempt: number
  claim: string | null
  calledAt: Date | null
  /** When WeCom began with it, or had done it. */
  at: Date | null
  /** Present while under way: a customer is in one hand-over at a time. */
  open?: true
  lookAt?: Date
  history: { to: string; state: TransferState; reason: string | null; at: Date }[]
}

const itemSchema = new Schema<ItemDoc>(
  {
    _id: { type: String, required: true },
    transferId: { type: String, required: true },
    what: { type: String, required: true },
    target: { type: String, required: true },
    customerId: { type: String, default: null },
    name: { type: String, default: '' },
    from: { type: String, required: true },
    to: { type: String, required: true },
    state: { type: String, required: true },
    reason: { type: String, default: null },
    attempt: { type: Number, required: true },
    claim: { type: String, default: null },
    calledAt: { type: Date, default: null },
    at: { type: Date, default: null },
    open: { type: Boolean },
    lookAt: { type: Date },
    history: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'transferitems', versionKey: false, minimize: false },
)
/** One hand-over at a time of each customer and group. */
itemSchema.index({ target: 1 }, { unique: true, partialFilterExpression: { open: true } })
/** Planned twice after a crash, it is one item. */
itemSchema.index({ transferId: 1, target: 1 }, { unique: true })
/** The items of a hand-over by state, and how many. */
itemSchema.index({ transferId: 1, state: 1, _id: 1 })
/** What of a hand-over is due. */
itemSchema.index({ transferId: 1, lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** How many are due in all. */
itemSchema.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
/** What one call has claimed. */
itemSchema.index({ claim: 1 }, { partialFilterExpression: { claim: { $type: 'string' } } })
/** The hand-over a callback tells of. */
itemSchema.index({ target: 1, calledAt: -1 })
/** How many groups a member has handed over today. */
itemSchema.index({ from: 1, what: 1, calledAt: 1 })

export const transferModel = (connection: Connection): Model<TransferDoc> =>
  connection.model<TransferDoc>('Transfer', schema)
export const itemModel = (connection: Connection): Model<ItemDoc> =>
  connection.model<ItemDoc>('TransferItem', itemSchema)

import { Schema, type Connection, type Model } from 'mongoose'

/**
 * A mass message that used a customer's or group's quota without us, or WeCom's word that the quota is used. `_id` is
 * `msgid:receiver`, so reading a result twice keeps it once.
 */
export type ReceiptDoc = {
  _id: string
  /** external_userid or chat_id. */
  receiver: string
  msgid: string
  /** Who sent it. */
  userid: string
  at: Date
  kind: 'got' | 'quota_used'
  /** `member`: made by hand; `corp`: made in the admin console or by another app; `ours`: our own, whose result says so. */
  origin: 'member' | 'corp' | 'ours'
}

const schema = new Schema<ReceiptDoc>(
  {
    _id: { type: String, required: true },
    receiver: { type: String, required: true },
    msgid: { type: String, required: true },
    userid: { type: String, required: true },
    at: { type: Date, required: true },
    kind: { type: String, required: true },
    origin: { type: String, required: true },
  },
  { collection: 'receipts', versionKey: false },
)
/** permit: what somebody got since a day. */
schema.index({ receiver: 1, at: -1 })
/** A message that turned out to be ours gives its receipts back. */
schema.index({ msgid: 1 })

export const receiptModel = (connection: Connection): Model<ReceiptDoc> =>
  connection.model<ReceiptDoc>('Receipt', schema)

export const receiptCollection = (connection: Connection) => {
  receiptModel(connection)
  return connection.collection<ReceiptDoc>('receipts')
}

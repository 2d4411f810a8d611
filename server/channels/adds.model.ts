import { Schema, type Connection, type Model } from 'mongoose'

/** One customer who came to one rep through one channel, worked out from the customer's facts. */
export type AddDoc = {
  _id: string
  channelId: string
  userid: string
  customerId: string
  at: Date
  /** The day of `at` in the company's zone, 2026-11-23. */
  day: string
  /** When the friendship ended; a hand-over to another rep ends none. */
  lostAt: Date | null
  /** Ended within 24 h. */
  lost24h: boolean
  /** The first order after. */
  orderedAt: Date | null
}

const date = { type: Date, default: null }
const schema = new Schema<AddDoc>(
  {
    _id: { type: String, required: true },
    channelId: { type: String, required: true },
    userid: { type: String, required: true },
    customerId: { type: String, required: true },
    at: { type: Date, required: true },
    day: { type: String, required: true },
    lostAt: date,
    lost24h: { type: Boolean, required: true },
    orderedAt: date,
  },
  { collection: 'channel_adds', versionKey: false },
)
/** Statistics of a channel over some days, and how many each rep has had today. */
schema.index({ channelId: 1, day: 1, userid: 1 })
/** A customer's facts changed: what was worked out from them. */
schema.index({ customerId: 1 })

export const addsModel = (connection: Connection): Model<AddDoc> => connection.model<AddDoc>('ChannelAdd', schema)

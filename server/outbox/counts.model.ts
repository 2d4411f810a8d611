import { Schema, type Connection, type Model } from 'mongoose'
import type { IntentChannel } from '@zhiyin/shared/intent'

/** Whose message it is, and how it stands against others that want the same room. */
export type CountedFor = {
  name: string
  ruleId: string | null
  broadcastId: string | null
  priority: number
  value: number
}

/**
 * One permitted message. `day` counts local days since 1970: the day it was permitted on, then the day it arrived. `until`: it has not
 * arrived yet and may until then. `mass`: it uses the platform's quota. `channel` absent: a mass message from before there were others.
 */
export type CountEntry = {
  intent: string
  day: number
  mass: boolean
  until?: number
  channel?: IntentChannel
  by?: CountedFor
}

/** The messages one customer, or one customer group, got of us in the last 30 days; `rev` guards it against racing permits. */
export type CountDoc = { _id: string; rev: number; entries: CountEntry[] }

/** Read and written by the customer's or group's id alone. */
const schema = new Schema<CountDoc>(
  {
    _id: { type: String, required: true },
    rev: { type: Number, required: true },
    entries: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'sendcounts', versionKey: false, minimize: false },
)

const name = 'SendCount'
export const countModel = (connection: Connection): Model<CountDoc> => connection.model<CountDoc>(name, schema)

export const countCollection = (connection: Connection) => {
  countModel(connection)
  return connection.collection<CountDoc>('sendcounts')
}

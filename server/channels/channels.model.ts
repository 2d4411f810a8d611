import { Schema, type Connection } from 'mongoose'

/** A channel QR code (渠道活码): one contact way (联系我) in WeCom, known by its `state`. */
export type ChannelDoc = {
  _id: string
  name: string
  state: string
  userids: string[]
  tagIds: string[]
  qrUrl: string
  configId: string
  createdAt: Date
  createdBy: string
}

const schema = new Schema<ChannelDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    state: { type: String, required: true },
    userids: { type: [String], required: true },
    tagIds: { type: [String], required: true },
    qrUrl: { type: String, default: '' },
    configId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
  },
  { collection: 'channels', versionKey: false },
)

// byState: the channel of a customer who has just come
schema.index({ state: 1 }, { unique: true })
// create: a name is used once
schema.index({ name: 1 }, { unique: true })

export const channelsModel = (connection: Connection) => connection.model('Channel', schema)

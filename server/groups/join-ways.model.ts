import { Schema, type Connection, type Model } from 'mongoose'
import type { Making } from '@zhiyin/shared/api/group-ways'

/** A code that leads into customer groups (群活码). Its id is its `state` in WeCom, so whoever comes by it is known by it. */
export type JoinWayDoc = {
  _id: string
  name: string
  state: Making
  askedAt: Date
  configId: string | null
  qrUrl: string
  chatIds: string[]
  autoCreate: boolean
  baseName: string
  baseNumber: number
  createdAt: Date
  createdBy: string
}

const schema = new Schema<JoinWayDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    state: { type: String, enum: ['making', 'on', 'unsure'], required: true },
    askedAt: { type: Date, required: true },
    configId: { type: String, default: null },
    qrUrl: { type: String, default: '' },
    chatIds: { type: [String], required: true },
    autoCreate: { type: Boolean, required: true },
    baseName: { type: String, default: '' },
    baseNumber: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
  },
  { collection: 'groupjoinways', versionKey: false },
)
/** A name is used once. */
schema.index({ name: 1 }, { unique: true })

export const joinWayModel = (connection: Connection): Model<JoinWayDoc> =>
  connection.model<JoinWayDoc>('GroupJoinWay', schema)

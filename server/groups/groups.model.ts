import { Schema, type Connection, type Model } from 'mongoose'
import type { Tier } from '@zhiyin/shared/tier'

export type GroupDoc = {
  _id: string
  /** The chat id, or the mark of the robot's address. */
  key: string
  kind: 'customer' | 'internal'
  chatId: string | null
  name: string
  owner: string | null
  tier: Tier
  members: number
  /** External members with the time they joined. */
  outside: { id: string; joinedAt: Date }[]
  memberVersion: string | null
  /** The robot's address, sealed. */
  webhook: string | null
  dismissed: boolean
}

const schema = new Schema<GroupDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    kind: { type: String, required: true },
    chatId: { type: String, default: null },
    name: { type: String, default: '' },
    owner: { type: String, default: null },
    tier: { type: String, required: true },
    members: { type: Number, required: true },
    outside: { type: Schema.Types.Mixed, required: true },
    memberVersion: { type: String, default: null },
    webhook: { type: String, default: null },
    dismissed: { type: Boolean, required: true },
  },
  { collection: 'groups', versionKey: false, minimize: false },
)
/** One record per chat or robot. */
schema.index({ key: 1 }, { unique: true })

export type PushDoc = {
  _id: string
  key: string
  contentId: string
  content: string
  at: Date
  groups: { id: string; name: string; tier: Tier }[]
}
const pushSchema = new Schema<PushDoc>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    contentId: { type: String, required: true },
    content: { type: String, required: true },
    at: { type: Date, required: true },
    groups: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'grouppushes', versionKey: false },
)
/** A repeated call is the same push. */
pushSchema.index({ key: 1 }, { unique: true })

export const groupModel = (connection: Connection): Model<GroupDoc> => connection.model<GroupDoc>('Group', schema)
export const pushModel = (connection: Connection): Model<PushDoc> => connection.model<PushDoc>('GroupPush', pushSchema)

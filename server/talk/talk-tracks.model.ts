import { Schema, type Connection, type Model } from 'mongoose'
import type { Stage } from '@zhiyin/shared/stage'
import type { Tier } from '@zhiyin/shared/tier'

export type TalkTrackDoc = {
  _id: string
  situation: string
  title: string
  text: string
  tiers: Tier[]
  stages: Stage[]
  used: number
  lastUsedAt: Date | null
  /** Keys of the newest uses, so that one that is told twice counts once. */
  keys: string[]
  updatedAt: Date
  updatedBy: string
}

const text = { type: String, required: true }

/** Listed whole (hundreds at most), so the primary key is the only index. */
const schema = new Schema<TalkTrackDoc>(
  {
    _id: text,
    situation: text,
    title: text,
    text,
    tiers: [String],
    stages: [String],
    used: { type: Number, default: 0 },
    lastUsedAt: { type: Date, default: null },
    keys: [String],
    updatedAt: { type: Date, required: true },
    updatedBy: text,
  },
  { collection: 'talktracks', versionKey: false },
)

export const talkTrackModel = (connection: Connection): Model<TalkTrackDoc> =>
  connection.model<TalkTrackDoc>('TalkTrack', schema)

import { Schema, type Connection, type Model } from 'mongoose'
import type { channelStatuses, servedBy, Shift } from '@zhiyin/shared/api/channels'

/** What of a channel stands in its contact way and may change. */
export type Placed = { userids: string[]; remark: string; skipVerify: boolean; markSource: boolean }

export type Unable = { userid: string; errcode: number | null; until: Date | null }
export type Problem = { code: 'wecom.refused' | 'wecom.unreachable'; errcode: number; hint: string; at: Date }

/** A channel QR code (渠道活码): one contact way (联系我) in WeCom, known by its `state`. */
export type ChannelDoc = {
  _id: string
  name: string
  /** The name, or the id once it is deleted: so a name is free again. */
  nameKey: string
  remark: string
  state: string
  userids: string[]
  shifts: Shift[]
  backups: string[]
  /** Everybody of `userids` and `backups`. */
  people: string[]
  capPerDay: number | null
  tagIds: string[]
  skipVerify: boolean
  exclusive: boolean
  markSource: boolean
  status: (typeof channelStatuses)[number]
  createdAt: Date
  createdBy: string
  deletedAt: Date | null

  configId: string | null
  qrUrl: string
  /** When WeCom was last asked to make the contact way: it is looked for from then on. */
  askedAt: Date
  /** How often it has been looked for in vain since. */
  looks: number
  /** What WeCom has as far as we know; null: to be told anew. */
  placed: Placed | null
  by: (typeof servedBy)[number]
  until: Date | null
  full: string[]
  /** Who cannot serve: left (no `until`), or refused by WeCom and not asked for again before `until`. */
  unable: Unable[]
  problem: Problem | null
  /** When the contact way was last compared with what we think it is. */
  comparedAt: Date
  /** Failures in a row. */
  tries: number
  /** When it has to be looked at next; null: never. */
  dueAt: Date | null
  /** Grows with every change and nudge; whoever works on what they read before names the one they read. */
  rev: number
}

const mixed = { type: Schema.Types.Mixed }
const date = { type: Date, default: null }
const flag = { type: Boolean, required: true }
const text = { type: String, required: true }
const texts = { type: [String], required: true }

const schema = new Schema<ChannelDoc>(
  {
    _id: text,
    name: text,
    nameKey: text,
    remark: { type: String, default: '' },
    state: text,
    userids: texts,
    shifts: mixed,
    backups: texts,
    people: texts,
    capPerDay: { type: Number, default: null },
    tagIds: texts,
    skipVerify: flag,
    exclusive: flag,
    markSource: flag,
    status: text,
    createdAt: { type: Date, required: true },
    createdBy: text,
    deletedAt: date,
    configId: { type: String, default: null },
    qrUrl: { type: String, default: '' },
    askedAt: { type: Date, required: true },
    looks: { type: Number, required: true },
    placed: mixed,
    by: text,
    until: date,
    full: texts,
    unable: mixed,
    problem: mixed,
    comparedAt: { type: Date, required: true },
    tries: { type: Number, required: true },
    dueAt: date,
    rev: { type: Number, required: true },
  },
  { collection: 'channels', versionKey: false, minimize: false },
)
/** byState: the channel of a customer who has just come. */
schema.index({ state: 1 }, { unique: true })
/** A name is used once among those that are not deleted. */
schema.index({ nameKey: 1 }, { unique: true })
/** The sweep: whose contact way has to be looked at. */
schema.index({ dueAt: 1 })
/** A member left or came: the channels they are in. */
schema.index({ people: 1, status: 1 })
/** Which contact ways of WeCom's list are ours. */
schema.index({ configId: 1 })

export const channelsModel = (connection: Connection): Model<ChannelDoc> =>
  connection.model<ChannelDoc>('Channel', schema)

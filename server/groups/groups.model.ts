import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { Tier } from '@zhiyin/shared/tier'

export type GroupDoc = {
  _id: string
  /** The chat id, or the mark of the robot's address. */
  key: string
  kind: 'customer' | 'internal'
  chatId: string | null
  name: string
  owner: string | null
  admins: string[]
  notice: string
  /** When it was made in WeCom. */
  createdAt: Date | null
  /** WeCom's: 0 in use, 1 its owner has left, 2 being inherited, 3 inherited. */
  status: number
  tier: Tier
  /** Set by a person, which holds until they give it back; `by` a userid or a name, null where that is not known any more. */
  hand: { tier: Tier; by: string | null; at: Date | null } | null
  /** What its members make of it, and since when it has had its tier. */
  tierBecause: Because[]
  tierSince: Date | null
  /** When its members are to be looked at again; absent of internal groups and of those that are set by hand. */
  tierLookAt?: Date
  /** Labels of ours. */
  tags: string[]
  /** Everybody in it, and those of them who are no colleagues; who they are stands in groupmembers. */
  members: number
  outsiders: number
  memberVersion: string | null
  /** Versions of the member list that a callback has ended with (or a reading begun at), and those one has begun at; newest last. */
  seen: string[]
  passed: string[]
  /** Grows with each change that is kept: whoever read WeCom before another's change was kept reads again. */
  reads: number
  /** When somebody joined or left last. */
  movedAt: Date | null
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
    admins: { type: [String], default: [] },
    notice: { type: String, default: '' },
    createdAt: { type: Date, default: null },
    status: { type: Number, default: 0 },
    tier: { type: String, required: true },
    hand: { type: Schema.Types.Mixed, default: null },
    tierBecause: { type: Schema.Types.Mixed, default: [] },
    tierSince: { type: Date, default: null },
    tierLookAt: { type: Date },
    tags: { type: [String], default: [] },
    members: { type: Number, required: true },
    outsiders: { type: Number, default: 0 },
    memberVersion: { type: String, default: null },
    seen: { type: [String], default: [] },
    passed: { type: [String], default: [] },
    reads: { type: Number, default: 0 },
    movedAt: { type: Date, default: null },
    webhook: { type: String, default: null },
    dismissed: { type: Boolean, required: true },
  },
  { collection: 'groups', versionKey: false, minimize: false },
)
/** One record per chat or robot. */
schema.index({ key: 1 }, { unique: true })
/** The list: the largest first; of everybody, of one owner, of one status. */
schema.index({ dismissed: 1, members: -1, _id: 1 })
schema.index({ owner: 1, dismissed: 1, members: -1, _id: 1 })
schema.index({ status: 1, dismissed: 1 }, { partialFilterExpression: { status: { $gt: 0 } } })
/** Those with a label. */
schema.index({ tags: 1 })
/** Whose members are due to be looked at. */
schema.index({ tierLookAt: 1 }, { partialFilterExpression: { tierLookAt: { $exists: true } } })

export const groupModel = (connection: Connection): Model<GroupDoc> => connection.model<GroupDoc>('Group', schema)

import { Schema, type Connection, type Model } from 'mongoose'
import type { GroupNumbers } from '../wecom/types.ts'

/** The numbers of one owner's customer groups at the end of one day. `said`: messages of that day, 0 where the day before is unknown. */
export type GroupDayDoc = GroupNumbers & { _id: string; owner: string; day: Date; said: number }

/** An owner of customer groups: up to which day their numbers are kept, and when the next are due. */
export type GroupOwnerDoc = {
  /** The userid. */
  _id: string
  until: Date | null
  /** Over the last 30 days together. */
  month: GroupNumbers | null
  monthAt: Date | null
  nextAt: Date
  error: string | null
}

const numbers = {
  newGroups: { type: Number, required: true },
  groups: { type: Number, required: true },
  activeGroups: { type: Number, required: true },
  newMembers: { type: Number, required: true },
  members: { type: Number, required: true },
  activeMembers: { type: Number, required: true },
  messages: { type: Number, required: true },
}

const daySchema = new Schema<GroupDayDoc>(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    day: { type: Date, required: true },
    ...numbers,
    said: { type: Number, required: true },
  },
  { collection: 'groupdays', versionKey: false },
)
/** The trend of one owner; of everybody. */
daySchema.index({ owner: 1, day: 1 })
daySchema.index({ day: 1 })

const ownerSchema = new Schema<GroupOwnerDoc>(
  {
    _id: { type: String, required: true },
    until: { type: Date, default: null },
    month: { type: Schema.Types.Mixed, default: null },
    monthAt: { type: Date, default: null },
    nextAt: { type: Date, required: true },
    error: { type: String, default: null },
  },
  { collection: 'groupowners', versionKey: false },
)
/** The sweep: whose numbers are due. */
ownerSchema.index({ nextAt: 1 })

export const groupDayModel = (connection: Connection): Model<GroupDayDoc> =>
  connection.model<GroupDayDoc>('GroupDay', daySchema)
export const groupOwnerModel = (connection: Connection): Model<GroupOwnerDoc> =>
  connection.model<GroupOwnerDoc>('GroupOwner', ownerSchema)

import { Schema, type Connection, type Model } from 'mongoose'

/**
 * One stay of one person in one group; who leaves and comes again has two. `_id` is the whole identity of the stay: chat, person and
 * the second they joined.
 */
export type GroupMemberDoc = {
  _id: string
  chatId: string
  /** userid or external_userid. */
  id: string
  /** 1 a colleague, 2 somebody outside. */
  type: number
  name: string
  joinedAt: Date
  /** join_scene of groupchat/get: 1 invited directly, 2 by a link, 3 by the group's code. */
  joinScene: number
  /** JoinScene of the callback: 0 invited, 3 by the group's code; null where none told of it. */
  calledScene: number | null
  inviter: string | null
  /** The state of the join way by which they came. */
  state: string | null
  /** When we first saw it, and whether it had been ended before by mistake: the list was late, or the group out of sight. */
  foundAt: Date
  again: boolean
  leftAt: Date | null
  /** QuitScene of the callback: 0 by themselves, 1 removed; null where none told of it. */
  quitScene: number | null
  /** When that callback happened; it may come before the list shows it. */
  quitAt: Date | null
  /** The group was dismissed around them. */
  dismissed: boolean
  /** Whether it stands in the customer's timeline; `stranger`: nobody knows them as a customer yet. */
  told: 'no' | 'yes' | 'stranger'
}

const schema = new Schema<GroupMemberDoc>(
  {
    _id: { type: String, required: true },
    chatId: { type: String, required: true },
    id: { type: String, required: true },
    type: { type: Number, required: true },
    name: { type: String, default: '' },
    joinedAt: { type: Date, required: true },
    joinScene: { type: Number, required: true },
    calledScene: { type: Number, default: null },
    inviter: { type: String, default: null },
    state: { type: String, default: null },
    foundAt: { type: Date, required: true },
    again: { type: Boolean, required: true },
    leftAt: { type: Date, default: null },
    quitScene: { type: Number, default: null },
    quitAt: { type: Date, default: null },
    dismissed: { type: Boolean, required: true },
    told: { type: String, enum: ['no', 'yes', 'stranger'], required: true },
  },
  { collection: 'groupmembers', versionKey: false },
)
/** Who is in a group, newest first; who has left it, the latest first. */
schema.index({ chatId: 1, leftAt: -1, joinedAt: -1, _id: -1 })
/** The groups of a person, and what a new customer has not been told of. */
schema.index({ id: 1, joinedAt: -1 })
/** The stays that are not in a timeline yet. */
schema.index({ chatId: 1, told: 1 }, { partialFilterExpression: { told: 'no' } })
/** Whom somebody who is to be forgotten has invited. */
schema.index({ inviter: 1 }, { partialFilterExpression: { inviter: { $exists: true, $type: 'string' } } })
/** Who came by a join way. */
schema.index({ state: 1, joinedAt: -1 }, { partialFilterExpression: { state: { $exists: true, $type: 'string' } } })

export const groupMemberModel = (connection: Connection): Model<GroupMemberDoc> =>
  connection.model<GroupMemberDoc>('GroupMember', schema)

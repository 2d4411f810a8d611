import { Schema, type Connection, type Model } from 'mongoose'
import type { GroupChangeKind } from '@zhiyin/shared/api/groups'

/** One line of a group's own timeline. */
export type GroupChangeDoc = {
  _id: string
  chatId: string
  at: Date
  kind: GroupChangeKind
  /** Old and new owner, name, notice or status. */
  from: string | null
  to: string | null
  /** Who joined or left, by id and name. */
  person: { id: string; name: string } | null
  inviter: string | null
  /** join_scene of who joined, QuitScene of who left. */
  scene: number | null
  /** How many were there when the group was found or dismissed. */
  members: number | null
}

const schema = new Schema<GroupChangeDoc>(
  {
    _id: { type: String, required: true },
    chatId: { type: String, required: true },
    at: { type: Date, required: true },
    kind: { type: String, required: true },
    from: { type: String, default: null },
    to: { type: String, default: null },
    person: { type: Schema.Types.Mixed, default: null },
    inviter: { type: String, default: null },
    scene: { type: Number, default: null },
    members: { type: Number, default: null },
  },
  { collection: 'groupchanges', versionKey: false },
)
/** A group's timeline, newest first. */
schema.index({ chatId: 1, at: -1, _id: -1 })
/** The lines that name somebody who is to be forgotten. */
schema.index({ 'person.id': 1 }, { partialFilterExpression: { 'person.id': { $exists: true } } })
schema.index({ inviter: 1 }, { partialFilterExpression: { inviter: { $exists: true, $type: 'string' } } })

export const groupChangeModel = (connection: Connection): Model<GroupChangeDoc> =>
  connection.model<GroupChangeDoc>('GroupChange', schema)

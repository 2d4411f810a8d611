import { Schema, type Connection } from 'mongoose'
import { roles, type Role } from '@zhiyin/shared/api/endpoint'

/** A member of the corp (成员). `rep`: has the customer-contact function. */
export type MemberDoc = {
  _id: string
  name: string
  avatar: string | null
  role: Role
  active: boolean
  rep: boolean
  /** Sessions opened before are over (epoch ms; 0: never signed out). */
  signedOutAt: number
}

const schema = new Schema<MemberDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    avatar: { type: String, default: null },
    role: { type: String, enum: roles, required: true },
    active: { type: Boolean, required: true },
    rep: { type: Boolean, required: true },
    signedOutAt: { type: Number, required: true },
  },
  { collection: 'members', versionKey: false },
)

// sync and the console's list: everybody who is here, by userid
schema.index({ active: 1, _id: 1 })

export const membersModel = (connection: Connection) => connection.model('Member', schema)

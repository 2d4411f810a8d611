import { Schema, type Connection } from 'mongoose'
import { roles, type Role } from '@zhiyin/shared/api/endpoint'

/** A member of the corp (成员). `rep`: has the customer-contact function. */
export type MemberDoc = {
  _id: string
  name: string
  avatar: string | null
  position: string | null
  /** Departments the member is in; kept after they left, so that their manager still sees their customers. */
  departments: number[]
  /** Departments the member leads. */
  leads: number[]
  /** Whom the member reports to. */
  directLeaders: string[]
  role: Role
  /** A person gave the role; else it follows who leads a department. */
  roleSet: boolean
  active: boolean
  /** An admin has shut the member out of the product. */
  barred: boolean
  rep: boolean
  /** Userids the same person had before; what hangs on them is still theirs. */
  formerly: string[]
  /** The userid the person has now. */
  renamedTo: string | null
  /** Sessions opened before are over (epoch ms; 0: never signed out). */
  signedOutAt: number
  /** When the member last used the product, to within ten minutes. */
  lastSeenAt: Date | null
}

const schema = new Schema<MemberDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    avatar: { type: String, default: null },
    position: { type: String, default: null },
    departments: { type: [Number], required: true },
    leads: { type: [Number], required: true },
    directLeaders: { type: [String], required: true },
    role: { type: String, enum: roles, required: true },
    roleSet: { type: Boolean, required: true },
    active: { type: Boolean, required: true },
    barred: { type: Boolean, required: true },
    rep: { type: Boolean, required: true },
    formerly: { type: [String], required: true },
    renamedTo: { type: String, default: null },
    signedOutAt: { type: Number, required: true },
    lastSeenAt: { type: Date, default: null },
  },
  { collection: 'members', versionKey: false },
)

// sync and the console's list: everybody who is here, by userid
schema.index({ active: 1, _id: 1 })
// a manager's scope: who is in these departments, who reports to them
schema.index({ departments: 1 })
schema.index({ directLeaders: 1 })
// a department's leaders, when WeCom tells of them
schema.index({ leads: 1 })
// a userid given to somebody new is not somebody's old one any more
schema.index({ formerly: 1 })

export const membersModel = (connection: Connection) => connection.model('Member', schema)

import { calledIn } from '@zhiyin/shared/actor'
import type { Role } from '@zhiyin/shared/api/endpoint'
import type { Scope } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { departmentsModel, type DepartmentDoc } from './departments.model.ts'
import { membersModel, type MemberDoc } from './members.model.ts'

/** A member as other rooms may know one. */
export type MemberView = {
  readonly userid: string
  readonly name: string
  readonly avatar: string | null
  readonly position: string | null
  readonly departments: readonly number[]
  readonly leads: readonly number[]
  readonly role: Role
  readonly active: boolean
  readonly barred: boolean
  readonly rep: boolean
  readonly formerly: readonly string[]
  readonly renamedTo: string | null
  readonly signedOutAt: number
  readonly lastSeenAt: Date | null
}

export type DepartmentView = { readonly id: number; readonly name: string; readonly parentId: number }

export type MembersRead = {
  get: (userid: string) => Promise<MemberView | null>
  /** Names by userid; who is unknown is left out. */
  names: (userids: readonly string[]) => Promise<Map<string, string>>
  /** The same to be shown: who is unknown is called a former member, a script as such. Not for what goes to customers. */
  called: (userids: readonly string[]) => Promise<Map<string, string>>
  /** Who of these is here and has the customer-contact function; who is unknown is left out. */
  standing: (userids: readonly string[]) => Promise<Map<string, Pick<MemberView, 'active' | 'rep'>>>
  /** Everybody within a scope, those who are here first; without one everybody. */
  list: (scope?: Scope) => Promise<MemberView[]>
  /** All departments, in the order WeCom shows them. */
  departments: () => Promise<DepartmentView[]>
  /** Userids of the admins who are here. */
  admins: () => Promise<string[]>
}

/** What members lack who were kept before these fields came; the next sync fills them. */
const unknown = {
  position: null,
  departments: [],
  leads: [],
  barred: false,
  formerly: [],
  renamedTo: null,
  lastSeenAt: null,
}

export const viewOf = ({ _id, directLeaders: _leaders, roleSet: _set, ...rest }: MemberDoc): MemberView => ({
  userid: _id,
  ...unknown,
  ...rest,
})

export const createMembersRead = ({ mongo }: { mongo: Mongo }): MembersRead => {
  const model = membersModel(mongo.connection)
  const departments = departmentsModel(mongo.connection)
  const names: MembersRead['names'] = async (userids) => {
    if (userids.length === 0) return new Map()
    const docs = await model
      .find({ _id: { $in: [...new Set(userids)] } }, { name: 1 })
      .lean<Pick<MemberDoc, '_id' | 'name'>[]>()
    return new Map(docs.map((doc) => [doc._id, doc.name]))
  }
  return {
    names,
    called: async (userids) => {
      const known = await names(userids)
      return new Map(userids.map((userid) => [userid, calledIn(known, userid)]))
    },
    get: async (userid) => {
      const doc = await model.findById(userid).lean<MemberDoc>()
      return doc && viewOf(doc)
    },
    standing: async (userids) => {
      const docs = await model
        .find({ _id: { $in: [...userids] } }, { active: 1, rep: 1 })
        .lean<Pick<MemberDoc, '_id' | 'active' | 'rep'>[]>()
      return new Map(docs.map(({ _id, active, rep }) => [_id, { active, rep }]))
    },
    list: async (scope = null) => {
      const docs = await model
        .find(scope === null ? {} : { _id: { $in: [...scope] } })
        .sort({ active: -1, _id: 1 })
        .lean<MemberDoc[]>()
      return docs.map(viewOf)
    },
    departments: async () => {
      const docs = await departments.find({}).sort({ parentId: 1, order: -1, _id: 1 }).lean<DepartmentDoc[]>()
      return docs.map(({ _id, name, parentId }) => ({ id: _id, name, parentId }))
    },
    admins: async () => {
      const docs = await model
        .find({ active: true, barred: false, role: 'admin' }, { _id: 1 })
        .lean<Pick<MemberDoc, '_id'>[]>()
      return docs.map(({ _id }) => _id)
    },
  }
}

import type { Role } from '@zhiyin/shared/api/endpoint'
import type { Mongo } from '../platform/mongo.ts'
import { membersModel, type MemberDoc } from './members.model.ts'

/** A member as other rooms may know one. */
export type MemberView = {
  readonly userid: string
  readonly name: string
  readonly avatar: string | null
  readonly role: Role
  readonly active: boolean
  readonly rep: boolean
  readonly signedOutAt: number
}

export type MembersRead = {
  get: (userid: string) => Promise<MemberView | null>
  /** Names by userid; who is unknown is left out. */
  names: (userids: readonly string[]) => Promise<Map<string, string>>
  /** Everybody, those who are here first. */
  list: () => Promise<MemberView[]>
}

export const viewOf = ({ _id, ...rest }: MemberDoc): MemberView => ({ userid: _id, ...rest })

export const createMembersRead = ({ mongo }: { mongo: Mongo }): MembersRead => {
  const model = membersModel(mongo.connection)
  return {
    get: async (userid) => {
      const doc = await model.findById(userid).lean<MemberDoc>()
      return doc && viewOf(doc)
    },
    names: async (userids) => {
      if (userids.length === 0) return new Map()
      const docs = await model
        .find({ _id: { $in: [...new Set(userids)] } }, { name: 1 })
        .lean<Pick<MemberDoc, '_id' | 'name'>[]>()
      return new Map(docs.map((doc) => [doc._id, doc.name]))
    },
    list: async () => {
      const docs = await model.find({}).sort({ active: -1, _id: 1 }).lean<MemberDoc[]>()
      return docs.map(viewOf)
    },
  }
}

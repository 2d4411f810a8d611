import type { Role } from '@zhiyin/shared/api/endpoint'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WecomMember, WecomRead } from '../wecom/types.ts'
import { membersModel, type MemberDoc } from './members.model.ts'
import { viewOf, type MemberView } from './read.ts'

/** WeCom's status: 2 disabled, 5 left. Missing where the app may not see it: then they are here. */
const gone: ReadonlySet<number> = new Set([2, 5])

export type Members = {
  /** Takes over what WeCom says of these members. `reps`: who has the customer-contact function; absent leaves it as it is. */
  save: (members: readonly WecomMember[], reps?: ReadonlySet<string>) => Promise<void>
  /** The member, fetched from WeCom when not known or not here; null when WeCom does not know them either, or they have left. */
  signIn: (userid: string) => Promise<MemberView | null>
  /** Reads one member from WeCom again; one that is unknown there becomes inactive. */
  refresh: (userid: string) => Promise<MemberView | null>
  /** Everybody but these has left. Answers how many did. */
  leaveAllBut: (userids: readonly string[]) => Promise<number>
  leave: (userid: string) => Promise<void>
  /** The same person under a new userid keeps the role. */
  rename: (from: string, to: string) => Promise<void>
  setRole: (userid: string, role: Role) => Promise<MemberView>
  /** Ends every session the member has opened so far. */
  signOut: (userid: string) => Promise<void>
}

type Deps = { mongo: Mongo; clock: Clock; wecom: Pick<WecomRead, 'getUser'> }

/** Members of the corp. A role is given once, at first sight: who leads a department manages, others are reps; then only a person changes it. */
export const createMembers = ({ mongo, clock, wecom }: Deps): Members => {
  const model = membersModel(mongo.connection)

  const save: Members['save'] = async (members, reps) => {
    if (members.length === 0) return
    await model.bulkWrite(
      members.map(({ userid, name, avatar, status, leads }) => ({
        updateOne: {
          filter: { _id: userid },
          update: {
            $set: {
              name,
              active: !(status !== undefined && gone.has(status)),
              ...(avatar === undefined ? {} : { avatar }),
              ...(reps === undefined ? {} : { rep: reps.has(userid) }),
            },
            $setOnInsert: {
              role: leads.length > 0 ? ('manager' as const) : ('rep' as const),
              signedOutAt: 0,
              ...(avatar === undefined ? { avatar: null } : {}),
              ...(reps === undefined ? { rep: false } : {}),
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    )
  }

  const find = async (userid: string): Promise<MemberView | null> => {
    const doc = await model.findById(userid).lean<MemberDoc>()
    return doc && viewOf(doc)
  }
  const leave = async (userid: string): Promise<void> => {
    await model.updateOne({ _id: userid }, { $set: { active: false, rep: false } })
  }
  const refresh = async (userid: string): Promise<MemberView | null> => {
    const found = await wecom.getUser(userid)
    if (found) await save([found])
    else await leave(userid)
    return find(userid)
  }

  return {
    save,
    refresh,
    leave,
    signIn: async (userid) => {
      const known = await find(userid)
      const member = known?.active ? known : await refresh(userid)
      return member?.active ? member : null
    },
    leaveAllBut: async (userids) => {
      const left = await model.updateMany(
        { active: true, _id: { $nin: [...userids] } },
        { $set: { active: false, rep: false } },
      )
      return left.modifiedCount
    },
    rename: async (from, to) => {
      const before = await model.findById(from).lean<MemberDoc>()
      if (before) {
        const { _id: _old, ...rest } = before
        await model.updateOne({ _id: to }, { $set: rest }, { upsert: true })
        await leave(from)
      }
      await refresh(to)
    },
    setRole: async (userid, role) => {
      const doc = await model
        .findOneAndUpdate({ _id: userid }, { $set: { role } }, { returnDocument: 'after' })
        .lean<MemberDoc>()
      if (!doc) throw notFound('member', userid)
      return viewOf(doc)
    },
    signOut: async (userid) => {
      await model.updateOne({ _id: userid }, { $set: { signedOutAt: clock.now() } })
    },
  }
}

import type { Role } from '@zhiyin/shared/api/endpoint'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WecomMember, WecomRead } from '../wecom/types.ts'
import type { Access } from './access.ts'
import { membersModel, type MemberDoc } from './members.model.ts'
import { viewOf, type MemberView } from './read.ts'
import { followLeads } from './roles.ts'
import { saveOf } from './save.ts'

/** Why somebody WeCom has told us of may not come in. */
export type SignInRefusal = 'unknown' | 'out_of_range' | 'disabled' | 'barred'

export type Members = {
  /** Takes over what WeCom says of these members. `reps`: who has the customer-contact function; absent leaves it as it is. */
  save: (members: readonly WecomMember[], reps?: ReadonlySet<string>) => Promise<void>
  /** The member, fetched from WeCom when not known or not here; else why they may not come in. */
  signIn: (userid: string) => Promise<MemberView | SignInRefusal>
  /** Reads one member from WeCom again; one that is unknown there becomes inactive. */
  refresh: (userid: string) => Promise<MemberView | null>
  /** Everybody but these has left. Answers how many did. */
  leaveAllBut: (userids: readonly string[]) => Promise<number>
  leave: (userid: string) => Promise<void>
  /** The same person under a new userid keeps the role and what hangs on the old one. */
  rename: (from: string, to: string) => Promise<void>
  setRole: (userid: string, role: Role) => Promise<MemberView>
  /** Shuts a member out of the product, or lets them in again. */
  setBarred: (userid: string, barred: boolean) => Promise<MemberView>
  /** Ends every session the member has opened so far. */
  signOut: (userid: string) => Promise<void>
  /** The member uses the product. */
  seen: (userid: string) => Promise<void>
}

type Deps = {
  mongo: Mongo
  clock: Clock
  wecom: Pick<WecomRead, 'findUser'>
  /** Told of every change of who may see what, so that it holds from the next request on. */
  access: Pick<Access, 'changed'>
}

/** Members of the corp. Who leads a department manages, others are reps, until a person gives them a role. */
export const createMembers = ({ mongo, clock, wecom, access }: Deps): Members => {
  const model = membersModel(mongo.connection)
  const away = { $set: { active: false, rep: false } }

  const save: Members['save'] = async (members, reps) => {
    if (members.length === 0) return
    const written = await model.bulkWrite(
      members.map((member) => saveOf(member, reps)),
      { ordered: false },
    )
    const ids = members.map(({ userid }) => userid)
    const reused = await model.updateMany({ formerly: { $in: ids } }, { $pull: { formerly: { $in: ids } } })
    const changed = written.modifiedCount + written.upsertedCount + reused.modifiedCount + (await followLeads(model))
    if (changed > 0) await access.changed()
  }

  const find = async (userid: string): Promise<MemberView | null> => {
    const doc = await model.findById(userid).lean<MemberDoc>()
    return doc && viewOf(doc)
  }
  const change = async (userid: string, set: Partial<MemberDoc>): Promise<MemberView> => {
    const doc = await model
      .findOneAndUpdate({ _id: userid }, { $set: set }, { returnDocument: 'after' })
      .lean<MemberDoc>()
    await access.changed()
    if (!doc) throw notFound('member', userid)
    return viewOf(doc)
  }
  const leave = async (userid: string): Promise<void> => {
    await model.updateOne({ _id: userid }, away)
    await access.changed()
  }
  const refresh = async (userid: string): Promise<MemberView | null> => {
    const found = await wecom.findUser(userid)
    if (typeof found === 'string') await leave(userid)
    else await save([found])
    return find(userid)
  }

  return {
    save,
    refresh,
    leave,
    signIn: async (userid) => {
      const known = await find(userid)
      if (known?.barred) return 'barred'
      if (known?.active) return known
      const found = await wecom.findUser(userid)
      if (typeof found === 'string') return found
      await save([found])
      const member = await find(userid)
      return member?.active ? member : 'disabled'
    },
    leaveAllBut: async (userids) => {
      const left = await model.updateMany({ active: true, _id: { $nin: [...userids] } }, away)
      if (left.modifiedCount > 0) await access.changed()
      return left.modifiedCount
    },
    rename: async (from, to) => {
      const before = await model.findById(from).lean<MemberDoc>()
      // The callback comes again: the new one may have got another role meanwhile.
      if (before && before.renamedTo !== to) {
        const { _id: _old, formerly, renamedTo: _before, ...rest } = before
        const kept = { ...rest, formerly: [from, ...(formerly ?? [])], renamedTo: null }
        await model.updateOne({ _id: to }, { $set: kept }, { upsert: true })
        await model.updateOne({ _id: from }, { $set: { ...away.$set, renamedTo: to, formerly: [] } })
        await model.updateMany({ directLeaders: from }, { $set: { 'directLeaders.$': to } })
      }
      await refresh(to)
    },
    setRole: (userid, role) => change(userid, { role, roleSet: true }),
    setBarred: (userid, barred) => change(userid, { barred }),
    signOut: async (userid) => {
      await model.updateOne({ _id: userid }, { $set: { signedOutAt: clock.now() } })
      await access.changed()
    },
    seen: async (userid) => {
      await model.updateOne({ _id: userid }, { $set: { lastSeenAt: clock.date() } })
    },
  }
}

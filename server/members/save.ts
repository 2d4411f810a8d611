import type { WecomMember } from '../wecom/types.ts'
import type { MemberDoc } from './members.model.ts'

/** WeCom's status: 2 disabled, 5 left. Missing where the app may not see it: then they are here. */
const gone: ReadonlySet<number> = new Set([2, 5])

/** What a member has who is seen for the first time. */
const first: Pick<
  MemberDoc,
  'avatar' | 'position' | 'directLeaders' | 'roleSet' | 'barred' | 'rep' | 'formerly' | 'signedOutAt' | 'lastSeenAt'
> = {
  avatar: null,
  position: null,
  directLeaders: [],
  roleSet: false,
  barred: false,
  rep: false,
  formerly: [],
  signedOutAt: 0,
  lastSeenAt: null,
}

/** One member as WeCom tells it; what it does not tell stays as it is. */
export const saveOf = (member: WecomMember, reps: ReadonlySet<string> | undefined) => {
  const { userid, name, avatar, position, departments, leads, directLeaders, status } = member
  const told = {
    name,
    departments,
    leads,
    active: !(status !== undefined && gone.has(status)),
    renamedTo: null,
    ...(avatar === undefined ? {} : { avatar }),
    ...(position === undefined ? {} : { position }),
    ...(directLeaders === undefined ? {} : { directLeaders }),
    ...(reps === undefined ? {} : { rep: reps.has(userid) }),
  }
  const rest = Object.fromEntries(Object.entries(first).filter(([field]) => !(field in told)))
  const role = leads.length > 0 ? ('manager' as const) : ('rep' as const)
  return {
    updateOne: {
      filter: { _id: userid },
      update: { $set: told, $setOnInsert: { ...rest, role } },
      upsert: true,
    },
  }
}

import { within, type Scope } from '../platform/actor.ts'
import type { MembersRead, MemberView } from './read.ts'

type Deps = {
  membersRead: Pick<MembersRead, 'list' | 'admins'>
  scopeOf: (member: MemberView) => Promise<Scope>
}

/** Who manages each of these members: the managers who may see their work; where there is none, the admins. */
export const createManagersOf =
  ({ membersRead, scopeOf }: Deps) =>
  async (userids: readonly string[]): Promise<Map<string, string[]>> => {
    const managers = (await membersRead.list()).filter(
      ({ active, barred, role }) => active && !barred && role === 'manager',
    )
    const scopes = await Promise.all(managers.map(async (one) => ({ userid: one.userid, scope: await scopeOf(one) })))
    const admins = await membersRead.admins()
    return new Map(
      userids.map((userid) => {
        const found = scopes.filter(({ scope, userid: own }) => own !== userid && within(scope, userid))
        return [userid, found.length > 0 ? found.map((one) => one.userid) : admins]
      }),
    )
  }

export type ManagersOf = ReturnType<typeof createManagersOf>

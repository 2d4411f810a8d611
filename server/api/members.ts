import { members as endpoints, type Member } from '@zhiyin/shared/api/members'
import { setAccessCommand } from '../commands/set-access.ts'
import { setRoleCommand } from '../commands/set-role.ts'
import { syncMembersCommand } from '../commands/sync-members.ts'
import type { MemberView, MembersRead } from '../members/read.ts'
import { scopeOf } from '../platform/actor.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof setRoleCommand>[0] &
  Parameters<typeof setAccessCommand>[0] &
  Parameters<typeof syncMembersCommand>[0] & {
    membersRead: Pick<MembersRead, 'list' | 'departments'>
    /** Customers each member follows. */
    countCustomers: (userids: readonly string[]) => Promise<ReadonlyMap<string, number>>
  }

const present = (member: MemberView, customers: number): Member => ({
  userid: member.userid,
  name: member.name,
  position: member.position,
  role: member.role,
  active: member.active,
  barred: member.barred,
  rep: member.rep,
  departments: [...member.departments],
  leads: [...member.leads],
  customers,
  lastSeenAt: member.lastSeenAt?.toISOString() ?? null,
})

export const membersApi = ({ membersRead, countCustomers, ...deps }: Deps): Bound[] => {
  const setRole = setRoleCommand(deps)
  const setAccess = setAccessCommand(deps)
  const sync = syncMembersCommand(deps)
  const one = async (member: MemberView): Promise<Member> =>
    present(member, (await countCustomers([member.userid])).get(member.userid) ?? 0)
  return [
    bind(endpoints.list, async ({ actor }) => {
      const [list, departments] = await Promise.all([membersRead.list(scopeOf(actor)), membersRead.departments()])
      const counts = await countCustomers(list.map((member) => member.userid))
      const shown = list.filter(({ renamedTo }) => renamedTo === null)
      return {
        items: shown.map((member) => present(member, counts.get(member.userid) ?? 0)),
        departments: departments.map(({ id, name, parentId }) => ({ id, name, parentId })),
      }
    }),
    bind(endpoints.sync, ({ actor }) => sync(actor)),
    bind(endpoints.setRole, async ({ actor, params, body }) => one(await setRole(actor, params.id, body.role))),
    bind(endpoints.setAccess, async ({ actor, params, body }) => one(await setAccess(actor, params.id, body.allowed))),
  ]
}

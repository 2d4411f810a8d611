import { members as endpoints, type Member } from '@zhiyin/shared/api/members'
import { setRoleCommand } from '../commands/set-role.ts'
import { syncMembersCommand } from '../commands/sync-members.ts'
import type { MemberView, MembersRead } from '../members/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof setRoleCommand>[0] &
  Parameters<typeof syncMembersCommand>[0] & {
    membersRead: Pick<MembersRead, 'list'>
    /** Customers each member follows. */
    countCustomers: (userids: readonly string[]) => Promise<ReadonlyMap<string, number>>
  }

const present = ({ userid, name, role, active }: MemberView, customers: number): Member => ({
  userid,
  name,
  role,
  active,
  customers,
})

export const membersApi = ({ membersRead, countCustomers, ...deps }: Deps): Bound[] => {
  const setRole = setRoleCommand(deps)
  const sync = syncMembersCommand(deps)
  return [
    bind(endpoints.list, async () => {
      const list = await membersRead.list()
      const counts = await countCustomers(list.map((member) => member.userid))
      return { items: list.map((member) => present(member, counts.get(member.userid) ?? 0)) }
    }),
    bind(endpoints.sync, ({ actor }) => sync(actor)),
    bind(endpoints.setRole, async ({ actor, params, body }) => {
      const member = await setRole(actor, params.id, body.role)
      return present(member, (await countCustomers([member.userid])).get(member.userid) ?? 0)
    }),
  ]
}

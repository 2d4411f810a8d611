import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { WecomDepartment, WecomMember, WecomRead } from '../types.ts'

/** Unknown, no right for that member, or outside the app's range. */
const NOT_OURS = [60111, 60011, 60021, 50002, 40003] as const

/** The answer for a department with all below it would be too large. */
const TOO_BIG = 45029

const memberOf = (wire: api.WireMember): WecomMember => ({
  userid: wire.userid,
  name: wire.name || wire.userid,
  departments: wire.department,
  leads: wire.department.filter((_id, index) => wire.is_leader_in_dept[index] === 1),
  ...(wire.avatar ? { avatar: wire.avatar } : {}),
  ...(wire.status === undefined ? {} : { status: wire.status }),
})

type Members = Pick<WecomRead, 'getUser' | 'listUsers' | 'departments'>

/** The department and everything below it. */
const treeOf = (departments: readonly WecomDepartment[], id: number): number[] => [
  id,
  ...departments.filter((one) => one.parentId === id).flatMap((one) => treeOf(departments, one.id)),
]

/** The address book (通讯录), as far as the self-built app may see it. */
export const createMembersRead = (call: Call): Members => {
  const departments = async (): Promise<WecomDepartment[]> => {
    const answer = await call(api.departmentList, {})
    return answer.department.map(({ id, name, parentid }) => ({ id, name, parentId: parentid }))
  }
  const list = async (id: number, children: boolean): Promise<WecomMember[]> => {
    const answer = await call(api.userList, { department_id: id, fetch_child: children ? '1' : '0' })
    return answer.userlist.map(memberOf)
  }
  /** Department by department; who is in several is there once. */
  const listOneByOne = async (id: number): Promise<WecomMember[]> => {
    const found = new Map<string, WecomMember>()
    for (const one of treeOf(await departments(), id)) {
      for (const member of await list(one, false)) found.set(member.userid, member)
    }
    return [...found.values()]
  }

  return {
    getUser: (userid) =>
      unless(call(api.userGet, { userid }).then(memberOf), (error) => isWecomError(error, ...NOT_OURS), null),
    listUsers: async (id, { children = false } = {}) =>
      (await unless(list(id, children), (error) => children && isWecomError(error, TOO_BIG), null)) ?? listOneByOne(id),
    departments,
  }
}

import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { MembersRead, WecomDepartment, WecomMember } from '../types/members.ts'

/** WeCom does not know the userid. */
const UNKNOWN = [60111, 40003] as const
/** No right for that member or department: outside the app's visible range. */
const OUT_OF_RANGE = [60011, 60021, 50002] as const
/** No such department. */
const NO_DEPARTMENT = [60003, 60123] as const

/** The answer for a department with all below it would be too large. */
const TOO_BIG = 45029

const memberOf = (wire: api.WireMember): WecomMember => ({
  userid: wire.userid,
  name: wire.name || wire.userid,
  departments: wire.department,
  leads: wire.department.filter((_id, index) => wire.is_leader_in_dept[index] === 1),
  ...(wire.direct_leader === undefined ? {} : { directLeaders: wire.direct_leader }),
  ...(wire.position ? { position: wire.position } : {}),
  ...(wire.avatar ? { avatar: wire.avatar } : {}),
  ...(wire.status === undefined ? {} : { status: wire.status }),
})

const departmentOf = (wire: api.WireDepartment): WecomDepartment => ({
  id: wire.id,
  name: wire.name,
  parentId: wire.parentid,
  order: wire.order,
  leaders: wire.department_leader,
})

/** The department and everything below it. */
const treeOf = (departments: readonly WecomDepartment[], id: number): number[] => [
  id,
  ...departments.filter((one) => one.parentId === id).flatMap((one) => treeOf(departments, one.id)),
]

/** The address book (通讯录), as far as the self-built app may see it. */
export const createMembersRead = (call: Call): MembersRead => {
  const departments = async (): Promise<WecomDepartment[]> => {
    const answer = await call(api.departmentList, {})
    return answer.department.map(departmentOf)
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

  const findUser: MembersRead['findUser'] = async (userid) => {
    try {
      return memberOf(await call(api.userGet, { userid }))
    } catch (error) {
      if (isWecomError(error, ...UNKNOWN)) return 'unknown'
      if (isWecomError(error, ...OUT_OF_RANGE)) return 'out_of_range'
      throw error
    }
  }

  return {
    findUser,
    getUser: async (userid) => {
      const found = await findUser(userid)
      return typeof found === 'string' ? null : found
    },
    listUsers: async (id, { children = false } = {}) =>
      (await unless(list(id, children), (error) => children && isWecomError(error, TOO_BIG), null)) ?? listOneByOne(id),
    departments,
    department: (id) =>
      unless(
        call(api.departmentGet, { id }).then((answer) => departmentOf(answer.department)),
        (error) => isWecomError(error, ...NO_DEPARTMENT, ...OUT_OF_RANGE),
        null,
      ),
  }
}

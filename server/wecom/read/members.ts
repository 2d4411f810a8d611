import type { Call } from '../client.ts'
import * as api from '../endpoints.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { WecomMember, WecomRead } from '../types.ts'

/** Unknown, no right for that member, or outside the app's range. */
const NOT_OURS = [60111, 60011, 60021, 50002, 40003] as const

const memberOf = (wire: api.WireMember): WecomMember => ({
  userid: wire.userid,
  name: wire.name || wire.userid,
  departments: wire.department,
  leads: wire.department.filter((_id, index) => wire.is_leader_in_dept[index] === 1),
  ...(wire.avatar ? { avatar: wire.avatar } : {}),
  ...(wire.status === undefined ? {} : { status: wire.status }),
})

type Members = Pick<WecomRead, 'getUser' | 'listUsers' | 'departments'>

/** The address book (通讯录), as far as the self-built app may see it. */
export const createMembersRead = (call: Call): Members => ({
  getUser: (userid) =>
    unless(call(api.userGet, { userid }).then(memberOf), (error) => isWecomError(error, ...NOT_OURS), null),
  listUsers: async (departmentId, { children = false } = {}) => {
    const answer = await call(api.userList, { department_id: departmentId, fetch_child: children ? '1' : '0' })
    return answer.userlist.map(memberOf)
  },
  departments: async () => {
    const answer = await call(api.departmentList, {})
    return answer.department.map(({ id, name, parentid }) => ({ id, name, parentId: parentid }))
  },
})

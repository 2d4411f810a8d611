import { z } from 'zod'
import { rangeOf } from '../company/app-range.ts'
import { activeMembers, departmentTree } from '../company/members.ts'
import type { DepartmentRow, MemberRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { endpoint, EVERY, post, SYNC, type Secret } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { page } from './page.ts'
import { cursor, int, limit, userid } from './schema.ts'

/** A member as a self-built app sees one: no avatar, gender, mobile, mail, address. */
function shown(member: MemberRow) {
  return {
    userid: member.userid,
    name: member.name,
    department: member.department,
    order: member.department.map(() => 0),
    position: member.position ?? '',
    is_leader_in_dept: member.department.map(() => (member.leader ? 1 : 0)),
    direct_leader: [],
    telephone: '',
    alias: '',
    open_userid: '',
    main_department: member.department[0] ?? 1,
    extattr: { attrs: [] },
    status: member.status,
    external_position: member.position ?? '',
    external_profile: { external_attr: [] },
  }
}

/** Members of a department, with all below it when asked. */
function inDepartment(world: World, id: number, fetchChild: boolean, secret: Secret | null): MemberRow[] {
  if (!world.store.departments.has(String(id))) throw new ApiError(60003)
  if (!rangeOf(world, secret).hasDepartment(id)) throw new ApiError(60011)
  const ids = new Set(fetchChild ? departmentTree(world, id).map((one) => one.id) : [id])
  return activeMembers(world).filter((member) => member.department.some((one) => ids.has(one)))
}

/** Departments from `id` down; all without one. */
function departments(world: World, id: number | undefined, secret: Secret | null): DepartmentRow[] {
  const range = rangeOf(world, secret)
  if (id === undefined) return [...world.store.departments.values()].filter((one) => range.hasDepartment(one.id))
  if (!world.store.departments.has(String(id))) throw new ApiError(60003)
  if (!range.hasDepartment(id)) throw new ApiError(60011)
  return departmentTree(world, id)
}

function shownDepartment(world: World, { id, name, parentid, order }: DepartmentRow) {
  const leaders = activeMembers(world).filter((member) => member.leader && member.department.includes(id))
  return { id, name, name_en: '', department_leader: leaders.map((member) => member.userid), parentid, order }
}

const ofDepartment = z.object({ department_id: int, fetch_child: z.enum(['0', '1']).default('0') })

/** The address book (通讯录). */
export const contacts = [
  endpoint({
    method: 'GET',
    path: '/cgi-bin/user/get',
    secrets: EVERY,
    input: z.object({ userid }),
    handle(world, { userid }, { secret }) {
      const member = world.store.members.get(userid)
      if (!member || member.status === 5) throw new ApiError(60111)
      if (!rangeOf(world, secret).hasMember(userid)) throw new ApiError(60011)
      return shown(member)
    },
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/user/list',
    secrets: EVERY,
    input: ofDepartment,
    handle: (world, { department_id, fetch_child }, { secret }) => ({
      userlist: inDepartment(world, department_id, fetch_child === '1', secret).map(shown),
    }),
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/user/simplelist',
    secrets: EVERY,
    input: ofDepartment,
    handle: (world, { department_id, fetch_child }, { secret }) => ({
      userlist: inDepartment(world, department_id, fetch_child === '1', secret).map(({ userid, name, department }) => ({
        userid,
        name,
        department,
        open_userid: '',
      })),
    }),
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/department/list',
    secrets: EVERY,
    input: z.object({ id: int.optional() }),
    handle: (world, { id }, { secret }) => ({
      department: departments(world, id, secret).map((one) => shownDepartment(world, one)),
    }),
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/department/simplelist',
    secrets: EVERY,
    input: z.object({ id: int.optional() }),
    handle: (world, { id }, { secret }) => ({
      department_id: departments(world, id, secret).map(({ id: own, parentid, order }) => ({
        id: own,
        parentid,
        order,
      })),
    }),
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/department/get',
    secrets: EVERY,
    input: z.object({ id: int }),
    handle(world, { id }, { secret }) {
      const department = known(world.store.departments.get(String(id)), 60003)
      if (!rangeOf(world, secret).hasDepartment(id)) throw new ApiError(60011)
      return { department: shownDepartment(world, department) }
    },
  }),
  post(
    '/cgi-bin/user/list_id',
    z.object({ cursor, limit: limit(10_000, 10_000) }),
    (world, { cursor, limit }) => {
      const pairs = activeMembers(world).flatMap(({ userid, department }) =>
        department.map((one) => ({ userid, department: one })),
      )
      const { rows, next_cursor } = page('list_id', pairs, (one) => `${one.userid} ${one.department}`, cursor, limit)
      return { next_cursor, dept_user: rows }
    },
    SYNC,
  ),
]

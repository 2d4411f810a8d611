import type { EventFields } from '../callback/xml.ts'
import type { DepartmentRow, MemberRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { found } from './refusal.ts'

/** What an admin types in when making or changing a member; what is left out keeps its value. */
export interface MemberInput {
  userid: string
  name?: string | undefined
  position?: string | undefined
  department?: number[] | undefined
  leader?: boolean | undefined
  avatar?: string | undefined
  gender?: number | undefined
}

/** Makes or changes a member; a contacts event fires. Departments that do not exist yet are made. */
export function saveMember(world: World, input: MemberInput): MemberRow {
  const old = world.store.members.get(input.userid)
  const department = input.department ?? old?.department ?? [1]
  for (const id of department) ensureDepartment(world, id)
  const member: MemberRow = {
    userid: input.userid,
    name: input.name ?? old?.name ?? input.userid,
    department,
    leader: input.leader ?? old?.leader ?? false,
    avatar: input.avatar ?? old?.avatar ?? '',
    status: 1,
    gender: input.gender ?? old?.gender ?? 0,
  }
  const position = input.position ?? old?.position
  if (position !== undefined) member.position = position
  world.store.members.set(member.userid, member)
  const fields: EventFields = {
    Event: 'change_contact',
    ChangeType: old ? 'update_user' : 'create_user',
    UserID: member.userid,
    Name: member.name,
    Department: department.join(','),
    MainDepartment: department[0] ?? 1,
    IsLeaderInDept: department.map(() => (member.leader ? 1 : 0)).join(','),
    Status: member.status,
  }
  if (position !== undefined) fields['Position'] = position
  world.callbacks.emit(fields)
  return member
}

/** The member leaves the company: kept with status 5, `delete_user` fires. */
export function leaveCompany(world: World, userid: string): void {
  const member = found(world.store.members.get(userid), `member ${userid}`)
  world.store.members.set(userid, { ...member, status: 5 })
  world.callbacks.emit({ Event: 'change_contact', ChangeType: 'delete_user', UserID: userid })
}

/** Members who are in the company, with status 1. */
export function activeMembers(world: World): MemberRow[] {
  return [...world.store.members.values()].filter((member) => member.status === 1)
}

/** Makes a department known; 1 is the company itself. */
export function ensureDepartment(world: World, id: number, name?: string, parentid = 1): DepartmentRow {
  if (id !== 1 && !world.store.departments.has('1')) ensureDepartment(world, 1)
  const old = world.store.departments.get(String(id))
  if (old && (name === undefined || name === old.name)) return old
  const department = {
    id,
    name: name ?? (id === 1 ? '知音公司' : `部门${id}`),
    parentid: id === 1 ? 0 : parentid,
    order: id,
  }
  return world.store.departments.set(String(id), department)
}

/** A department and all below it. */
export function departmentTree(world: World, root: number): DepartmentRow[] {
  const all = [...world.store.departments.values()]
  const inside = new Set([root])
  for (let grew = true; grew;) {
    const before = inside.size
    for (const one of all) if (inside.has(one.parentid)) inside.add(one.id)
    grew = inside.size > before
  }
  return all.filter((one) => inside.has(one.id))
}

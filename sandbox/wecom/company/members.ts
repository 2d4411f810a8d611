import type { EventFields } from '../callback/xml.ts'
import type { DepartmentRow, MemberRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { found, Refusal } from './refusal.ts'

const LEFT = 5

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

/** Makes or changes a member; a contacts event fires, with what has changed. Departments that do not exist yet are made. */
export function saveMember(world: World, input: MemberInput): MemberRow {
  const known = world.store.members.get(input.userid)
  const old = known?.status === LEFT ? undefined : known
  const department = input.department ?? old?.department ?? [1]
  for (const id of department) if (!world.store.departments.has(String(id))) saveDepartment(world, { id })
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
  const before = old ? described(old) : {}
  const changed = Object.entries(described(member)).filter(([name, value]) => before[name] !== value)
  if (changed.length > 0)
    fire(world, old ? 'update_user' : 'create_user', { UserID: member.userid, ...Object.fromEntries(changed) })
  return member
}

/** A member as a self-built app is told of him. */
function described(member: MemberRow): EventFields {
  const fields: EventFields = {
    Name: member.name,
    Department: member.department.join(','),
    MainDepartment: member.department[0] ?? 1,
    IsLeaderInDept: member.department.map(() => (member.leader ? 1 : 0)).join(','),
    Status: member.status,
  }
  if (member.position !== undefined) fields['Position'] = member.position
  return fields
}

function fire(world: World, ChangeType: string, fields: EventFields): void {
  world.callbacks.emit({ Event: 'change_contact', ChangeType, ...fields })
}

/** The fields of an event that a member causes in the app. */
export function fromMember(world: World, userid: string, Event: string, fields: EventFields = {}): EventFields {
  return { FromUserName: userid, Event, ...fields, AgentID: Number(world.options.agentId) }
}

/** The member leaves the company: kept with status 5, `delete_user` fires. */
export function leaveCompany(world: World, userid: string): void {
  const member = found(world.store.members.get(userid), `member ${userid}`)
  if (member.status === LEFT) throw new Refusal(`${userid} has left already`)
  world.store.members.set(userid, { ...member, status: LEFT, left: world.clock.now() })
  fire(world, 'delete_user', { UserID: userid })
}

/** An admin disables a member (2), or he is not activated yet (4), or active again (1); `update_user` fires. */
export function setStatus(world: World, userid: string, status: 1 | 2 | 4): MemberRow {
  const member = found(world.store.members.get(userid), `member ${userid}`)
  if (member.status === LEFT) throw new Refusal(`${userid} has left`)
  fire(world, 'update_user', { UserID: userid, Status: status })
  return world.store.members.set(userid, { ...member, status })
}

/** Members who are in the company, with status 1. */
export function activeMembers(world: World): MemberRow[] {
  return [...world.store.members.values()].filter((member) => member.status === 1)
}

/** Only members who are in the company do anything. */
export function mustBeMember(world: World, userid: string): void {
  if (world.store.members.get(userid)?.status !== 1) throw new Refusal(`member ${userid} not found`, 404)
}

/** Makes a department known; 1 is the company itself. */
export function ensureDepartment(world: World, id: number, name?: string, parentid?: number): DepartmentRow {
  if (id !== 1 && !world.store.departments.has('1')) ensureDepartment(world, 1)
  const old = world.store.departments.get(String(id))
  if (old && (name ?? old.name) === old.name && (parentid ?? old.parentid) === old.parentid) return old
  const department = {
    id,
    name: name ?? old?.name ?? (id === 1 ? '知音公司' : `部门${id}`),
    parentid: id === 1 ? 0 : (parentid ?? old?.parentid ?? 1),
    order: old?.order ?? id,
  }
  return world.store.departments.set(String(id), department)
}

/** Makes a department, or changes its name or place; a contacts event fires. */
export function saveDepartment(
  world: World,
  input: { id?: number | undefined; name?: string | undefined; parentid?: number | undefined },
): DepartmentRow {
  const id = input.id ?? Math.max(1, ...[...world.store.departments.values()].map((one) => one.id)) + 1
  const old = world.store.departments.get(String(id))
  const made = ensureDepartment(world, id, input.name, input.parentid)
  if (!old && id !== 1) {
    fire(world, 'create_party', { Id: id, Name: made.name, ParentId: made.parentid, Order: made.order })
    return made
  }
  const changes: EventFields = {}
  if (old && old.name !== made.name) changes['Name'] = made.name
  if (old && old.parentid !== made.parentid) changes['ParentId'] = made.parentid
  if (Object.keys(changes).length > 0) fire(world, 'update_party', { Id: id, ...changes })
  return made
}

/** Deletes a department nobody is in; a contacts event fires. */
export function deleteDepartment(world: World, id: number): void {
  found(world.store.departments.get(String(id)), `department ${id}`)
  if (activeMembers(world).some((one) => one.department.includes(id))) throw new Refusal('there are members in it')
  if (departmentTree(world, id).length > 1) throw new Refusal('there are departments below it')
  world.store.departments.delete(String(id))
  fire(world, 'delete_party', { Id: id })
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

import type { EventFields } from '../callback/xml.ts'
import { hexId, prefixedId } from '../ids.ts'
import type { GroupMemberRow, GroupRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { countToday } from './daily.ts'
import { welcomeToGroup } from './group-welcome.ts'
import { found, Refusal } from './refusal.ts'

/** An owner makes a group; for a customer group `change_external_chat` fires. */
export function createGroup(
  world: World,
  input: { name: string; owner: string; kind: 'customer' | 'internal' },
): GroupRow {
  const owner = found(world.store.members.get(input.owner), `member ${input.owner}`)
  const now = world.clock.now()
  const group: GroupRow = {
    chat_id: prefixedId('wr'),
    name: input.name,
    owner: owner.userid,
    kind: input.kind,
    notice: '',
    members: [{ id: owner.userid, type: 1, name: owner.name, join_time: now, join_scene: 1 }],
    robots: [],
    admins: [],
    create_time: now,
    member_version: hexId(),
  }
  world.store.groups.set(group.chat_id, group)
  if (group.kind === 'customer') countToday(world, 'groups', group.owner)
  fire(world, group, { ChangeType: 'create' })
  return group
}

/** Somebody joins. `scene`: 1 invited, 2 by a link, 3 by scanning the group's code. */
export function join(world: World, chatId: string, id: string, scene = 1, state?: string): GroupRow {
  const group = found(world.store.groups.get(chatId), `group ${chatId}`)
  if (group.members.some((member) => member.id === id)) throw new Refusal(`${id} is in this group already`)
  const member = world.store.members.get(id)
  const person = found(member ?? world.store.customers.get(id), `member or customer ${id}`)
  if (!member && group.kind === 'internal') throw new Refusal('customers can not join an internal group')
  const joined: GroupMemberRow = {
    id,
    type: member ? 1 : 2,
    name: person.name,
    join_time: world.clock.now(),
    join_scene: scene === 0 ? 1 : scene,
  }
  if (scene !== 3) joined.invitor = group.owner
  if (state !== undefined) joined.state = state
  if (group.members.length >= world.rates.limits().groupSize) throw new Refusal('this group is full')
  const changed = changeMembers(
    world,
    group,
    [...group.members, joined],
    { UpdateDetail: 'add_member', JoinScene: scene === 3 ? 3 : 0 },
    id,
  )
  if (group.kind === 'customer') countToday(world, 'joined', group.owner)
  welcomeToGroup(world, changed, joined)
  return changed
}

/** Somebody leaves. `scene`: 0 by oneself, 1 removed by the owner. */
export function leave(world: World, chatId: string, id: string, scene = 0): GroupRow {
  const group = found(world.store.groups.get(chatId), `group ${chatId}`)
  if (!group.members.some((member) => member.id === id)) throw new Refusal(`${id} is not in this group`)
  if (id === group.owner) throw new Refusal('the owner leaves by handing the group over or dismissing it')
  const rest = group.members.filter((member) => member.id !== id)
  return changeMembers(world, group, rest, { UpdateDetail: 'del_member', QuitScene: scene }, id)
}

function changeMembers(
  world: World,
  group: GroupRow,
  members: GroupMemberRow[],
  detail: EventFields,
  id: string,
): GroupRow {
  const changed = world.store.groups.set(group.chat_id, { ...group, members, member_version: hexId() })
  fire(world, group, {
    ChangeType: 'update',
    ...detail,
    MemChangeCnt: 1,
    MemChangeList: { Item: [id] },
    LastMemVer: group.member_version,
    CurMemVer: changed.member_version,
  })
  return changed
}

/** The owner changes name, notice or owner; one event per change, without the new value. */
export function changeGroup(
  world: World,
  chatId: string,
  change: { name?: string | undefined; notice?: string | undefined; owner?: string | undefined },
): GroupRow {
  const group = found(world.store.groups.get(chatId), `group ${chatId}`)
  if (change.owner !== undefined && !group.members.some((one) => one.id === change.owner && one.type === 1)) {
    throw new Refusal('the new owner must be a member of the company in this group')
  }
  const changed = world.store.groups.set(chatId, {
    ...group,
    name: change.name ?? group.name,
    notice: change.notice ?? group.notice,
    owner: change.owner ?? group.owner,
  })
  for (const field of ['name', 'notice', 'owner'] as const) {
    if (change[field] !== undefined) fire(world, group, { ChangeType: 'update', UpdateDetail: `change_${field}` })
  }
  return changed
}

/** The group is no more. */
export function dismiss(world: World, chatId: string): void {
  const group = found(world.store.groups.get(chatId), `group ${chatId}`)
  world.store.groups.delete(chatId)
  fire(world, group, { ChangeType: 'dismiss' })
}

/** A robot for an internal group; customer groups can not hold one. */
export function addRobot(world: World, chatId: string, name: string): string {
  const group = found(world.store.groups.get(chatId), `group ${chatId}`)
  if (group.kind !== 'internal') throw new Refusal('a customer group can not hold a robot')
  const hex = hexId()
  const key = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  world.store.groups.set(chatId, { ...group, robots: [...group.robots, { key, name }] })
  return key
}

/** The robot is taken out; its key stops working. */
export function removeRobot(world: World, chatId: string, key: string): void {
  const group = found(world.store.groups.get(chatId), `group ${chatId}`)
  world.store.groups.set(chatId, { ...group, robots: group.robots.filter((robot) => robot.key !== key) })
}

/** Only customer groups call back. */
function fire(world: World, group: GroupRow, detail: EventFields): void {
  if (group.kind !== 'customer') return
  world.callbacks.emit({ Event: 'change_external_chat', ChatId: group.chat_id, ...detail })
}

import type { MemberRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { renameInRange, renameInRows } from './rename-rows.ts'
import { found, Refusal } from './refusal.ts'

/** Gives a member another userid; all that names him follows. `update_user` fires with the old id and the new one. */
export function renameMember(world: World, userid: string, newUserid: string): MemberRow {
  const { members, groups, contactWays, tasks } = world.store
  const member = found(members.get(userid), `member ${userid}`)
  if (members.has(newUserid)) throw new Refusal(`there is a member ${newUserid} already`)
  const renamed = (id: string): string => (id === userid ? newUserid : id)

  members.delete(userid)
  const row = members.set(newUserid, { ...member, userid: newUserid })
  for (const relation of world.relations.ofMember(userid)) {
    world.relations.delete(userid, relation.external_userid)
    world.relations.set({ ...relation, userid: newUserid, oper_userid: renamed(relation.oper_userid) })
  }
  for (const group of [...groups.values()].filter((one) => one.members.some(({ id }) => id === userid)))
    groups.set(group.chat_id, {
      ...group,
      owner: renamed(group.owner),
      admins: group.admins.map(renamed),
      members: group.members.map((one) => ({ ...one, id: renamed(one.id) })),
    })
  for (const way of [...contactWays.values()].filter((one) => one.user.includes(userid)))
    contactWays.set(way.config_id, { ...way, user: way.user.map(renamed) })
  for (const task of [...tasks.values()].filter((one) => one.userid === userid)) {
    tasks.delete(`${task.msgid}\n${userid}`)
    tasks.set(`${task.msgid}\n${newUserid}`, { ...task, userid: newUserid })
  }
  renameInRows(world, userid, newUserid)
  renameInRange(world, userid, newUserid)
  world.callbacks.emit({ Event: 'change_contact', ChangeType: 'update_user', UserID: userid, NewUserID: newUserid })
  return row
}

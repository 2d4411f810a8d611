import type { GroupRow } from '../store/rows.ts'
import type { JoinWayRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { createGroup, join } from './groups.ts'
import { found, Refusal } from './refusal.ts'

/**
 * Somebody scans a join way's code and is in the first of its groups with room; when all are full, the platform makes a new one, if the
 * way allows. `change_external_chat` fires (create, update).
 */
export function scanJoinWay(world: World, way: JoinWayRow, externalUserid: string): GroupRow {
  found(world.store.customers.get(externalUserid), `customer ${externalUserid}`)
  const groups = [...way.chat_id_list, ...way.made].flatMap((id) => world.store.groups.get(id) ?? [])
  const old = groups.find((group) => group.members.some((one) => one.id === externalUserid))
  if (old) throw new Refusal(`${externalUserid} is in group ${old.chat_id} already`)
  const most = world.rates.limits().groupSizeByCode
  const group = groups.find((one) => one.members.length < most) ?? another(world, way, groups.at(-1))
  return join(world, group.chat_id, externalUserid, 3, way.state === '' ? undefined : way.state)
}

/** The next group, by the owner of the last: named by base name and number, which goes up. */
function another(world: World, way: JoinWayRow, last: GroupRow | undefined): GroupRow {
  if (way.auto_create_room === 0) throw new Refusal('all groups of this code are full')
  const owner = found(last, 'a group of this code').owner
  const name = `${way.room_base_name}${way.room_base_id + way.made.length}`
  const group = createGroup(world, { name, owner, kind: 'customer' })
  world.store.joinWays.set(way.config_id, { ...way, made: [...way.made, group.chat_id] })
  return group
}

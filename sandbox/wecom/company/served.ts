import type { GroupMemberRow, GroupRow, RelationRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { openidOf } from './openids.ts'

/** Somebody a member has served: his customer, or a person in his customer group who is nobody's customer. */
export type Served = RelationRow | { group: GroupRow; member: GroupMemberRow }

/** All of them; light, as only one page of them is shown. */
export function servedContacts(world: World): Served[] {
  const groups = [...world.store.groups.values()].filter((group) => group.kind === 'customer')
  const strangers = groups.flatMap((group) =>
    group.members
      .filter((member) => member.type === 2 && world.relations.ofCustomer(member.id).length === 0)
      .map((member) => ({ group, member })),
  )
  return [...world.relations.all(), ...strangers]
}

/** Who has served him. */
export function servedBy(served: Served): string {
  return 'group' in served ? served.group.owner : served.userid
}

/** His place in the list. */
export function servedKey(served: Served): string {
  return 'group' in served
    ? `${served.member.id} ${served.group.chat_id}`
    : `${served.external_userid} ${served.userid}`
}

/** As contact_list shows him; a stranger has no external_userid. */
export function shownServed(world: World, served: Served) {
  if ('group' in served) {
    const { group, member } = served
    return {
      is_customer: false,
      tmp_openid: openidOf(world.options.corpId, member.id),
      name: member.name,
      follow_userid: group.owner,
      chat_id: group.chat_id,
      chat_name: group.name,
      add_time: Math.floor(member.join_time / 1000),
    }
  }
  const { userid, external_userid, createtime } = served
  return {
    is_customer: true,
    external_userid,
    name: world.store.customers.get(external_userid)?.name ?? '',
    follow_userid: userid,
    add_time: Math.floor(createtime / 1000),
  }
}

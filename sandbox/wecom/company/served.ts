import type { World } from '../world.ts'
import { openidOf } from './openids.ts'

/** Somebody a member has served: `id` is the person's own, whatever of it may be shown. */
interface Served {
  id: string
  is_customer: boolean
  tmp_openid?: string
  external_userid?: string
  name: string
  follow_userid: string
  chat_id?: string
  chat_name?: string
  /** Seconds. */
  add_time: number
}

/** The customers of every member, and the people in customer groups who are nobody's customers. */
export function servedContacts(world: World): Served[] {
  const customers = [...world.relations.all()].map(({ userid, external_userid, createtime }) => ({
    id: external_userid,
    is_customer: true,
    external_userid,
    name: world.store.customers.get(external_userid)?.name ?? '',
    follow_userid: userid,
    add_time: Math.floor(createtime / 1000),
  }))
  const groups = [...world.store.groups.values()].filter((group) => group.kind === 'customer')
  const strangers = groups.flatMap((group) =>
    group.members
      .filter((member) => member.type === 2 && world.relations.ofCustomer(member.id).length === 0)
      .map((member) => ({
        id: member.id,
        is_customer: false,
        tmp_openid: openidOf(world.options.corpId, member.id),
        name: member.name,
        follow_userid: group.owner,
        chat_id: group.chat_id,
        chat_name: group.name,
        add_time: Math.floor(member.join_time / 1000),
      })),
  )
  return [...customers, ...strangers]
}

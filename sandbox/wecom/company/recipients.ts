import type { RelationRow } from '../store/rows.ts'
import type { World } from '../world.ts'

/** Who a mass message is meant for; undefined means not said. */
export interface Wanted {
  kind: 'single' | 'group'
  sender: string | undefined
  customers: string[] | undefined
  chats: string[] | undefined
  /** A tag of each inner list is needed. */
  tagGroups: string[][] | undefined
}

/** Each sender with his part, and the ids nobody can reach. */
export interface Recipients {
  tasks: Map<string, string[]>
  failed: string[]
}

/** Divides the recipients among the members: the sender alone when named, else one member per customer. */
export function recipients(world: World, wanted: Wanted): Recipients {
  if (wanted.kind === 'group') return groups(world, wanted.sender ?? '', wanted.chats)
  const tasks = new Map<string, string[]>()
  const failed: string[] = []
  if (!wanted.sender && !wanted.customers && !wanted.tagGroups) return { tasks, failed }
  for (const id of new Set(wanted.customers ?? everybody(world, wanted.sender))) {
    const relation = memberFor(world, id, wanted)
    if (relation) push(tasks, relation.userid, id)
    else if (wanted.customers) failed.push(id)
  }
  return { tasks, failed }
}

function push(tasks: Map<string, string[]>, userid: string, id: string): void {
  const list = tasks.get(userid)
  if (list) list.push(id)
  else tasks.set(userid, [id])
}

function everybody(world: World, sender: string | undefined): string[] {
  if (sender !== undefined) return world.relations.ofMember(sender).map((relation) => relation.external_userid)
  return [...world.store.customers.keys()]
}

/** The member a customer falls to: of those who are still friends, the last to talk with him, else the last to meet him. */
function memberFor(world: World, customer: string, wanted: Wanted): RelationRow | undefined {
  const fitting = world.relations
    .ofCustomer(customer)
    .filter((one) => (wanted.sender === undefined || one.userid === wanted.sender) && hasTags(one, wanted.tagGroups))
    .filter((one) => world.store.members.get(one.userid)?.status === 1)
  return fitting.toSorted(
    (a, b) =>
      Number(a.customerDeleted) - Number(b.customerDeleted) || b.talkedAt - a.talkedAt || b.createtime - a.createtime,
  )[0]
}

function hasTags(relation: RelationRow, tagGroups: string[][] | undefined): boolean {
  return (tagGroups ?? []).every((group) => group.some((id) => relation.tags.includes(id)))
}

/** A group falls to its owner; without a list, all his customer groups. */
function groups(world: World, sender: string, chats: string[] | undefined): Recipients {
  const owned = [...world.store.groups.values()].filter((group) => group.kind === 'customer' && group.owner === sender)
  const ids = owned.map((group) => group.chat_id).filter((id) => chats === undefined || chats.includes(id))
  const failed = (chats ?? []).filter((id) => !ids.includes(id))
  return { tasks: ids.length === 0 ? new Map() : new Map([[sender, ids]]), failed }
}

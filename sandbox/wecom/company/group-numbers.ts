import type { World } from '../world.ts'
import { countOn } from './daily.ts'
import { DAY_MS } from './days.ts'

/** The numbers of an owner's customer groups: what was new on the given days, and what there was at the end of the last. */
export function groupNumbers(world: World, owner: string, days: readonly number[]) {
  const end = (days.at(-1) ?? 0) + DAY_MS
  const groups = [...world.store.groups.values()].filter(
    (group) => group.kind === 'customer' && group.owner === owner && group.create_time < end,
  )
  const lines = groups.map((group) => world.ledger.query({ to: group.chat_id, via: 'chat', until: end }))
  const sum = (what: 'groups' | 'joined'): number =>
    days.reduce((total, day) => total + countOn(world, day, what, owner), 0)
  const add = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0)
  return {
    new_chat_cnt: sum('groups'),
    chat_total: groups.length,
    chat_has_msg: lines.filter((list) => list.length > 0).length,
    new_member_cnt: sum('joined'),
    member_total: add(groups.map((group) => group.members.filter((member) => member.join_time < end).length)),
    member_has_msg: add(lines.map((list) => new Set(list.map((line) => line.from)).size)),
    msg_total: add(lines.map((list) => list.length)),
    migrate_trainee_chat_cnt: 0,
  }
}

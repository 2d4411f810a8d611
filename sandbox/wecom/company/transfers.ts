import { hexId } from '../ids.ts'
import type { RelationRow } from '../store/rows.ts'
import type { TransferRow } from '../store/rows-acts.ts'
import type { World } from '../world.ts'
import { changedTags } from './customers.ts'
import { countToday } from './daily.ts'
import { DAY_MS } from './days.ts'
import { found, Refusal } from './refusal.ts'

const ASSIGNED = 202
/** As transfer_result has them. */
export const TRANSFER = { done: 1, waiting: 2, refused: 3, full: 4 } as const
/** The customer has so long to refuse. */
const WAIT_MS = DAY_MS
const WINDOW_MS = 90 * DAY_MS
const PER_WINDOW = 2

type Asked = Pick<TransferRow, 'kind' | 'handover_userid' | 'takeover_userid' | 'external_userid' | 'message'>

/** The hand-over of this customer by this member that waits, if one does. */
export function waitingTransfer(world: World, handover: string, external: string): TransferRow | undefined {
  return [...world.store.transfers.values()].find(
    (one) => one.status === TRANSFER.waiting && one.handover_userid === handover && one.external_userid === external,
  )
}

/** Whether he has been handed over as often as the platform allows in 90 days; refused ones do not count. */
export function transferredOften(world: World, external: string): boolean {
  const since = world.clock.now() - WINDOW_MS
  const counted: number[] = [TRANSFER.done, TRANSFER.waiting]
  const recent = [...world.store.transfers.values()].filter(
    (one) => one.external_userid === external && one.at >= since && counted.includes(one.status),
  )
  return recent.length >= PER_WINDOW
}

/** Whether a member has as many customers as he may. */
export function isFull(world: World, userid: string): boolean {
  return world.relations.ofMember(userid).length >= world.rates.limits().customersPerMember
}

/** Starts a hand-over: it takes effect in 24 h, unless the customer refuses. */
export function startTransfer(world: World, asked: Asked): TransferRow {
  const at = world.clock.now()
  const row: TransferRow = { id: hexId(), ...asked, at, takes: at + WAIT_MS, status: TRANSFER.waiting }
  world.store.transfers.set(row.id, row)
  armTransfer(world, row)
  return row
}

/** Sees to it that a waiting hand-over takes effect in its time; after a restart too. */
export function armTransfer(world: World, { id, takes, status }: TransferRow): void {
  if (status === TRANSFER.waiting) world.clock.at(takes, () => takeEffect(world, id))
}

function takeEffect(world: World, id: string): void {
  const row = world.store.transfers.get(id)
  if (row?.status !== TRANSFER.waiting) return
  const { handover_userid, takeover_userid, external_userid } = row
  const old = world.relations.get(handover_userid, external_userid)
  if (!old || world.store.members.get(takeover_userid)?.status !== 1) return end(world, row, TRANSFER.refused)
  const own = world.relations.get(takeover_userid, external_userid)
  if (!own && isFull(world, takeover_userid)) return fail(world, row, TRANSFER.full, 'customer_limit_exceed')
  world.relations.delete(handover_userid, external_userid)
  world.relations.set(own ? { ...own, tags: changedTags(own.tags, old.tags, []) } : inherited(old, row))
  end(world, row, TRANSFER.done)
  if (row.kind === 'onjob') {
    tell(world, 'del_external_contact', handover_userid, external_userid, { Source: 'DELETE_BY_TRANSFER' })
  }
  if (!own) {
    countToday(world, 'added', takeover_userid)
    tell(world, 'add_external_contact', takeover_userid, external_userid)
  }
  if (row.message !== '') greet(world, row)
}

/** The new member gets the customer with remark, description and tags. */
function inherited({ welcomeCode: _code, link_id: _link, ...old }: RelationRow, row: TransferRow): RelationRow {
  const { takeover_userid, takes } = row
  const met = {
    userid: takeover_userid,
    createtime: takes,
    add_way: ASSIGNED,
    oper_userid: takeover_userid,
    talkedAt: 0,
  }
  return { ...old, ...met, customerDeleted: false }
}

function greet(world: World, { takeover_userid, external_userid, message, id }: TransferRow): void {
  world.ledger.add({
    to: { kind: 'customer', id: external_userid },
    from: takeover_userid,
    via: 'transfer',
    msgtype: 'text',
    text: message,
    content: { text: { content: message } },
    request: id,
  })
}

/** The customer does not want another member. */
export function refuseTransfer(world: World, externalUserid: string, takeover?: string): TransferRow {
  const row = [...world.store.transfers.values()].find(
    (one) =>
      one.status === TRANSFER.waiting &&
      one.external_userid === externalUserid &&
      (takeover === undefined || one.takeover_userid === takeover),
  )
  const waiting = found(row, `a waiting transfer of ${externalUserid}`)
  fail(world, waiting, TRANSFER.refused, 'customer_refused')
  return { ...waiting, status: TRANSFER.refused }
}

function fail(world: World, row: TransferRow, status: number, FailReason: string): void {
  end(world, row, status)
  tell(world, 'transfer_fail', row.takeover_userid, row.external_userid, { FailReason })
}

function end(world: World, row: TransferRow, status: number): void {
  world.store.transfers.set(row.id, { ...row, status, takes: Math.min(row.takes, world.clock.now()) })
}

function tell(
  world: World,
  ChangeType: string,
  UserID: string,
  ExternalUserID: string,
  more: Record<string, string> = {},
): void {
  world.callbacks.emit({ Event: 'change_external_contact', ChangeType, UserID, ExternalUserID, ...more })
}

/** A group gets another owner, who joins it if he is not in it. The old one stays unless he has left the company. */
export function handGroup(world: World, chatId: string, owner: string, inheritedNow: boolean): void {
  const group = found(world.store.groups.get(chatId), `group ${chatId}`)
  const member = found(world.store.members.get(owner), `member ${owner}`)
  const now = world.clock.now()
  const rest = inheritedNow ? group.members.filter((one) => one.id !== group.owner) : group.members
  const inside = rest.some((one) => one.id === owner)
  if (!inside && rest.length >= world.rates.limits().groupSize) throw new Refusal('the group is full')
  const joined = { id: owner, type: 1, name: member.name, join_time: now, join_scene: 1 }
  world.store.groups.set(chatId, {
    ...group,
    owner,
    members: inside ? rest : [...rest, joined],
    member_version: hexId(),
    handed: [...(group.handed ?? []), now],
    ...(inheritedNow ? { inherited: true } : {}),
  })
}

/** When a group was handed over in the last 90 days, epoch ms. */
export function handedLately(world: World, chatId: string): number[] {
  const since = world.clock.now() - WINDOW_MS
  return (world.store.groups.get(chatId)?.handed ?? []).filter((at) => at >= since)
}

import { dayOf } from './days.ts'
import { letters } from '../ids.ts'
import type { MassRow, MassTaskRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { found, Refusal } from './refusal.ts'

/** Results as get_groupmsg_send_result has them. */
export const RESULT = { waiting: 0, sent: 1, notFriend: 2, quotaUsed: 3 } as const

/** What a mass message says, and who has to send it to whom. */
export interface MassInput {
  chat_type: 'single' | 'group'
  create_type: 0 | 1
  creator?: string | undefined
  text: string
  attachments: unknown[]
  allow_select: boolean
  /** Each sender with the customers or groups that fall to him. */
  tasks: Map<string, string[]>
}

/** Makes the message and one waiting task per sender; nothing is sent. */
export function createMass(world: World, input: MassInput): MassRow {
  const mass: MassRow = {
    msgid: `msg${letters(27)}`,
    chat_type: input.chat_type,
    create_time: world.clock.now(),
    create_type: input.create_type,
    text: input.text,
    attachments: input.attachments,
    allow_select: input.allow_select,
    cancelled: false,
    reminders: [],
    senders: [...input.tasks.keys()],
  }
  if (input.creator !== undefined) mass.creator = input.creator
  world.store.mass.set(mass.msgid, mass)
  for (const [userid, targets] of input.tasks) {
    saveTask(world, { msgid: mass.msgid, userid, status: 'waiting', targets, results: {} })
  }
  return mass
}

/** One member's task of a message. */
export function taskOf(world: World, msgid: string, userid: string): MassTaskRow | undefined {
  return world.store.tasks.get(`${msgid}\n${userid}`)
}

function saveTask(world: World, task: MassTaskRow): MassTaskRow {
  return world.store.tasks.set(`${task.msgid}\n${task.userid}`, task)
}

/**
 * The member presses send: each customer or group gets it, unless the quota is used or they are not friends any more.
 *
 * @param chosen the customers left in the selection, where the message allows to choose; the others stay at "not sent".
 */
export function confirm(world: World, msgid: string, userid: string, chosen?: string[]): MassTaskRow {
  const mass = found(world.store.mass.get(msgid), `mass message ${msgid}`)
  const task = found(taskOf(world, msgid, userid), `a task of ${userid} for ${msgid}`)
  if (task.status === 'sent') throw new Refusal('this task has been sent already', 409)
  if (task.status === 'cancelled') throw new Refusal('this task was cancelled', 409)
  const results: Record<string, number> = {}
  for (const target of targetsOf(mass, task, chosen)) results[target] = send(world, mass, userid, target)
  return saveTask(world, { ...task, status: 'sent', sent_at: world.clock.now(), results })
}

function targetsOf(mass: MassRow, task: MassTaskRow, chosen: string[] | undefined): string[] {
  if (chosen === undefined) return task.targets
  const wanted = new Set(chosen)
  const kept = task.targets.filter((id) => wanted.has(id))
  if (kept.length !== wanted.size) throw new Refusal('only customers of the task can be chosen')
  if (kept.length < task.targets.length && !mass.allow_select) throw new Refusal('this message goes to all or nobody')
  return kept
}

function send(world: World, mass: MassRow, userid: string, target: string): number {
  if (mass.chat_type === 'single') {
    const relation = world.relations.get(userid, target)
    if (!relation || relation.customerDeleted) return RESULT.notFriend
  } else if (world.store.groups.get(target)?.owner !== userid) return RESULT.notFriend
  const quota = quotaKey(world, target)
  const used = world.store.quota.get(quota) ?? 0
  if (used >= world.options.massPerDay) return RESULT.quotaUsed
  world.store.quota.set(quota, used + 1)
  world.ledger.add({
    to: { kind: mass.chat_type === 'single' ? 'customer' : 'group', id: target },
    from: userid,
    via: mass.chat_type === 'single' ? 'mass' : 'group_mass',
    msgtype: mass.text === '' ? firstType(mass.attachments) : 'text',
    text: mass.text,
    content: { text: { content: mass.text }, attachments: mass.attachments },
    request: mass.msgid,
  })
  return RESULT.sent
}

/** Unsent tasks are stopped; what was sent stays. */
export function cancelMass(world: World, mass: MassRow): void {
  world.store.mass.set(mass.msgid, { ...mass, cancelled: true })
  for (const userid of mass.senders) {
    const task = taskOf(world, mass.msgid, userid)
    if (task?.status === 'waiting') saveTask(world, { ...task, status: 'cancelled' })
  }
}

/** The msgtype of the first attachment; texts of other kinds have none. */
export function firstType(attachments: unknown[]): string {
  const first = attachments[0]
  const named = typeof first === 'object' && first !== null && 'msgtype' in first ? first.msgtype : undefined
  return typeof named === 'string' ? named : 'text'
}

/** Quota is counted per target and day in China's time. */
function quotaKey(world: World, target: string): string {
  return `${target}|${dayOf(world.clock.now())}`
}

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { rangeOf } from '../company/app-range.ts'
import { issueResponseCode } from '../company/cards.ts'
import { activeMembers } from '../company/members.ts'
import { letters } from '../ids.ts'
import type { World } from '../world.ts'
import { AGENT, endpoint } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { checkFiles, MessageBody, summary } from './message-bodies.ts'
import { flag, int } from './schema.ts'

/** Person-times a day for each account of the corp. */
const PER_ACCOUNT = 200

const Common = z.object({
  touser: z.string().default(''),
  toparty: z.string().default(''),
  totag: z.string().default(''),
  agentid: int,
  safe: flag.optional(),
  enable_id_trans: flag.optional(),
  enable_duplicate_check: flag.default(0),
  duplicate_check_interval: z.int().min(1).max(14_400).default(1800),
})
type Message = z.infer<typeof Common> & MessageBody

const split = (list: string): string[] => [...new Set(list.split('|').filter((id) => id !== ''))]

/** The members addressed, and the names that lead nowhere. */
function addressed(world: World, message: Message) {
  const range = rangeOf(world, 'agent')
  const members = activeMembers(world).filter((member) => range.hasMember(member.userid))
  const users = split(message.touser)
  if (users.length > 1000) throw new ApiError(40058, 'more than 1000 in touser')
  const parties = split(message.toparty)
  const tags = split(message.totag)
  if (parties.length > 100) throw new ApiError(82002)
  if (tags.length > 100) throw new ApiError(82003)
  if (users.length + parties.length + tags.length === 0) throw new ApiError(82001)
  const byId = new Map(members.map((member) => [member.userid.toLowerCase(), member.userid]))
  const ids = new Set(users.includes('@all') ? byId.values() : users.flatMap((id) => byId.get(id.toLowerCase()) ?? []))
  const invalidUsers = users.filter((id) => id !== '@all' && !byId.has(id.toLowerCase())).map((id) => id.toLowerCase())
  const invalidParties = parties.filter((id) => !world.store.departments.has(id) || !range.hasDepartment(Number(id)))
  for (const member of members) if (member.department.some((id) => parties.includes(String(id)))) ids.add(member.userid)
  return {
    ids: [...ids],
    invaliduser: invalidUsers.join('|'),
    invalidparty: invalidParties.join('|'),
    invalidtag: tags.join('|'),
  }
}

/** The msgid of the same message sent within the interval, if the caller asked to look. */
function duplicateOf(world: World, message: Message, key: string): string | undefined {
  const seen = world.store.duplicates.get(key)
  if (message.enable_duplicate_check === 0 || !seen) return undefined
  return world.clock.now() - seen.at < message.duplicate_check_interval * 1000 ? seen.msgid : undefined
}

/** A hash of what is said to whom. */
function fingerprint({
  enable_duplicate_check: _check,
  duplicate_check_interval: _interval,
  ...rest
}: Message): string {
  return createHash('sha1').update(JSON.stringify(rest)).digest('hex')
}

/** More than 30 a minute or 1000 an hour to one member are dropped without a word. */
function mayReceive(world: World, id: string): boolean {
  const now = world.clock.now()
  const { messagesPerMinute, messagesPerHour } = world.rates.limits()
  const lastHour = world.ledger.query({ to: id, via: 'app', since: String(now - 3_600_000) })
  const lastMinute = lastHour.filter((entry) => entry.at >= now - 60_000)
  return lastMinute.length < messagesPerMinute && lastHour.length < messagesPerHour
}

/** Messages of the app to members (应用消息). */
export const appMessages = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/message/send',
    secrets: AGENT,
    forbidden: 301002,
    input: z.intersection(Common, MessageBody),
    handle(world, message) {
      if (String(message.agentid) !== world.options.agentId) throw new ApiError(301002)
      checkFiles(world, message)
      const { ids, ...invalid } = addressed(world, message)
      if (ids.length === 0) throw new ApiError(81013)
      const key = fingerprint(message)
      const before = duplicateOf(world, message, key)
      if (before !== undefined) return { ...invalid, unlicenseduser: '', msgid: before }
      const { accounts } = world.rates.limits()
      world.rates.count('message/send', { day: accounts === null ? null : accounts * PER_ACCOUNT }, ids.length)
      const msgid = letters(60)
      const at = world.clock.now()
      world.store.duplicates.set(key, { msgid, at })
      world.store.sent.set(msgid, { msgid, at })
      const interactive = message.msgtype === 'template_card' && message.template_card.task_id !== undefined
      for (const id of ids) {
        if (!mayReceive(world, id)) continue
        world.ledger.add({
          to: { kind: 'member', id },
          from: world.options.agentId,
          via: 'app',
          msgtype: message.msgtype,
          text: summary(message),
          content: message,
          request: msgid,
        })
      }
      const sent = { ...invalid, unlicenseduser: '', msgid }
      return interactive ? { ...sent, response_code: issueResponseCode(world, msgid) } : sent
    },
  }),
]

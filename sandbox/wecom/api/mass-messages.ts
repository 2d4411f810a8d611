import { z } from 'zod'
import { cancelMass, createMass, RESULT, taskOf } from '../company/mass.ts'
import { recipients } from '../company/recipients.ts'
import type { MassRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { checkContent, content } from './attachments.ts'
import { ANY, endpoint } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { page } from './page.ts'
import { cursor, limit, says, seconds, userid } from './schema.ts'

const DAY_MS = 86_400_000
const MONTH_S = 31 * 86_400
const msgid = z.string(says(41046)).min(1, says(41046))

const template = z.object({
  chat_type: z.enum(['single', 'group']).default('single'),
  external_userid: z.array(z.string()).max(10_000).optional(),
  chat_id_list: z.array(z.string()).max(2000).optional(),
  tag_filter: z
    .object({ group_list: z.array(z.object({ tag_list: z.array(z.string()).min(1).max(100) })).min(1) })
    .optional(),
  sender: userid.optional(),
  allow_select: z.boolean().default(false),
  ...content,
})

function find(world: World, id: string): MassRow {
  const mass = world.store.mass.get(id)
  if (!mass) throw new ApiError(41047)
  return mass
}

function shown(mass: MassRow) {
  return {
    msgid: mass.msgid,
    ...(mass.creator === undefined ? {} : { creator: mass.creator }),
    create_time: seconds(mass.create_time),
    create_type: mass.create_type,
    ...(mass.text === '' ? {} : { text: { content: mass.text } }),
    attachments: mass.attachments,
  }
}

/** Mass messages (企业群发): tasks that wait for the members, and what became of them. */
export const massMessages = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/add_msg_template',
    secrets: ANY,
    input: template,
    handle(world, asked) {
      checkContent(world, asked.text.content, asked.attachments)
      if (asked.sender !== undefined && !world.store.members.has(asked.sender)) throw new ApiError(40003, 'sender')
      if (asked.chat_type === 'group' && asked.sender === undefined) throw new ApiError(40063, 'missing sender')
      const { tasks, failed } = recipients(world, {
        kind: asked.chat_type,
        sender: asked.sender,
        customers: asked.external_userid?.length === 0 ? undefined : asked.external_userid,
        chats: asked.chat_id_list?.length === 0 ? undefined : asked.chat_id_list,
        tagGroups: asked.tag_filter?.group_list.map((group) => group.tag_list),
      })
      if (tasks.size === 0) throw new ApiError(41048)
      const { msgid } = createMass(world, {
        chat_type: asked.chat_type,
        create_type: 0,
        text: asked.text.content,
        attachments: asked.attachments,
        allow_select: asked.chat_type === 'single' && asked.allow_select,
        tasks,
      })
      return { fail_list: failed, msgid }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/remind_groupmsg_send',
    secrets: ANY,
    input: z.object({ msgid }),
    handle(world, { msgid }) {
      const mass = find(world, msgid)
      if (mass.cancelled) throw new ApiError(41093)
      const now = world.clock.now()
      const recent = mass.reminders.filter((at) => now - at < DAY_MS)
      if (recent.length >= 3) throw new ApiError(41094)
      world.store.mass.set(msgid, { ...mass, reminders: [...recent, now] })
      return {}
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/cancel_groupmsg_send',
    secrets: ANY,
    input: z.object({ msgid }),
    handle(world, { msgid }) {
      const mass = find(world, msgid)
      if (mass.cancelled) throw new ApiError(41093)
      cancelMass(world, mass)
      return {}
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_groupmsg_list_v2',
    secrets: ANY,
    input: z.object({
      chat_type: z.enum(['single', 'group']),
      start_time: z.int(),
      end_time: z.int(),
      creator: userid.optional(),
      filter_type: z.int().min(0).max(2).default(2),
      limit: limit(50, 100),
      cursor,
    }),
    handle(world, asked) {
      if (asked.end_time < asked.start_time) throw new ApiError(40058, 'end_time before start_time')
      if (asked.end_time - asked.start_time > MONTH_S) throw new ApiError(40058, 'more than a month')
      const list = [...world.store.mass.values()].filter((mass) => {
        const at = seconds(mass.create_time)
        const inTime = at >= asked.start_time && at <= asked.end_time
        const kind = asked.filter_type === 2 || asked.filter_type === mass.create_type
        return (
          inTime &&
          kind &&
          mass.chat_type === asked.chat_type &&
          (asked.creator === undefined || mass.creator === asked.creator)
        )
      })
      const { rows, next_cursor } = page('groupmsg', list, (mass) => mass.msgid, asked.cursor, asked.limit)
      return { group_msg_list: rows.map(shown), next_cursor }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_groupmsg_task',
    secrets: ANY,
    input: z.object({ msgid, limit: limit(500, 1000), cursor }),
    handle(world, { msgid, limit, cursor }) {
      const mass = find(world, msgid)
      const { rows, next_cursor } = page(`task ${msgid}`, mass.senders, (id) => id, cursor, limit)
      const task_list = rows.map((id) => {
        const task = taskOf(world, msgid, id)
        return task?.sent_at === undefined
          ? { userid: id, status: 0 }
          : { userid: id, status: 2, send_time: seconds(task.sent_at) }
      })
      return { task_list, next_cursor }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_groupmsg_send_result',
    secrets: ANY,
    input: z.object({ msgid, userid, limit: limit(500, 1000), cursor }),
    handle(world, { msgid, userid, limit, cursor }) {
      const mass = find(world, msgid)
      const task = taskOf(world, msgid, userid)
      if (!task) throw new ApiError(40058, 'userid')
      const sentAt = task.sent_at === undefined ? 0 : seconds(task.sent_at)
      const single = mass.chat_type === 'single'
      const targets = single ? task.targets : task.targets.filter((id) => task.results[id] === RESULT.sent)
      const { rows, next_cursor } = page(`result ${msgid} ${userid}`, targets, (id) => id, cursor, limit)
      const send_list = rows.map((id) => {
        const status = task.results[id] ?? RESULT.waiting
        const time = status === RESULT.sent ? { send_time: sentAt } : {}
        return single ? { external_userid: id, userid, status, ...time } : { chat_id: id, userid, status, ...time }
      })
      return { send_list, next_cursor }
    },
  }),
]

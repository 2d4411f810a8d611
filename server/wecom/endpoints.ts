import { z } from 'zod'
import { wecomEndpoint } from './endpoint.ts'

/** Every WeCom API the product calls (apis.md). Answers are read leniently: only what we use, extra fields cut off. */

const text = z.string()
const list = z.array(z.string()).default([])
const seconds = z.coerce.number()
const cursor = text.optional()
const next = text.default('')
const nothing = z.object({})
const cgi = '/cgi-bin/externalcontact'

export const getToken = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/gettoken',
  token: 'none',
  effect: 'read',
  request: z.object({ corpid: text, corpsecret: text }),
  response: z.object({ access_token: text.min(1), expires_in: z.number().positive() }),
})

const ticket = z.object({ ticket: text.min(1), expires_in: z.number().positive() })
export const corpTicket = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/get_jsapi_ticket',
  token: 'agent',
  effect: 'read',
  request: nothing,
  response: ticket,
})
export const agentTicket = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/ticket/get',
  token: 'agent',
  effect: 'read',
  request: z.object({ type: z.literal('agent_config') }),
  response: ticket,
})

/** A code works once, so a lost answer cannot be asked for again. */
export const userInfo = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/auth/getuserinfo',
  token: 'agent',
  effect: 'once',
  request: z.object({ code: text }),
  response: z.object({ userid: text.optional(), UserId: text.optional() }),
})

const member = z.object({
  userid: text,
  name: text.default(''),
  department: z.array(z.number()).default([]),
  is_leader_in_dept: z.array(z.number()).default([]),
  avatar: text.optional(),
  status: z.number().optional(),
})
export type WireMember = z.output<typeof member>
export const userGet = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/user/get',
  token: 'agent',
  effect: 'read',
  request: z.object({ userid: text }),
  response: member,
})
export const userList = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/user/list',
  token: 'agent',
  effect: 'read',
  request: z.object({ department_id: z.int(), fetch_child: z.enum(['0', '1']) }),
  response: z.object({ userlist: z.array(member).default([]) }),
  timeoutMs: 20_000,
})
export const departmentList = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/department/list',
  token: 'agent',
  effect: 'read',
  request: nothing,
  response: z.object({
    department: z.array(z.object({ id: z.int(), name: text.default(''), parentid: z.int().default(0) })).default([]),
  }),
})

export const followUserList = wecomEndpoint({
  method: 'GET',
  path: `${cgi}/get_follow_user_list`,
  token: 'contact',
  effect: 'read',
  request: nothing,
  response: z.object({ follow_user: list }),
})
export const contactList = wecomEndpoint({
  method: 'GET',
  path: `${cgi}/list`,
  token: 'contact',
  effect: 'read',
  request: z.object({ userid: text }),
  response: z.object({ external_userid: list }),
})

const contact = z.object({
  external_userid: text,
  name: text.default(''),
  avatar: text.optional(),
  type: z.number().default(1),
  gender: z.number().default(0),
  unionid: text.optional(),
})
export type WireContact = z.output<typeof contact>
const follow = z.object({
  userid: text,
  remark: text.optional(),
  description: text.optional(),
  createtime: seconds,
  add_way: z.number().optional(),
  state: text.optional(),
  remark_mobiles: z.array(text).nullish(),
})
export type WireFollow = z.output<typeof follow>
export const contactGet = wecomEndpoint({
  method: 'GET',
  path: `${cgi}/get`,
  token: 'contact',
  effect: 'read',
  request: z.object({ external_userid: text, cursor }),
  response: z.object({
    external_contact: contact,
    follow_user: z.array(follow.extend({ tags: z.array(z.object({ tag_id: text.optional() })).nullish() })).default([]),
    next_cursor: next,
  }),
})
export const batchGetByUser = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/batch/get_by_user`,
  token: 'contact',
  effect: 'read',
  request: z.object({ userid_list: z.array(text).min(1).max(100), cursor, limit: z.int() }),
  response: z.object({
    external_contact_list: z
      .array(z.object({ external_contact: contact, follow_info: follow.extend({ tag_id: z.array(text).nullish() }) }))
      .default([]),
    next_cursor: next,
  }),
  timeoutMs: 20_000,
})

export const groupChatList = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/list`,
  token: 'contact',
  effect: 'read',
  request: z.object({
    status_filter: z.int(),
    owner_filter: z.object({ userid_list: z.array(text).max(100) }).optional(),
    cursor,
    limit: z.int(),
  }),
  response: z.object({
    group_chat_list: z.array(z.object({ chat_id: text, status: z.number().default(0) })).default([]),
    next_cursor: next,
  }),
})
export const groupChatGet = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/get`,
  token: 'contact',
  effect: 'read',
  request: z.object({ chat_id: text, need_name: z.literal(1) }),
  response: z.object({
    group_chat: z.object({
      chat_id: text,
      name: text.default(''),
      owner: text.default(''),
      create_time: seconds,
      notice: text.optional(),
      member_list: z
        .array(
          z.object({
            userid: text,
            type: z.number(),
            name: text.optional(),
            join_time: seconds,
            join_scene: z.number().default(0),
            invitor: z.object({ userid: text }).optional(),
            state: text.optional(),
          }),
        )
        .default([]),
      admin_list: z.array(z.object({ userid: text })).default([]),
      member_version: text.optional(),
    }),
  }),
})

const tag = z.object({ id: text, name: text, order: z.number().default(0), deleted: z.boolean().default(false) })
const tagGroup = z.object({
  group_id: text,
  group_name: text,
  order: z.number().default(0),
  deleted: z.boolean().default(false),
  tag: z.array(tag).default([]),
})
export type WireTagGroup = z.output<typeof tagGroup>
export const corpTagList = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_corp_tag_list`,
  token: 'contact',
  effect: 'read',
  request: z.object({ tag_id: z.array(text).optional(), group_id: z.array(text).optional() }),
  response: z.object({ tag_group: z.array(tagGroup).default([]) }),
})
/** Repeatable: the name is unique in its group, so a second call answers 40071. */
export const addCorpTag = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/add_corp_tag`,
  token: 'contact',
  effect: 'repeatable',
  request: z.object({ group_name: text.min(1), tag: z.array(z.object({ name: text.min(1) })).length(1) }),
  response: z.object({ tag_group: tagGroup }),
})
export const markTag = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/mark_tag`,
  token: 'contact',
  effect: 'repeatable',
  request: z.object({
    userid: text,
    external_userid: text,
    add_tag: z.array(text).optional(),
    remove_tag: z.array(text).optional(),
  }),
  response: nothing,
})
export const remark = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/remark`,
  token: 'contact',
  effect: 'repeatable',
  request: z.object({
    userid: text,
    external_userid: text,
    remark: text.optional(),
    description: text.optional(),
    remark_mobiles: z.array(text).optional(),
  }),
  response: nothing,
})

export const addContactWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/add_contact_way`,
  token: 'contact',
  effect: 'once',
  request: z.object({
    type: z.union([z.literal(1), z.literal(2)]),
    scene: z.literal(2),
    remark: text.optional(),
    skip_verify: z.boolean(),
    state: text.min(1).max(30),
    user: z.array(text).min(1).max(100),
  }),
  response: z.object({ config_id: text.min(1), qr_code: text.default('') }),
})

const attachment = z.union([
  z.object({
    msgtype: z.literal('link'),
    link: z.object({ title: text, url: text, desc: text.optional(), picurl: text.optional() }),
  }),
  z.object({ msgtype: z.literal('image'), image: z.object({ pic_url: text }) }),
])
export type WireAttachment = z.input<typeof attachment>
const message = { text: z.object({ content: text }).optional(), attachments: z.array(attachment).max(9).optional() }

export const sendWelcome = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/send_welcome_msg`,
  token: 'contact',
  effect: 'once',
  request: z.object({ welcome_code: text.min(1), ...message }),
  response: nothing,
  timeoutMs: 5000,
})
const chatType = z.enum(['single', 'group'])
export const addMassMessage = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/add_msg_template`,
  token: 'contact',
  effect: 'once',
  request: z.object({
    chat_type: chatType,
    sender: text.min(1),
    external_userid: z.array(text).min(1).max(10_000).optional(),
    chat_id_list: z.array(text).min(1).max(2000).optional(),
    ...message,
  }),
  response: z.object({ msgid: text.min(1), fail_list: z.array(text).nullish() }),
  timeoutMs: 15_000,
})
export const groupMessageList = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_groupmsg_list_v2`,
  token: 'contact',
  effect: 'read',
  request: z.object({
    chat_type: chatType,
    start_time: z.int(),
    end_time: z.int(),
    filter_type: z.literal(2),
    limit: z.int(),
    cursor,
  }),
  response: z.object({
    group_msg_list: z
      .array(
        z.object({
          msgid: text,
          creator: text.optional(),
          create_time: seconds,
          text: z.union([text, z.object({ content: text.default('') })]).nullish(),
          attachments: z.array(z.unknown()).nullish(),
        }),
      )
      .default([]),
    next_cursor: next,
  }),
})
export const groupMessageTask = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_groupmsg_task`,
  token: 'contact',
  effect: 'read',
  request: z.object({ msgid: text, limit: z.int(), cursor }),
  response: z.object({
    task_list: z.array(z.object({ userid: text, status: z.number(), send_time: seconds.optional() })).default([]),
    next_cursor: next,
  }),
})
export const groupMessageResult = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/get_groupmsg_send_result`,
  token: 'contact',
  effect: 'read',
  request: z.object({ msgid: text, userid: text, limit: z.int(), cursor }),
  response: z.object({
    send_list: z
      .array(
        z.object({
          external_userid: text.optional(),
          chat_id: text.optional(),
          status: z.number(),
          send_time: seconds.optional(),
        }),
      )
      .default([]),
    next_cursor: next,
  }),
})

/** Repeatable within the interval of its duplicate check. */
export const messageSend = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/message/send',
  token: 'agent',
  effect: 'once',
  request: z.object({
    touser: text.min(1),
    msgtype: z.literal('text'),
    agentid: z.int(),
    text: z.object({ content: text.min(1) }),
    enable_duplicate_check: z.literal(1),
    duplicate_check_interval: z.int().max(14_400),
  }),
  response: z.object({ msgid: text.default(''), invaliduser: text.nullish() }),
})
/** `key` travels in the query and is a secret. */
export const webhookSend = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/webhook/send',
  token: 'none',
  effect: 'once',
  request: z.union([
    z.object({ msgtype: z.literal('text'), text: z.object({ content: text.min(1) }) }),
    z.object({ msgtype: z.literal('markdown'), markdown: z.object({ content: text.min(1) }) }),
  ]),
  response: nothing,
})

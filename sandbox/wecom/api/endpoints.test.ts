import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { endpoints } from './endpoints.ts'

const text = z.string()
const id32 = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[\\w-]{30}$`))
const seconds = z.int().min(1_600_000_000).max(4_000_000_000)
const member = z.looseObject({ userid: text, name: text, department: z.array(z.int()) })
const contact = z.looseObject({ external_userid: id32('wm'), name: text, avatar: text, type: z.int(), gender: z.int() })
const follow = {
  userid: text,
  remark: text,
  description: text,
  createtime: seconds,
  add_way: z.int(),
  oper_userid: text,
}
const tag = z.object({ id: id32('et'), name: text, create_time: seconds, order: z.int() })
const group = z.object({
  group_id: id32('et'),
  group_name: text,
  create_time: seconds,
  order: z.int(),
  tag: z.array(tag).min(1),
})

/** What the requests below refer to; made once. */
interface Known {
  customer: string
  code: string
  way: string
  tag: string
  group: string
  chat: string
  msgid: string
  key: string
  oauth: string
  ticket: string
  media: string
}

/** One good request with the shape of its answer (besides errcode and errmsg), and bad ones with their codes. */
interface Row {
  good: (known: Known) => Record<string, unknown>
  shape: z.ZodType
  bad?: (known: Known) => [input: Record<string, unknown>, errcode: number][]
}

const nothing = z.object({})
const over = (bytes: number): string => '好'.repeat(Math.ceil(bytes / 3) + 1)
const link = { msgtype: 'link', link: { title: 't', url: 'https://a' } }

const rows: Record<string, Row> = {
  '/cgi-bin/gettoken': {
    good: () => ({ corpid: 'wwtest0000000001', corpsecret: 'agent' }),
    shape: z.object({ access_token: text.max(512), expires_in: z.int().max(7200) }),
    bad: () => [
      [{ corpid: 'wwtest0000000001', corpsecret: 'wrong' }, 40001],
      [{ corpid: 'ww2', corpsecret: 'agent' }, 40013],
      [{ corpid: 'wwtest0000000001' }, 40063],
    ],
  },
  '/cgi-bin/get_jsapi_ticket': { good: () => ({}), shape: z.object({ ticket: text, expires_in: z.int() }) },
  '/cgi-bin/ticket/get': {
    good: () => ({ type: 'agent_config' }),
    shape: z.object({ ticket: text, expires_in: z.int() }),
    bad: () => [
      [{ type: 'jsapi' }, 91040],
      [{}, 91040],
    ],
  },
  '/cgi-bin/getcallbackip': { good: () => ({}), shape: z.object({ ip_list: z.array(text) }) },
  '/cgi-bin/get_api_domain_ip': { good: () => ({}), shape: z.object({ ip_list: z.array(text) }) },
  '/cgi-bin/auth/getuserinfo': {
    good: ({ oauth }) => ({ code: oauth }),
    shape: z.object({ userid: z.literal('lina'), user_ticket: text, expires_in: z.literal(1800) }),
    bad: ({ oauth }) => [
      [{ code: 'unknown' }, 40029],
      [{ code: oauth }, 42022],
    ],
  },
  '/cgi-bin/auth/getuserdetail': {
    good: ({ ticket }) => ({ user_ticket: ticket }),
    shape: z.looseObject({ userid: z.literal('lina'), gender: text, avatar: text }),
    bad: () => [[{ user_ticket: 'x' }, 84015]],
  },
  '/cgi-bin/user/get': { good: () => ({ userid: 'lina' }), shape: member, bad: () => [[{ userid: 'nobody' }, 60111]] },
  '/cgi-bin/user/list': {
    good: () => ({ department_id: '1', fetch_child: '1' }),
    shape: z.object({ userlist: z.array(member).length(2) }),
    bad: () => [
      [{ department_id: '99' }, 60003],
      [{}, 40063],
    ],
  },
  '/cgi-bin/user/simplelist': {
    good: () => ({ department_id: '1' }),
    shape: z.object({
      userlist: z.array(z.object({ userid: text, name: text, department: z.array(z.int()), open_userid: text })),
    }),
  },
  '/cgi-bin/department/list': {
    good: () => ({}),
    shape: z.object({
      department: z.array(z.looseObject({ id: z.int(), name: text, parentid: z.int(), order: z.int() })).min(1),
    }),
  },
  '/cgi-bin/department/simplelist': {
    good: () => ({}),
    shape: z.object({ department_id: z.array(z.object({ id: z.int(), parentid: z.int(), order: z.int() })) }),
  },
  '/cgi-bin/externalcontact/get_follow_user_list': {
    good: () => ({}),
    shape: z.object({ follow_user: z.array(text).length(2) }),
  },
  '/cgi-bin/externalcontact/list': {
    good: () => ({ userid: 'lina' }),
    shape: z.object({ external_userid: z.array(id32('wm')).min(1) }),
    bad: () => [[{ userid: 'lonely' }, 84061]],
  },
  '/cgi-bin/externalcontact/get': {
    good: ({ customer }) => ({ external_userid: customer }),
    shape: z.object({
      external_contact: contact,
      follow_user: z.array(z.looseObject({ ...follow, tags: z.array(z.looseObject({ type: z.int() })) })).length(1),
      next_cursor: text,
    }),
    bad: ({ customer }) => [
      [{}, 41035],
      [{ external_userid: 'wmUNKNOWN' }, 40096],
      [{ external_userid: customer, cursor: 'made-up' }, 50100],
    ],
  },
  '/cgi-bin/externalcontact/batch/get_by_user': {
    good: () => ({ userid_list: ['lina'], limit: 100 }),
    shape: z.object({
      external_contact_list: z.array(
        z.object({ external_contact: contact, follow_info: z.looseObject({ ...follow, tag_id: z.array(text) }) }),
      ),
      next_cursor: text,
    }),
    bad: () => [
      [{ userid_list: [] }, 40058],
      [{ userid_list: ['lina'], limit: 101 }, 40058],
      [{ userid_list: ['nobody'] }, 40003],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/remark': {
    good: ({ customer }) => ({ userid: 'lina', external_userid: customer, remark: '老客户' }),
    shape: nothing,
    bad: ({ customer }) => [
      [{ userid: 'lina', external_userid: customer }, 40058],
      [{ userid: 'lina', external_userid: customer, remark: '长'.repeat(21) }, 40058],
      [{ userid: 'lonely', external_userid: customer, remark: 'x' }, 84061],
    ],
  },
  '/cgi-bin/externalcontact/mark_tag': {
    good: ({ customer, tag }) => ({ userid: 'lina', external_userid: customer, add_tag: [tag] }),
    shape: nothing,
    bad: ({ customer, tag }) => [
      [{ userid: 'lina', external_userid: customer }, 40063],
      [{ userid: 'lina', external_userid: customer, add_tag: ['etNONE'] }, 40068],
      [{ userid: 'lonely', external_userid: customer, add_tag: [tag] }, 84061],
      [{ userid: 'lina', add_tag: [tag] }, 41035],
    ],
  },
  '/cgi-bin/externalcontact/get_corp_tag_list': {
    good: () => ({}),
    shape: z.object({ tag_group: z.array(group).min(1) }),
  },
  '/cgi-bin/externalcontact/add_corp_tag': {
    good: () => ({ group_name: '兴趣', tag: [{ name: '茶' }, { name: '咖啡', order: 2 }] }),
    shape: z.object({ tag_group: group }),
    bad: ({ group }) => [
      [{ group_id: group, tag: [{ name: '门店' }] }, 40071],
      [{ group_id: 'etNONE', tag: [{ name: 'x' }] }, 40068],
      [{ group_name: 'g', tag: [{ name: '名'.repeat(31) }] }, 40072],
      [{ tag: [{ name: 'x' }] }, 40063],
    ],
  },
  '/cgi-bin/externalcontact/edit_corp_tag': {
    good: ({ tag }) => ({ id: tag, name: '门店扫码' }),
    shape: nothing,
    bad: () => [[{ id: 'etNONE', name: 'x' }, 40068]],
  },
  '/cgi-bin/externalcontact/del_corp_tag': {
    good: ({ tag }) => ({ tag_id: [tag] }),
    shape: nothing,
    bad: () => [
      [{ tag_id: ['etNONE'] }, 40068],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/add_contact_way': {
    good: () => ({ type: 1, scene: 2, user: ['lina'], state: 'store_07' }),
    shape: z.object({ config_id: text, qr_code: z.url() }),
    bad: () => [
      [{ type: 3, scene: 2, user: ['lina'] }, 41037],
      [{ scene: 2, user: ['lina'] }, 41037],
      [{ type: 1, scene: 5, user: ['lina'] }, 41038],
      [{ type: 1, scene: 2, user: ['lina', 'lonely'] }, 40058],
      [{ type: 1, scene: 2, user: ['nobody'] }, 40003],
      [{ type: 1, scene: 2, user: ['lina'], state: 's'.repeat(31) }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/get_contact_way': {
    good: ({ way }) => ({ config_id: way }),
    shape: z.object({
      contact_way: z.looseObject({
        config_id: text,
        type: z.int(),
        scene: z.int(),
        state: text,
        qr_code: text,
        user: z.array(text),
      }),
    }),
    bad: () => [
      [{ config_id: 'x' }, 41044],
      [{}, 41042],
    ],
  },
  '/cgi-bin/externalcontact/list_contact_way': {
    good: () => ({}),
    shape: z.object({ contact_way: z.array(z.object({ config_id: text })).min(1), next_cursor: text }),
    bad: () => [[{ limit: 1001 }, 40058]],
  },
  '/cgi-bin/externalcontact/update_contact_way': {
    good: ({ way }) => ({ config_id: way, remark: '门口海报' }),
    shape: nothing,
    bad: ({ way }) => [
      [{ config_id: 'x', remark: 'r' }, 41044],
      [{ config_id: way, user: ['lina', 'lonely'] }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/del_contact_way': {
    good: ({ way }) => ({ config_id: way }),
    shape: nothing,
    bad: () => [[{ config_id: 'x' }, 41044]],
  },
  '/cgi-bin/externalcontact/add_msg_template': {
    good: ({ customer }) => ({ external_userid: [customer, 'wmUNKNOWN'], text: { content: '您好' } }),
    shape: z.object({ fail_list: z.tuple([z.literal('wmUNKNOWN')]), msgid: text }),
    bad: ({ customer }) => [
      [{ external_userid: [customer] }, 40063],
      [{ text: { content: 'x' } }, 41048],
      [{ external_userid: ['wmUNKNOWN'], text: { content: 'x' } }, 41048],
      [{ external_userid: [customer], text: { content: over(4000) } }, 40058],
      [{ external_userid: [customer], attachments: Array.from({ length: 10 }, () => link) }, 41064],
      [{ external_userid: [customer], attachments: [{ msgtype: 'voice' }] }, 41065],
      [{ external_userid: [customer], attachments: [{ msgtype: 'image', image: { media_id: 'gone' } }] }, 40007],
      [
        {
          external_userid: [customer],
          attachments: [{ msgtype: 'link', link: { title: over(128), url: 'https://a' } }],
        },
        40058,
      ],
      [{ chat_type: 'group', text: { content: 'x' } }, 40063],
      [{ sender: 'lonely', text: { content: 'x' } }, 41048],
    ],
  },
  '/cgi-bin/externalcontact/remind_groupmsg_send': {
    good: ({ msgid }) => ({ msgid }),
    shape: nothing,
    bad: () => [
      [{ msgid: 'x' }, 41047],
      [{}, 41046],
    ],
  },
  '/cgi-bin/externalcontact/cancel_groupmsg_send': {
    good: ({ msgid }) => ({ msgid }),
    shape: nothing,
    bad: ({ msgid }) => [[{ msgid }, 41093]],
  },
  '/cgi-bin/externalcontact/get_groupmsg_list_v2': {
    good: () => ({
      chat_type: 'single',
      start_time: Math.floor(Date.now() / 1000) - 3600,
      end_time: Math.floor(Date.now() / 1000) + 60,
    }),
    shape: z.object({
      group_msg_list: z
        .array(
          z.looseObject({
            msgid: text,
            create_time: seconds,
            create_type: z.literal(0),
            attachments: z.array(z.unknown()),
          }),
        )
        .min(1),
      next_cursor: text,
    }),
    bad: () => [
      [{ chat_type: 'single', start_time: 1_600_000_000, end_time: 1_700_000_000 }, 40058],
      [{ chat_type: 'single' }, 40063],
    ],
  },
  '/cgi-bin/externalcontact/get_groupmsg_task': {
    good: ({ msgid }) => ({ msgid }),
    shape: z.object({
      task_list: z.tuple([z.object({ userid: z.literal('lina'), status: z.literal(0) })]),
      next_cursor: text,
    }),
    bad: () => [[{ msgid: 'x' }, 41047]],
  },
  '/cgi-bin/externalcontact/get_groupmsg_send_result': {
    good: ({ msgid }) => ({ msgid, userid: 'lina' }),
    shape: z.object({
      send_list: z.tuple([z.object({ external_userid: id32('wm'), userid: z.literal('lina'), status: z.literal(0) })]),
      next_cursor: text,
    }),
    bad: ({ msgid }) => [[{ msgid, userid: 'lonely' }, 40058]],
  },
  '/cgi-bin/externalcontact/send_welcome_msg': {
    good: ({ code }) => ({ welcome_code: code, text: { content: '欢迎' } }),
    shape: nothing,
    bad: ({ code }) => [
      [{ text: { content: 'x' } }, 41049],
      [{ welcome_code: 'unknown', text: { content: 'x' } }, 41050],
      [{ welcome_code: code }, 40063],
      [{ welcome_code: code, text: { content: 'again' } }, 41051],
    ],
  },
  '/cgi-bin/externalcontact/groupchat/list': {
    good: () => ({ limit: 10 }),
    shape: z.object({
      group_chat_list: z.tuple([z.object({ chat_id: id32('wr'), status: z.literal(0) })]),
      next_cursor: text,
    }),
    bad: () => [
      [{}, 40063],
      [{ limit: 1001 }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/groupchat/get': {
    good: ({ chat }) => ({ chat_id: chat, need_name: 1 }),
    shape: z.object({
      group_chat: z.looseObject({
        chat_id: text,
        owner: text,
        create_time: seconds,
        notice: text,
        member_list: z
          .array(z.looseObject({ userid: text, type: z.int(), join_time: seconds, join_scene: z.int(), name: text }))
          .min(1),
        admin_list: z.array(z.object({ userid: text })),
        member_version: text,
      }),
    }),
    bad: () => [[{ chat_id: 'wrNONE' }, 90501]],
  },
  '/cgi-bin/message/send': {
    good: () => ({ touser: 'lina|Nobody', agentid: 1000002, msgtype: 'text', text: { content: '待办' } }),
    shape: z.object({
      invaliduser: z.literal('nobody'),
      invalidparty: text,
      invalidtag: text,
      unlicenseduser: text,
      msgid: text,
    }),
    bad: () => [
      [{ touser: 'nobody', agentid: 1000002, msgtype: 'text', text: { content: 'x' } }, 81013],
      [{ touser: 'lina', agentid: 1, msgtype: 'text', text: { content: 'x' } }, 301002],
      [{ agentid: 1000002, msgtype: 'text', text: { content: 'x' } }, 40063],
      [{ touser: 'lina', agentid: 1000002, msgtype: 'telegram' }, 40008],
      [{ touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content: '' } }, 44004],
      [{ touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content: over(2048) } }, 45002],
      [{ touser: 'lina', agentid: 1000002, msgtype: 'image', image: { media_id: 'x' } }, 40007],
      [
        {
          touser: 'lina',
          agentid: 1000002,
          msgtype: 'news',
          news: { articles: Array.from({ length: 9 }, () => ({ title: 't', url: 'u' })) },
        },
        45008,
      ],
      [
        {
          touser: 'lina',
          agentid: 1000002,
          msgtype: 'template_card',
          template_card: { card_type: 'vote_interaction' },
        },
        42014,
      ],
    ],
  },
  '/cgi-bin/webhook/send': {
    good: () => ({ msgtype: 'markdown', markdown: { content: '**新客**' } }),
    shape: nothing,
    bad: () => [
      [{ msgtype: 'text', text: { content: over(2048) } }, 45002],
      [{ msgtype: 'markdown', markdown: { content: over(4096) } }, 45002],
      [{ msgtype: 'image', image: { base64: 'aGVsbG8=', md5: 'x' } }, 40058],
      [{ msgtype: 'news', news: { articles: [] } }, 40058],
      [{ msgtype: 'miniprogram_notice' }, 40008],
    ],
  },
  '/cgi-bin/media/get': {
    good: ({ media }) => ({ media_id: media }),
    shape: z.looseObject({}),
    bad: () => [[{ media_id: 'x' }, 40007]],
  },
}

/** Uploads have a test of their own (media.test.ts). */
const uploads = endpoints.filter((one) => one.upload).map((one) => one.path)

let sandbox: Sandbox
let known: Known
let token: string
beforeAll(async () => {
  sandbox = await startSandbox({ verifyTimeoutMs: 5000 })
  token = await sandbox.token()
  await sandbox.receiver()
  await sandbox.member('lina', '李娜')
  await sandbox.member('lonely')
  const { id: customer, code } = await sandbox.friends('lina')
  const way = await sandbox.post(
    'externalcontact/add_contact_way',
    { type: 1, scene: 2, user: ['lina'], state: 's' },
    token,
  )
  const tags = await sandbox.act('console/tags', { group: '来源', names: ['门店', '活动'] })
  const chat = await sandbox.act('groups', { name: '老客群', owner: 'lina', kind: 'customer' })
  const internal = await sandbox.act('groups', { name: '店员群', owner: 'lina', kind: 'internal' })
  const robot = await sandbox.act(`groups/${text.parse(internal['chat_id'])}/robots`, { name: '战报' })
  const mass = await sandbox.post(
    'externalcontact/add_msg_template',
    { external_userid: [customer], text: { content: 'hi' } },
    token,
  )
  const codes = await Promise.all([oauthCode(), oauthCode()])
  const signedIn = await sandbox.get('auth/getuserinfo', { code: codes[1] }, token)
  known = {
    customer,
    code,
    way: text.parse(way['config_id']),
    group: text.parse(tags['group_id']),
    tag: z.array(z.object({ id: text })).parse(tags['tags'])[0]?.id ?? '',
    chat: text.parse(chat['chat_id']),
    msgid: text.parse(mass['msgid']),
    key: text.parse(robot['key']),
    oauth: codes[0],
    ticket: text.parse(signedIn['user_ticket']),
    media: await upload(),
  }
})
afterAll(() => sandbox.close())

async function oauthCode(): Promise<string> {
  const query = new URLSearchParams({
    appid: 'wwtest0000000001',
    agentid: '1000002',
    scope: 'snsapi_privateinfo',
    redirect_uri: 'http://127.0.0.1:9/in',
    state: 's1',
  })
  const response = await fetch(`${sandbox.url}/connect/oauth2/authorize?${query.toString()}`, {
    redirect: 'manual',
    headers: { cookie: 'wecom_sandbox_user=lina' },
  })
  return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

async function upload(): Promise<string> {
  const form = new FormData()
  form.set('media', new File(['{"a":"file that happens to be JSON"}'], 'a.json'))
  const response = await fetch(`${sandbox.url}/cgi-bin/media/upload?type=file&access_token=${token}`, {
    method: 'POST',
    body: form,
  })
  return z.object({ media_id: text }).parse(await response.json()).media_id
}

async function call(path: string, input: Record<string, unknown>, given = token): Promise<Record<string, unknown>> {
  const query = new URLSearchParams({ access_token: given })
  if (path.includes('/webhook/')) query.set('key', known.key)
  const endpoint = endpoints.find((one) => one.path === path)
  if (endpoint?.method === 'GET') for (const [name, value] of Object.entries(input)) query.set(name, String(value))
  const init = endpoint?.method === 'GET' ? {} : { method: 'POST', body: JSON.stringify(input) }
  const response = await fetch(`${sandbox.url}${path}?${query.toString()}`, init)
  expect(response.status).toBe(200)
  return z.record(text, z.unknown()).parse(await response.json())
}

test('every endpoint has a row here', () => {
  expect(new Set([...Object.keys(rows), ...uploads])).toEqual(new Set(endpoints.map((one) => one.path)))
})

/** Requests that end what others need come last. */
const LAST = [
  '/cgi-bin/externalcontact/cancel_groupmsg_send',
  '/cgi-bin/externalcontact/del_corp_tag',
  '/cgi-bin/externalcontact/del_contact_way',
]
const ordered = Object.entries(rows).toSorted(([a], [b]) => LAST.indexOf(a) - LAST.indexOf(b))

describe.each(ordered)('%s', (path, { good, shape, bad }) => {
  test('answers a good request with its fields', async () => {
    const { errcode, errmsg, ...rest } = await call(path, good(known))
    if (path !== '/cgi-bin/media/get') expect({ errcode, errmsg }).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(shape.safeParse(rest).error).toBeUndefined()
  })

  test('answers bad requests with their codes', async () => {
    for (const [input, errcode] of bad?.(known) ?? []) {
      const answer = await call(path, input)
      expect({ input, errcode: answer['errcode'] }).toEqual({ input, errcode })
      expect(answer['errmsg']).toMatch(/, hint: \[\d+\], from ip: .*, more info at https:/)
    }
  })

  test('asks for a token', async () => {
    if (endpoints.find((one) => one.path === path)?.secrets === 'none') return
    expect(await call(path, good(known), '')).toMatchObject({ errcode: 41001 })
    expect(await call(path, good(known), 'made-up')).toMatchObject({ errcode: 40014 })
  })
})

test('an unknown path is a 404', async () => {
  expect((await fetch(`${sandbox.url}/cgi-bin/externalcontact/send_now`)).status).toBe(404)
})

test('a body that is not JSON, is a list, or escapes Chinese is refused', async () => {
  const send = async (body: string) => {
    const response = await fetch(`${sandbox.url}/cgi-bin/externalcontact/remark?access_token=${token}`, {
      method: 'POST',
      body,
    })
    return z.looseObject({ errcode: z.int(), errmsg: text }).parse(await response.json())
  }
  expect(await send('{oops')).toMatchObject({ errcode: 40063, errmsg: expect.stringContaining('wrong json format') })
  expect(await send('[]')).toMatchObject({ errcode: 40063 })
  expect(await send('{"remark":"\\u8001"}')).toMatchObject({ errcode: 40033 })
  expect(await send('{"remark":"a\\\\u8001"}')).toMatchObject({ errcode: 40003 })
})

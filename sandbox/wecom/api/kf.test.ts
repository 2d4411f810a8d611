import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

const HOUR_MS = 3_600_000
const Page = z.object({
  next_cursor: z.string(),
  has_more: z.int(),
  msg_list: z.array(z.looseObject({ msgtype: z.string() })),
})

let sandbox: Sandbox
let open_kfid: string
let external_userid: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  open_kfid = String((await sandbox.post('kf/account/add', { name: '售后' }))['open_kfid'])
  await sandbox.post('kf/servicer/add', { open_kfid, userid_list: ['lina'] })
  external_userid = await sandbox.customer()
})
afterEach(() => sandbox.close())

const write = (text = '在吗') => sandbox.act('kf/write', { open_kfid, external_userid, text })
const send = async (msgid?: string) =>
  (
    await sandbox.post('kf/send_msg', {
      touser: external_userid,
      open_kfid,
      msgid,
      msgtype: 'text',
      text: { content: '您好' },
    })
  ).errcode
const pull = async (more: object = {}) => Page.parse(await sandbox.post('kf/sync_msg', { open_kfid, ...more }))
const trans = (service_state: number) =>
  sandbox.post('kf/service_state/trans', { open_kfid, external_userid, service_state, servicer_userid: 'lina' })

test('five answers to a message, within 48 hours', async () => {
  await write()
  for (let i = 0; i < 5; i++) expect(await send()).toBe(0)
  expect(await send()).toBe(95001)
  await write('还在吗')
  expect(await send()).toBe(0)
  await sandbox.advance(48 * HOUR_MS + 1000)
  expect(await send()).toBe(95002)
  expect(await sandbox.ledger(`to=${external_userid}&via=kf`)).toHaveLength(6)
})

test('the event brings a token for pulling, good for 10 minutes; the cursor goes on where it was', async () => {
  const receiver = await sandbox.receiver()
  await write('一')
  await write('二')
  const xml = (await receiver.until(2))[0]?.xml ?? ''
  expect(xml).toContain(`<Event><![CDATA[kf_msg_or_event]]></Event>`)
  expect(xml).toContain(`<OpenKfId><![CDATA[${open_kfid}]]>`)
  const token = /<Token><!\[CDATA\[(\w+)/.exec(xml)?.[1]
  const first = await pull({ token, limit: 1 })
  expect(first).toMatchObject({ has_more: 1, msg_list: [{ text: { content: '一' } }] })
  const second = await pull({ cursor: first.next_cursor })
  expect(second).toMatchObject({ has_more: 0, msg_list: [{ text: { content: '二' } }] })
  expect(await pull({ cursor: second.next_cursor })).toEqual({ ...second, msg_list: [] })
  await write('三')
  expect(await pull({ cursor: second.next_cursor })).toMatchObject({ msg_list: [{ text: { content: '三' } }] })
  await sandbox.advance(11 * 60_000)
  expect(await sandbox.post('kf/sync_msg', { open_kfid, token })).toMatchObject({ errcode: 95007 })
})

test('who opens the chat can be greeted once within 20 seconds, before he writes', async () => {
  const { code } = await sandbox.act('kf/enter', { open_kfid, external_userid, scene: 'shop' })
  expect(await pull()).toMatchObject({
    msg_list: [
      { msgtype: 'event', origin: 4, event: { event_type: 'enter_session', scene: 'shop', welcome_code: code } },
    ],
  })
  const greet = { code, msgtype: 'text', text: { content: '欢迎' } }
  expect(await send()).toBe(95002)
  expect(await sandbox.post('kf/send_msg_on_event', greet)).toMatchObject({ errcode: 0 })
  expect(await sandbox.ledger(`to=${external_userid}`)).toMatchObject([{ via: 'kf', from: open_kfid, text: '欢迎' }])
  const next = await sandbox.act('kf/enter', { open_kfid, external_userid })
  await sandbox.advance(21_000)
  expect(await sandbox.post('kf/send_msg_on_event', { ...greet, code: next['code'] })).toMatchObject({ errcode: 40058 })
})

test('a servicer takes over: the server may not write, he may; the end is the end until the customer writes again', async () => {
  await write()
  expect(await trans(3)).toMatchObject({ errcode: 0 })
  const state = { open_kfid, external_userid }
  expect(await sandbox.post('kf/service_state/get', state)).toMatchObject({ service_state: 3, servicer_userid: 'lina' })
  expect(await send()).toBe(95018)
  await sandbox.act('kf/answer', { open_kfid, external_userid, userid: 'lina', text: '我来处理' })
  expect((await pull()).msg_list.at(-1)).toMatchObject({ origin: 5, servicer_userid: 'lina' })
  expect(await trans(4)).toMatchObject({ errcode: 0 })
  expect(await send()).toBe(95013)
  expect(await trans(3)).toMatchObject({ errcode: 95016 })
  await write('又来了')
  expect(await send()).toBe(0)
})

test('a msgid of one’s own is good once', async () => {
  await write()
  expect([await send('m-1'), await send('m-1')]).toEqual([0, 40058])
})

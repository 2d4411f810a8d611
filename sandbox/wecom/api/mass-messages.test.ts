import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { MassTask } from '../admin/contract.ts'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

const DAY = 86_400_000
let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

const send = async (body: object) => {
  const answer = await sandbox.post('externalcontact/add_msg_template', { text: { content: '好久不见' }, ...body })
  return { failed: answer['fail_list'], msgid: String(answer['msgid']) }
}
const confirm = (msgid: string, userid = 'lina') => sandbox.act(`tasks/${msgid}/confirm`, { userid })
const tasks = async (msgid: string) => (await sandbox.post('externalcontact/get_groupmsg_task', { msgid }))['task_list']
const results = async (msgid: string, userid = 'lina') =>
  (await sandbox.post('externalcontact/get_groupmsg_send_result', { msgid, userid }))['send_list']

test('a mass message: made, waiting, confirmed, delivered once, told by task and result', async () => {
  const { id } = await sandbox.friends('lina')
  const { msgid } = await send({ external_userid: [id] })
  expect(await sandbox.ledger('via=mass')).toEqual([])
  expect(await tasks(msgid)).toEqual([{ userid: 'lina', status: 0 }])
  expect(await results(msgid)).toEqual([{ external_userid: id, userid: 'lina', status: 0 }])
  expect(await sandbox.read('tasks?userid=lina', z.array(MassTask))).toMatchObject([
    { msgid, text: '好久不见', external_userids: [id], status: 'waiting' },
  ])

  await sandbox.advance(3 * 3_600_000)
  await confirm(msgid)
  expect(await tasks(msgid)).toEqual([{ userid: 'lina', status: 2, send_time: expect.any(Number) }])
  expect(await results(msgid)).toEqual([
    { external_userid: id, userid: 'lina', status: 1, send_time: expect.any(Number) },
  ])
  expect(await sandbox.ledger(`to=${id}&via=mass`)).toMatchObject([{ from: 'lina', text: '好久不见', request: msgid }])
  await expect(confirm(msgid)).rejects.toThrow(/already/)
  expect(await sandbox.ledger(`to=${id}`)).toHaveLength(1)
})

test('a customer gets one mass message a day (status 3), also counting those members send themselves', async () => {
  const { id } = await sandbox.friends('lina')
  await sandbox.act('mass', { userid: 'lina', external_userids: [id], text: '自己发的' })
  const { msgid } = await send({ external_userid: [id] })
  await confirm(msgid)
  expect(await results(msgid)).toMatchObject([{ status: 3 }])
  await sandbox.advance(DAY)
  const later = await send({ external_userid: [id] })
  await confirm(later.msgid)
  expect(await results(later.msgid)).toMatchObject([{ status: 1 }])
})

test('who deleted the member is a failed row (status 2), who is no customer at all is in fail_list', async () => {
  const { id } = await sandbox.friends('lina')
  const { id: other } = await sandbox.friends('wang')
  const made = await send({ external_userid: [id, other, 'wmNOBODY'], sender: 'lina' })
  expect(made.failed).toEqual([other, 'wmNOBODY'])
  await sandbox.act('delete-by-customer', { userid: 'lina', external_userid: id })
  await confirm(made.msgid)
  expect(await results(made.msgid)).toEqual([{ external_userid: id, userid: 'lina', status: 2 }])
  expect(await sandbox.ledger('via=mass')).toEqual([])
})

test('without a sender a customer of several falls to the one who talked last', async () => {
  const { id } = await sandbox.friends('lina')
  await sandbox.act('add', { userid: 'wang', external_userid: id })
  expect(await tasks((await send({ external_userid: [id] })).msgid)).toEqual([{ userid: 'wang', status: 0 }])
  await sandbox.act('say', { from: 'customer', userid: 'lina', external_userid: id, text: '在吗' })
  expect(await tasks((await send({ external_userid: [id] })).msgid)).toEqual([{ userid: 'lina', status: 0 }])
})

test('only a sender means all his customers; a tag filter is OR inside a group, AND across', async () => {
  const ids = [
    (await sandbox.friends('lina')).id,
    (await sandbox.friends('lina')).id,
    (await sandbox.friends('lina')).id,
  ]
  await sandbox.post('externalcontact/add_corp_tag', {
    group_name: 'g',
    tag: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
  })
  const [a = '', b = '', c = ''] = (await sandbox.state()).tags.map((tag) => tag.id)
  const mark = (index: number, add_tag: string[]) =>
    sandbox.post('externalcontact/mark_tag', { userid: 'lina', external_userid: ids[index], add_tag })
  await mark(0, [a, c])
  await mark(1, [b, c])
  await mark(2, [a])
  const everybody = await send({ sender: 'lina' })
  expect(await results(everybody.msgid)).toHaveLength(3)
  const some = await send({ tag_filter: { group_list: [{ tag_list: [a, b] }, { tag_list: [c] }] } })
  expect(await results(some.msgid)).toMatchObject([{ external_userid: ids[0] }, { external_userid: ids[1] }])
})

test('a group message goes to the groups of its sender, one row per group that got it', async () => {
  const { chat_id } = await sandbox.act('groups', { name: 'VIP', owner: 'lina', kind: 'customer' })
  await sandbox.act('groups', { name: '店员', owner: 'lina', kind: 'internal' })
  const other = await sandbox.act('groups', { name: '别人的', owner: 'wang', kind: 'customer' })
  const { msgid } = await send({ chat_type: 'group', sender: 'lina', chat_id_list: [chat_id, other['chat_id']] })
  expect(await results(msgid)).toEqual([])
  await confirm(msgid)
  expect(await results(msgid)).toEqual([{ chat_id, userid: 'lina', status: 1, send_time: expect.any(Number) }])
  expect(await sandbox.ledger('via=group_mass')).toMatchObject([{ to: { kind: 'group', id: chat_id } }])
})

test('cancelling stops what is unsent and keeps what was sent; three reminders a day', async () => {
  const a = await sandbox.friends('lina')
  const b = await sandbox.friends('wang')
  const { msgid } = await send({ external_userid: [a.id, b.id] })
  const remind = () => sandbox.post('externalcontact/remind_groupmsg_send', { msgid })
  for (const errcode of [0, 0, 0, 41094]) expect(await remind()).toMatchObject({ errcode })
  await sandbox.advance(DAY)
  expect(await remind()).toMatchObject({ errcode: 0 })
  await confirm(msgid)
  expect(await sandbox.post('externalcontact/cancel_groupmsg_send', { msgid })).toMatchObject({ errcode: 0 })
  await expect(confirm(msgid, 'wang')).rejects.toThrow(/cancelled/)
  expect(await sandbox.ledger('via=mass')).toHaveLength(1)
  expect(await remind()).toMatchObject({ errcode: 41093 })
})

test('the list tells ours (0) from those of members (1), newest window only', async () => {
  const { id } = await sandbox.friends('lina')
  const ours = await send({ external_userid: [id] })
  const own = await sandbox.act('mass', { userid: 'lina', external_userids: [id], text: 'x' })
  const now = Math.floor(Date.now() / 1000)
  const list = async (more: object) =>
    (
      await sandbox.post('externalcontact/get_groupmsg_list_v2', {
        chat_type: 'single',
        start_time: now - 60,
        end_time: now + 60,
        ...more,
      })
    )['group_msg_list']
  expect(await list({})).toMatchObject([
    { msgid: ours.msgid, create_type: 0, text: { content: '好久不见' } },
    { msgid: own['msgid'], create_type: 1, creator: 'lina' },
  ])
  expect(await list({ filter_type: 0 })).toHaveLength(1)
  expect(await list({ creator: 'lina' })).toMatchObject([{ msgid: own['msgid'] }])
  expect(await list({ start_time: now - 1000, end_time: now - 500 })).toEqual([])
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
let chat: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
  chat = String((await sandbox.act('groups', { name: 'VIP', owner: 'lina', kind: 'customer' }))['chat_id'])
})
afterEach(() => sandbox.close())

const hand = (path: string, new_owner: string) =>
  sandbox.post(`externalcontact/groupchat/${path}`, { chat_id_list: [chat], new_owner })
const groupNow = async () => (await sandbox.post('externalcontact/groupchat/get', { chat_id: chat }))['group_chat']
const statusNow = async () => (await sandbox.post('externalcontact/groupchat/list', { limit: 10 }))['group_chat_list']

test('on the job: the new owner is in it, the old one stays, no event', async () => {
  const receiver = await sandbox.receiver()
  expect(await hand('onjob_transfer', 'wang')).toMatchObject({ failed_chat_list: [] })
  expect(await groupNow()).toMatchObject({ owner: 'wang', member_list: [{ userid: 'lina' }, { userid: 'wang' }] })
  await sandbox.act(`groups/${chat}/change`, { name: '新名' })
  const xml = (await receiver.until(1)).map((one) => one.xml).join()
  expect(xml).toContain('change_name')
  expect(xml).not.toContain('change_owner')
})

test('twice in 90 days', async () => {
  await hand('onjob_transfer', 'wang')
  await hand('onjob_transfer', 'lina')
  expect(await hand('onjob_transfer', 'wang')).toMatchObject({ failed_chat_list: [{ errcode: 40128 }] })
  await sandbox.advance(91 * 86_400_000)
  expect(await hand('onjob_transfer', 'wang')).toMatchObject({ failed_chat_list: [] })
})

test('a number of groups a day; a full group takes nobody new', async () => {
  await sandbox.act('limits', { groupTransfersPerDay: 0 }, 'PUT')
  expect(await hand('onjob_transfer', 'wang')).toMatchObject({ failed_chat_list: [{ errcode: 45009 }] })
  await sandbox.act('limits', { groupTransfersPerDay: 1, groupSize: 1 }, 'PUT')
  expect(await hand('onjob_transfer', 'wang')).toMatchObject({ failed_chat_list: [{ errcode: 90503 }] })
})

test('an owner who has left is found by the filter, and the group is inherited', async () => {
  await sandbox.act('members/lina/leave')
  expect(await statusNow()).toEqual([{ chat_id: chat, status: 1 }])
  expect(await hand('transfer', 'wang')).toMatchObject({ failed_chat_list: [] })
  expect(await statusNow()).toEqual([{ chat_id: chat, status: 3 }])
  expect(await groupNow()).toMatchObject({ owner: 'wang', member_list: [{ userid: 'wang' }] })
  expect(await hand('transfer', 'wang')).toMatchObject({ failed_chat_list: [{ errcode: 90508 }] })
})

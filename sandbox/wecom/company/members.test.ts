import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

test('a member who is not active is in no contact way, takes over nobody, gets no message, and is active again', async () => {
  const receiver = await sandbox.receiver()
  const { id } = await sandbox.friends('lina')
  await sandbox.act('members/wang/status', { status: 4 })
  expect((await receiver.until(2)).at(-1)?.xml).toContain('<Status>4</Status>')
  expect(await sandbox.get('user/get', { userid: 'wang' })).toMatchObject({ status: 4 })
  const way = { type: 1, scene: 2, user: ['wang'] }
  const move = { handover_userid: 'lina', takeover_userid: 'wang', external_userid: [id] }
  const message = { touser: 'wang', agentid: 1000002, msgtype: 'text', text: { content: '在' } }
  expect(await sandbox.post('externalcontact/add_contact_way', way)).toMatchObject({ errcode: 41054 })
  expect(await sandbox.post('externalcontact/transfer_customer', move)).toMatchObject({ errcode: 41054 })
  expect(await sandbox.post('message/send', message)).toMatchObject({ errcode: 81013 })
  expect(await sandbox.get('externalcontact/get_follow_user_list')).toMatchObject({ follow_user: ['lina'] })
  await sandbox.act('members/wang/status', { status: 1 })
  expect(await sandbox.post('externalcontact/transfer_customer', move)).toMatchObject({ errcode: 0 })
})

test('who has left has no status to change', async () => {
  await sandbox.act('members/wang/leave')
  await expect(sandbox.act('members/wang/status', { status: 1 })).rejects.toThrow('has left')
})

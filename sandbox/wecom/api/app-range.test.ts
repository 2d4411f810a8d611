import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
let customer: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.act('members', { userid: 'lina', department: [2] })
  await sandbox.act('members', { userid: 'wang', department: [3] })
  customer = (await sandbox.friends('wang')).id
  await sandbox.act('app/range', { range: { users: [], parties: [2] } }, 'PUT')
})
afterEach(() => sandbox.close())

const codeOf = async (call: Promise<{ errcode?: number | undefined }>) => (await call).errcode

test('the app does not see who is outside its range', async () => {
  const pair = { userid: 'wang', external_userid: customer }
  expect(await codeOf(sandbox.get('user/get', { userid: 'wang' }))).toBe(60011)
  expect(await codeOf(sandbox.get('user/list', { department_id: '3' }))).toBe(60011)
  expect(await codeOf(sandbox.get('department/get', { id: '3' }))).toBe(60011)
  expect(await codeOf(sandbox.get('externalcontact/list', { userid: 'wang' }))).toBe(60011)
  expect(await codeOf(sandbox.get('externalcontact/get', { external_userid: customer }))).toBe(84061)
  expect(await codeOf(sandbox.post('externalcontact/batch/get_by_user', { userid_list: ['wang'] }))).toBe(60011)
  expect(await codeOf(sandbox.post('externalcontact/remark', { ...pair, remark: 'x' }))).toBe(60011)
  expect(await sandbox.get('externalcontact/get_follow_user_list')).toMatchObject({ follow_user: ['lina'] })
  expect(await sandbox.get('department/list')).toMatchObject({ department: [{ id: 2 }] })
  const { info_list } = await sandbox.post('externalcontact/contact_list', {})
  expect(info_list).toEqual([])
})

test('messages to those outside go nowhere', async () => {
  const message = { agentid: 1000002, msgtype: 'text', text: { content: 'x' } }
  expect(await sandbox.post('message/send', { touser: 'wang', ...message })).toMatchObject({ errcode: 81013 })
  expect(await sandbox.post('message/send', { touser: '@all', toparty: '3', ...message })).toMatchObject({
    invalidparty: '3',
  })
  expect((await sandbox.ledger('via=app')).map((one) => one.to.id)).toEqual(['lina'])
})

test('the customer contact secret sees everybody; without a range the app does too', async () => {
  const token = await sandbox.token('contact')
  expect(await codeOf(sandbox.get('externalcontact/list', { userid: 'wang' }, token))).toBe(0)
  expect(await sandbox.get('agent/get', { agentid: '1000002' })).toMatchObject({ allow_partys: { partyid: [2] } })
  await sandbox.act('app/range', { range: null }, 'PUT')
  expect(await codeOf(sandbox.get('user/get', { userid: 'wang' }))).toBe(0)
})

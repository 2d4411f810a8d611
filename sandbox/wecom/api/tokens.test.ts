import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

test('a token lives 7200 s, is the same while it lives, and says how long it has left', async () => {
  const query = { corpid: 'wwtest0000000001', corpsecret: 'agent' }
  const first = await sandbox.get('gettoken', query)
  expect(first['expires_in']).toBe(7200)
  await sandbox.advance(7_000_000)
  const again = await sandbox.get('gettoken', query)
  expect(again['access_token']).toBe(first['access_token'])
  expect(again['expires_in']).toBeLessThanOrEqual(200)
  await sandbox.advance(200_000)
  const token = String(first['access_token'])
  expect(await sandbox.get('getcallbackip', {}, token)).toMatchObject({ errcode: 42001 })
  expect((await sandbox.get('gettoken', query))['access_token']).not.toBe(token)
})

test('tokens can end early', async () => {
  const token = await sandbox.token()
  await sandbox.act('tokens/revoke')
  expect(await sandbox.get('getcallbackip', {}, token)).toMatchObject({ errcode: 40014 })
})

test("the contact secret's token is not the app's", async () => {
  await sandbox.member('lina')
  const token = await sandbox.token('contact')
  expect(token).not.toBe(await sandbox.token('agent'))
  const message = { touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content: 'x' } }
  expect(await sandbox.post('message/send', message, token)).toMatchObject({ errcode: 301002 })
  expect(await sandbox.get('ticket/get', { type: 'agent_config' }, token)).toMatchObject({ errcode: 48002 })
  expect(await sandbox.get('externalcontact/get_follow_user_list', {}, token)).toMatchObject({ errcode: 0 })
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
let token: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  token = await sandbox.token()
})
afterEach(() => sandbox.close())

const limits = (changed: object) => sandbox.act('limits', changed, 'PUT')
const list = async () => (await sandbox.get('externalcontact/get_follow_user_list', {}, token)).errcode
const codes = async (times: number, call: () => Promise<unknown>): Promise<unknown[]> => {
  const seen: unknown[] = []
  for (let i = 0; i < times; i++) seen.push(await call())
  return seen
}

test('one API: over the minute it is blocked for 60 s, while others are not', async () => {
  await limits({ perMinute: 2 })
  expect(await codes(4, list)).toEqual([0, 0, 45009, 45009])
  expect((await sandbox.get('user/get', { userid: 'lina' }, token)).errcode).toBe(0)
  await sandbox.advance(59_000)
  expect(await list()).toBe(45009)
  await sandbox.advance(2_000)
  expect(await list()).toBe(0)
})

test('over the hour it is blocked for 60 minutes', async () => {
  await limits({ perHour: 1 })
  expect(await codes(2, list)).toEqual([0, 45009])
  await sandbox.advance(59 * 60_000)
  expect(await list()).toBe(45009)
  await sandbox.advance(2 * 60_000)
  expect(await list()).toBe(0)
})

test('one address: all APIs together', async () => {
  await limits({ addressPerMinute: 1 })
  expect(await list()).toBe(0)
  expect((await sandbox.get('user/get', { userid: 'lina' }, token)).errcode).toBe(45009)
})

test('tickets, uploaded pictures and moment tasks have limits of their own', async () => {
  await limits({ corpTicketsPerHour: 1, appTicketsPerHour: 1 })
  expect(await codes(2, async () => (await sandbox.get('get_jsapi_ticket', {}, token)).errcode)).toEqual([0, 45009])
  const own = async () => (await sandbox.get('ticket/get', { type: 'agent_config' }, token)).errcode
  expect(await codes(2, own)).toEqual([0, 45009])
})

test('app messages: 200 person-times a day for each account, blocked until the day ends', async () => {
  await limits({ accounts: 0 })
  const send = async () =>
    (
      await sandbox.post(
        'message/send',
        { touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content: 'a' } },
        token,
      )
    ).errcode
  expect(await send()).toBe(45009)
  expect(await sandbox.ledger('to=lina')).toHaveLength(0)
  await limits({ accounts: 1 })
  expect(await send()).toBe(0)
})

test('more than 1000 an hour to one member are dropped without a word', async () => {
  await limits({ messagesPerMinute: 10, messagesPerHour: 3 })
  for (let i = 0; i < 5; i++) {
    await sandbox.post('message/send', { touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content: `${i}` } })
  }
  expect(await sandbox.ledger('to=lina')).toHaveLength(3)
})

test('too many calls of one API at once are refused', async () => {
  await limits({ parallel: 1 })
  await sandbox.act('faults', { path: '/cgi-bin/externalcontact/get_follow_user_list', kind: 'slow', ms: 300 })
  const first = list()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await list()).toBe(45033)
  expect(await first).toBe(0)
  expect(await list()).toBe(0)
})

test('limits are read, and a reset brings the defaults back', async () => {
  expect(await sandbox.act('limits', {}, 'PUT')).toMatchObject({ perMinute: 10_000, perHour: 150_000, parallel: null })
  await limits({ perMinute: null, contactWays: 0 })
  const way = { type: 1, scene: 2, user: ['lina'] }
  expect((await sandbox.post('externalcontact/add_contact_way', way, token)).errcode).toBe(41045)
  await sandbox.act('reset')
  await sandbox.member('lina')
  expect((await sandbox.post('externalcontact/add_contact_way', way)).errcode).toBe(0)
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
let token: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  token = await sandbox.token('contact')
})
afterEach(() => sandbox.close())

const call = (path: string, body: object) => sandbox.post(`externalcontact/customer_strategy/${path}`, body, token)
const create = (parent_id = 0, range: object[] = [{ type: 1, userid: 'lina' }]) =>
  call('create', { parent_id, strategy_name: '组', admin_list: ['lina'], range })

test('five levels at most', async () => {
  let parent = 0
  for (let level = 1; level <= 5; level++) parent = Number((await create(parent))['strategy_id'])
  expect(await create(parent)).toMatchObject({ errcode: 40058 })
})

test('a range has a limited number of nodes; edit adds to it and takes away', async () => {
  await sandbox.act('limits', { strategyRange: 1 }, 'PUT')
  expect(
    await create(0, [
      { type: 1, userid: 'lina' },
      { type: 2, partyid: 1 },
    ]),
  ).toMatchObject({ errcode: 40058 })
  const strategy_id = Number((await create())['strategy_id'])
  expect(await call('edit', { strategy_id, range_add: [{ type: 2, partyid: 1 }] })).toMatchObject({ errcode: 40058 })
  const swap = { strategy_id, range_add: [{ type: 2, partyid: 1 }], range_del: [{ type: 1, userid: 'lina' }] }
  expect(await call('edit', swap)).toMatchObject({ errcode: 0 })
  expect(await call('get_range', { strategy_id })).toMatchObject({ range: [{ type: 2, partyid: 1 }] })
})

test('privileges not named are off; naming one keeps the others', async () => {
  const strategy_id = Number((await create())['strategy_id'])
  await call('edit', { strategy_id, privilege: { contact_me: true } })
  await call('edit', { strategy_id, privilege: { join_room: true } })
  const { strategy } = await call('get', { strategy_id })
  expect(strategy).toMatchObject({ privilege: { contact_me: true, join_room: true, rapid_reply: false } })
})

test('writes at the same time are refused: one after the other', async () => {
  await sandbox.act('faults', { path: '/cgi-bin/externalcontact/customer_strategy/create', kind: 'slow', ms: 300 })
  const first = create()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await create()).toMatchObject({ errcode: 6000 })
  expect(await first).toMatchObject({ errcode: 0 })
})

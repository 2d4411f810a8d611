import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

const way = (more: object) => sandbox.post('externalcontact/add_contact_way', { type: 2, scene: 2, ...more })
const scan = (config_id: unknown, external_userid: string) => sandbox.act('scan', { config_id, external_userid })

test('scanning adds the customer with the state of the code, which the event and the API tell', async () => {
  const receiver = await sandbox.receiver()
  const { config_id } = await way({ type: 1, user: ['lina'], state: 'store_07' })
  const customer = await sandbox.customer()
  const scanned = await scan(config_id, customer)
  expect(scanned['userid']).toBe('lina')
  const [callback] = await receiver.until(1)
  for (const part of [
    '[add_external_contact]',
    '[lina]',
    `[${customer}]`,
    '<State><![CDATA[store_07]',
    `[${String(scanned['welcome_code'])}]`,
  ]) {
    expect(callback?.xml).toContain(part)
  }
  const answer = await sandbox.get('externalcontact/get', { external_userid: customer })
  expect(answer['follow_user']).toMatchObject([
    { userid: 'lina', state: 'store_07', add_way: 1, oper_userid: customer, tags: [] },
  ])
})

test('scanning again when they are contacts fires nothing; after the customer deleted the member, it does', async () => {
  const { config_id } = await way({ type: 1, user: ['lina'] })
  const customer = await sandbox.customer()
  await scan(config_id, customer)
  expect((await scan(config_id, customer))['welcome_code']).toBeNull()
  await sandbox.act('delete-by-customer', { userid: 'lina', external_userid: customer })
  expect((await scan(config_id, customer))['welcome_code']).not.toBeNull()
})

test('several members take turns; an exclusive code keeps to the one a customer has', async () => {
  const { config_id } = await way({ user: ['lina', 'wang'], is_exclusive: true })
  const [a, b] = [await sandbox.customer(), await sandbox.customer()]
  expect((await scan(config_id, a))['userid']).toBe('lina')
  expect((await scan(config_id, b))['userid']).toBe('wang')
  expect((await scan(config_id, a))['userid']).toBe('lina')
})

test('departments are expanded, and changes overwrite', async () => {
  await sandbox.act('members', { userid: 'zhao', department: [7] })
  const { config_id } = await way({ party: [7] })
  expect((await scan(config_id, await sandbox.customer()))['userid']).toBe('zhao')
  await sandbox.post('externalcontact/update_contact_way', { config_id, party: [], user: ['wang'], state: 'new' })
  const answer = await sandbox.post('externalcontact/get_contact_way', { config_id })
  expect(answer['contact_way']).toMatchObject({ user: ['wang'], party: [], state: 'new', type: 2, skip_verify: true })
})

test('more than 100 members are refused', async () => {
  for (let i = 0; i < 101; i++) await sandbox.act('members', { userid: `m${i}`, department: [8] })
  expect(await way({ party: [8] })).toMatchObject({ errcode: 41041 })
})

test('the list leaves out temporary ways and those older than 90 days, and pages with a cursor', async () => {
  await way({ user: ['lina'] })
  await sandbox.advance(91 * 86_400_000)
  for (let i = 0; i < 3; i++) await way({ user: ['lina'] })
  await way({ type: 1, user: ['lina'], is_temp: true })
  const first = await sandbox.post('externalcontact/list_contact_way', { limit: 2 })
  const rest = await sandbox.post('externalcontact/list_contact_way', { limit: 2, cursor: first['next_cursor'] })
  expect(first['contact_way']).toHaveLength(2)
  expect(rest['contact_way']).toHaveLength(1)
  expect(rest['next_cursor']).toBe('')
})

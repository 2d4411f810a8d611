import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import type { Receiver } from '../testing/receiver.ts'

const DAY_MS = 86_400_000

let sandbox: Sandbox
let receiver: Receiver
let customer: string
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
  customer = (await sandbox.friends('lina')).id
  receiver = await sandbox.receiver()
})
afterEach(() => sandbox.close())

const move = (from = 'lina', to = 'wang', how = '') =>
  sandbox.post(`externalcontact/${how}transfer_customer`, {
    handover_userid: from,
    takeover_userid: to,
    external_userid: [customer],
    ...(how === '' ? { transfer_success_msg: '以后由我为您服务' } : {}),
  })
const result = async (from = 'lina', to = 'wang', how = '') =>
  (await sandbox.post(`externalcontact/${how}transfer_result`, { handover_userid: from, takeover_userid: to }))[
    'customer'
  ]
const events = () => receiver.received.map((one) => /<ChangeType><!\[CDATA\[(\w+)/.exec(one.xml ?? '')?.[1])

test('on the job: after 24 hours the customer is the other member’s, with remark and tags; both events fire', async () => {
  await sandbox.act('console/tags', { group: '来源', names: ['门店'] })
  const tag = (await sandbox.state()).tags[0]?.id ?? ''
  await sandbox.post('externalcontact/mark_tag', { userid: 'lina', external_userid: customer, add_tag: [tag] })
  await sandbox.post('externalcontact/remark', { userid: 'lina', external_userid: customer, remark: '老客户' })
  receiver.received.length = 0
  await move()
  await sandbox.advance(DAY_MS - 60_000)
  expect(await result()).toMatchObject([{ status: 2 }])
  expect(events()).toEqual([])
  await sandbox.advance(120_000)
  expect(await result()).toMatchObject([{ status: 1 }])
  await receiver.until(2)
  expect(events().toSorted()).toEqual(['add_external_contact', 'del_external_contact'])
  const gone = receiver.received.find((one) => one.xml?.includes('del_external_contact'))
  expect(gone?.xml).toContain('<UserID><![CDATA[lina]]></UserID>')
  expect(gone?.xml).toContain('<Source><![CDATA[DELETE_BY_TRANSFER]]></Source>')
  expect((await sandbox.post('externalcontact/get', {})).errcode).toBe(40063)
  const { follow_user } = await sandbox.get('externalcontact/get', { external_userid: customer })
  expect(follow_user).toMatchObject([{ userid: 'wang', remark: '老客户', add_way: 202, tags: [{ tag_id: tag }] }])
  expect(await sandbox.ledger(`to=${customer}`)).toMatchObject([
    { via: 'transfer', from: 'wang', text: '以后由我为您服务' },
  ])
})

test('a customer who refuses stays; the event says why', async () => {
  await move()
  await sandbox.act('transfers/refuse', { external_userid: customer })
  await sandbox.advance(2 * DAY_MS)
  expect(await result()).toMatchObject([{ status: 3 }])
  const xml = (await receiver.until(1))[0]?.xml ?? ''
  for (const part of [
    'transfer_fail',
    '<FailReason><![CDATA[customer_refused]]>',
    '<UserID><![CDATA[wang]]>',
    customer,
  ]) {
    expect(xml).toContain(part)
  }
  expect(await sandbox.get('externalcontact/list', { userid: 'lina' })).toMatchObject({ external_userid: [customer] })
  await expect(sandbox.act('transfers/refuse', { external_userid: customer })).rejects.toThrow('404')
})

test('a member at his limit: refused at once, or when the day comes', async () => {
  await move()
  await sandbox.act('limits', { customersPerMember: 0 }, 'PUT')
  await sandbox.advance(DAY_MS + 1000)
  expect(await result()).toMatchObject([{ status: 4 }])
  expect((await receiver.until(1))[0]?.xml).toContain('customer_limit_exceed')
  expect(await move()).toMatchObject({ customer: [{ errcode: 40099 }] })
})

test('twice in 90 days; then not before they are over', async () => {
  await move()
  await sandbox.advance(DAY_MS + 1000)
  await move('wang', 'lina')
  await sandbox.advance(DAY_MS + 1000)
  expect(await move()).toMatchObject({ errcode: 0, customer: [{ errcode: 40128 }] })
  await sandbox.advance(90 * DAY_MS)
  expect(await move()).toMatchObject({ customer: [{ errcode: 0 }] })
})

test('after a member has left: the list of his customers, their way to another, no del event', async () => {
  await sandbox.act('members/lina/leave')
  expect(await sandbox.post('externalcontact/get_unassigned_list', {})).toMatchObject({
    info: [{ handover_userid: 'lina', external_userid: customer }],
  })
  await move('lina', 'wang', 'resigned/')
  expect(await sandbox.post('externalcontact/get_unassigned_list', {})).toMatchObject({ info: [] })
  await receiver.until(2)
  receiver.received.length = 0
  await sandbox.advance(DAY_MS + 1000)
  expect(await result('lina', 'wang', 'resigned/')).toMatchObject([{ status: 1 }])
  await receiver.until(1)
  expect(events()).toEqual(['add_external_contact'])
  expect(await sandbox.post('externalcontact/get_unassigned_list', {})).toMatchObject({ info: [] })
})

test('a cursor goes through the list page by page, and so do page numbers', async () => {
  await sandbox.friends('lina')
  await sandbox.act('members/lina/leave')
  const first = await sandbox.post('externalcontact/get_unassigned_list', { page_size: 1 })
  expect(first).toMatchObject({ is_last: false })
  const second = { page_size: 1, cursor: first['next_cursor'] }
  expect(await sandbox.post('externalcontact/get_unassigned_list', second)).toMatchObject({ is_last: true, info: [{}] })
  const byNumber = await sandbox.post('externalcontact/get_unassigned_list', { page_size: 1, page_id: 1 })
  expect(byNumber).toMatchObject({ is_last: true, info: [{}] })
})

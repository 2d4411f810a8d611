import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import type { Receiver } from '../testing/receiver.ts'

const DAY_MS = 86_400_000
const Link = z.object({ link: z.object({ link_id: z.string(), url: z.string() }) })

let sandbox: Sandbox
let receiver: Receiver
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
  receiver = await sandbox.receiver()
})
afterEach(() => sandbox.close())

const create = async (more: object = {}) => {
  const asked = { link_name: '抖音', range: { user_list: ['lina', 'wang'] }, ...more }
  return Link.parse(await sandbox.post('externalcontact/customer_acquisition/create_link', asked)).link
}
const add = async (link: { url: string }, external_userid?: string, channel = '') => {
  const url = channel === '' ? link.url : `${link.url}?customer_channel=${encodeURIComponent(channel)}`
  return sandbox.act('acquisition/add', { url, external_userid: external_userid ?? (await sandbox.customer()) })
}
const quota = async (balance: number, days = 100) => {
  const expires = (await sandbox.state()).now + days * DAY_MS
  await sandbox.act('acquisition/quota', { parts: [{ balance, expires }] }, 'PUT')
}
const told = () =>
  receiver.received.flatMap((one) => {
    const xml = one.xml ?? ''
    if (!xml.includes('customer_acquisition')) return []
    return [/<ChangeType><!\[CDATA\[(\w+)/.exec(xml)?.[1]]
  })

test('the channel comes back as State; members take turns; the add event fires with a welcome code', async () => {
  const link = await create()
  expect(await add(link, undefined, '小红书 1')).toMatchObject({ userid: 'lina' })
  expect(await add(link)).toMatchObject({ userid: 'wang' })
  const xml = (await receiver.until(2)).map((one) => one.xml ?? '')
  expect(xml[0]).toContain('add_external_contact')
  expect(xml[0]).toContain('<State><![CDATA[小红书 1]]></State>')
  expect(xml[0]).toContain('<WelcomeCode>')
  expect(xml[1]).not.toContain('<State>')
  const external = /<ExternalUserID><!\[CDATA\[(\w+)/.exec(xml[0] ?? '')?.[1] ?? ''
  const { follow_user } = await sandbox.get('externalcontact/get', { external_userid: external })
  expect(follow_user).toMatchObject([{ add_way: 16, state: '小红书 1' }])
})

test('uses run low, out, and come back; without one the link does not work', async () => {
  const link = await create()
  await quota(20)
  for (let i = 0; i < 20; i++) await add(link)
  await expect(add(link)).rejects.toThrow('no use is left')
  await quota(5)
  await receiver.until(23)
  expect(told()).toEqual(['balance_low', 'balance_exhausted', 'balance_increased'])
  expect(await sandbox.get('externalcontact/customer_acquisition_quota')).toMatchObject({ total: 5, balance: 5 })
})

test('a warning 14, 7, 3, 2 and 1 days before uses expire; expired ones do not count', async () => {
  await quota(5, 15)
  await sandbox.advance(2 * DAY_MS)
  const xml = (await receiver.until(1))[0]?.xml ?? ''
  expect(xml).toContain('quota_expire_soon')
  expect(xml).toContain('<ExpireQuotaNum>5</ExpireQuotaNum>')
  await sandbox.advance(14 * DAY_MS)
  await receiver.until(5)
  expect(told()).toEqual(Array.from({ length: 5 }, () => 'quota_expire_soon'))
  const left = await sandbox.get('externalcontact/customer_acquisition_quota')
  expect(left).toMatchObject({ balance: 0, quota_list: [] })
})

test('an old friend costs nothing, and goes to the member he knows when the link prefers it', async () => {
  const { id } = await sandbox.friends('wang')
  const link = await create({ priority_option: { priority_type: 1 } })
  expect(await add(link, id)).toEqual({ userid: 'wang', welcome_code: null })
  expect(await sandbox.get('externalcontact/customer_acquisition_quota')).toMatchObject({ balance: 1000 })
  const only = await create({ priority_option: { priority_type: 2, priority_userid_list: ['lina'] } })
  expect(await add(only, id)).toMatchObject({ userid: 'lina' })
})

test('with verification a friend request is told first', async () => {
  await add(await create({ skip_verify: false }), undefined, 'ad')
  const xml = (await receiver.until(2)).map((one) => one.xml ?? '')
  expect(xml.find((one) => one.includes('friend_request'))).toContain('<State><![CDATA[ad]]></State>')
})

test('what the customer says is told at the 1st, 3rd, 5th and 10th message; the chat key lives 30 minutes', async () => {
  const external_userid = await sandbox.customer()
  await add(await create(), external_userid, 'ad')
  for (let i = 0; i < 11; i++)
    await sandbox.act('say', { from: 'customer', userid: 'lina', external_userid, text: '在' })
  await receiver.until(5)
  expect(told().toSorted()).toEqual([
    'customer_start_chat',
    'message_from_customer',
    'message_from_customer',
    'message_from_customer',
  ])
  const all = receiver.received.map((one) => one.xml).join()
  const chat_key = /<ChatKey><!\[CDATA\[(\w+)/.exec(all)?.[1]
  const info = () => sandbox.post('externalcontact/customer_acquisition/get_chat_info', { chat_key })
  expect(await info()).toMatchObject({ userid: 'lina', external_userid })
  await sandbox.advance(31 * 60_000)
  expect(await info()).toMatchObject({ errcode: 40058 })
})

test('a link nobody is behind is told, and so is one deleted in the console, but not one deleted by the API', async () => {
  const link = await create({ range: { user_list: ['wang'] } })
  const other = await create()
  await sandbox.act('members/wang/leave')
  await sandbox.act('acquisition/delete', { link_id: other.link_id })
  await sandbox.post('externalcontact/customer_acquisition/delete_link', { link_id: link.link_id })
  await receiver.until(4)
  expect(told().toSorted()).toEqual(['delete_link', 'link_unavailable'])
})

test('a customer of a link who deletes the member is told twice over', async () => {
  const external_userid = await sandbox.customer()
  const { userid } = await add(await create(), external_userid)
  await sandbox.act('delete-by-customer', { userid, external_userid })
  await receiver.until(3)
  expect(told()).toEqual(['del_follow_user'])
})

test('only so many links', async () => {
  await sandbox.act('limits', { acquisitionLinks: 0 }, 'PUT')
  const asked = { link_name: 'x', range: { user_list: ['lina'] } }
  expect(await sandbox.post('externalcontact/customer_acquisition/create_link', asked)).toMatchObject({
    errcode: 41095,
  })
})

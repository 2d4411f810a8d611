import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

const DAY_S = 86_400
/** 10:00 in China on a Monday. */
const MONDAY = Date.parse('2030-01-07T02:00:00Z')

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.act('clock/set', { now: MONDAY })
  await sandbox.member('lina')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

const behaviour = async (userid: string[], days = 0) => {
  const start_time = MONDAY / 1000
  const asked = { userid, start_time, end_time: start_time + days * DAY_S }
  return (await sandbox.post('externalcontact/get_user_behavior_data', asked))['behavior_data']
}
const say = (from: 'customer' | 'member', external_userid: string, userid = 'lina') =>
  sandbox.act('say', { from, userid, external_userid, text: '在吗' })

test('what a member did is counted: chats, messages, answers, new and lost customers', async () => {
  const { id: answered } = await sandbox.friends('lina')
  const { id: waiting } = await sandbox.friends('lina')
  const { id: lost } = await sandbox.friends('lina')
  await say('customer', answered)
  await say('customer', waiting)
  await sandbox.advance(4 * 60_000)
  await say('member', answered)
  await say('member', answered)
  await say('member', lost)
  await sandbox.act('delete-by-customer', { userid: 'lina', external_userid: lost })
  await sandbox.act('add', { userid: 'lina', external_userid: await sandbox.customer(), add_way: 2 })
  expect(await behaviour(['lina'])).toEqual([])
  await sandbox.advance(22 * 3_600_000)
  expect(await behaviour(['lina'], 3)).toEqual([
    {
      stat_time: Date.parse('2030-01-06T16:00:00Z') / 1000,
      chat_cnt: 2,
      message_cnt: 3,
      reply_percentage: 50,
      avg_reply_time: 4,
      negative_feedback_cnt: 1,
      new_apply_cnt: 1,
      new_contact_cnt: 4,
    },
  ])
})

test('several members are one series; a day comes at eight the next morning', async () => {
  await sandbox.friends('lina')
  await sandbox.friends('wang')
  await sandbox.act('clock/set', { now: Date.parse('2030-01-07T23:59:00Z') })
  expect(await behaviour(['lina', 'wang'])).toEqual([])
  await sandbox.act('clock/set', { now: Date.parse('2030-01-08T00:01:00Z') })
  expect(await behaviour(['lina', 'wang'])).toMatchObject([{ new_contact_cnt: 2 }])
  expect(await behaviour(['wang'])).toMatchObject([{ new_contact_cnt: 1 }])
})

test('groups: new ones, members, messages; in order, page by page, and by day', async () => {
  const { chat_id } = await sandbox.act('groups', { name: 'A', owner: 'lina', kind: 'customer' })
  await sandbox.act('groups', { name: '内部', owner: 'wang', kind: 'internal' })
  const customer = await sandbox.customer()
  await sandbox.act(`groups/${String(chat_id)}/join`, { id: customer, scene: 3 })
  await sandbox.act('say', { from: 'customer', userid: 'lina', external_userid: customer, chat_id, text: '你好' })
  await sandbox.advance(2 * DAY_S * 1000)
  const asked = {
    day_begin_time: MONDAY / 1000,
    day_end_time: MONDAY / 1000 + DAY_S,
    owner_filter: { userid_list: ['wang', 'lina'] },
  }
  const lina = {
    new_chat_cnt: 1,
    chat_total: 1,
    chat_has_msg: 1,
    new_member_cnt: 1,
    member_total: 2,
    member_has_msg: 1,
    msg_total: 1,
  }
  const first = await sandbox.post('externalcontact/groupchat/statistic', { ...asked, order_by: 4, limit: 1 })
  expect(first).toMatchObject({ total: 2, next_offset: 1, items: [{ owner: 'lina', data: lina }] })
  const second = await sandbox.post('externalcontact/groupchat/statistic', { ...asked, order_by: 4, offset: 1 })
  expect(second).toMatchObject({ next_offset: 2, items: [{ owner: 'wang', data: { chat_total: 0, member_total: 0 } }] })
  expect(await sandbox.post('externalcontact/groupchat/statistic', { ...asked, order_asc: 1 })).toMatchObject({
    items: [{ owner: 'wang' }, { owner: 'lina' }],
  })
  expect(await sandbox.post('externalcontact/groupchat/statistic_group_by_day', asked)).toMatchObject({
    items: [{ data: lina }, { data: { ...lina, new_chat_cnt: 0, new_member_cnt: 0 } }],
  })
})

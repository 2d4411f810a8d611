import { z } from 'zod'
import { contract, id32, nothing, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { acquisition } from './acquisition.ts'

const range = { user_list: ['lina'] }
const linkId = z.string().regex(/^cawcde\w{26}$/)
const link = { link_id: linkId, link_name: z.literal('抖音'), url: z.url(), create_time: seconds }

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const receiver = await sandbox.receiver()
  const make = async () => {
    const answer = await sandbox.post('externalcontact/customer_acquisition/create_link', { link_name: '抖音', range })
    return z.object({ link: z.object({ link_id: text }) }).parse(answer).link.link_id
  }
  const known = { link: await make(), spare: await make() }
  const external_userid = await sandbox.customer()
  await sandbox.act('acquisition/add', { link_id: known.link, external_userid, customer_channel: 'ad_01' })
  for (let i = 0; i < 3; i++)
    await sandbox.act('say', { from: 'customer', userid: 'lina', external_userid, text: '你好' })
  const told = (await receiver.until(3)).map((one) => one.xml).join()
  return { ...known, key: /<ChatKey><!\[CDATA\[(\w+)/.exec(told)?.[1] ?? '', now: Math.floor(Date.now() / 1000) }
}

contract(acquisition, prepare, {
  '/cgi-bin/externalcontact/customer_acquisition/list_link': {
    good: () => ({ limit: 1 }),
    shape: z.strictObject({ link_id_list: z.array(linkId).length(1), next_cursor: text.min(1) }),
    bad: () => [
      [{ limit: 101 }, 40058],
      [{ cursor: 'made-up' }, 50100],
    ],
  },
  '/cgi-bin/externalcontact/customer_acquisition/get': {
    good: (known) => ({ link_id: known.link }),
    shape: z.strictObject({
      link: z.strictObject({ ...link, skip_verify: z.literal(true), mark_source: z.literal(true) }),
      range: z.strictObject({ user_list: z.tuple([z.literal('lina')]), department_list: z.tuple([]) }),
    }),
    bad: () => [
      [{ link_id: 'x' }, 40058],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/customer_acquisition/create_link': {
    good: () => ({ link_name: '抖音', range: { department_list: [1] }, priority_option: { priority_type: 1 } }),
    shape: z.strictObject({ link: z.strictObject(link) }),
    bad: () => [
      [{ range }, 40063],
      [{ link_name: '名'.repeat(31), range }, 40058],
      [{ link_name: 'x' }, 40063],
      [{ link_name: 'x', range: {} }, 40063],
      [{ link_name: 'x', range: { user_list: ['nobody'] } }, 40003],
      [{ link_name: 'x', range: { department_list: [99] } }, 60003],
      [{ link_name: 'x', range: { user_list: Array.from({ length: 501 }, () => 'lina') } }, 40058],
      [{ link_name: 'x', range, priority_option: { priority_type: 3 } }, 40058],
      [{ link_name: 'x', range, priority_option: { priority_type: 2, priority_userid_list: ['nobody'] } }, 40003],
    ],
  },
  '/cgi-bin/externalcontact/customer_acquisition/update_link': {
    good: (known) => ({ link_id: known.spare, link_name: '小红书', skip_verify: false }),
    shape: nothing,
    bad: (known) => [
      [{ link_id: 'x', link_name: 'y' }, 40058],
      [{ link_id: known.spare, range: { user_list: ['nobody'] } }, 40003],
    ],
  },
  '/cgi-bin/externalcontact/customer_acquisition/delete_link': {
    good: (known) => ({ link_id: known.spare }),
    shape: nothing,
    bad: (known) => [[{ link_id: known.spare }, 40058]],
    last: true,
  },
  '/cgi-bin/externalcontact/customer_acquisition/customer': {
    good: (known) => ({ link_id: known.link, limit: 1000 }),
    shape: z.strictObject({
      customer_list: z.tuple([
        z.strictObject({
          external_userid: id32('wm'),
          userid: z.literal('lina'),
          chat_status: z.literal(1),
          state: z.literal('ad_01'),
        }),
      ]),
      next_cursor: z.literal(''),
    }),
    bad: (known) => [
      [{ link_id: 'x' }, 40058],
      [{ link_id: known.link, limit: 1001 }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/customer_acquisition_quota': {
    good: () => ({}),
    shape: z.strictObject({
      total: z.literal(1000),
      balance: z.literal(999),
      quota_list: z.tuple([z.strictObject({ expire_date: seconds, balance: z.literal(999) })]),
    }),
  },
  '/cgi-bin/externalcontact/customer_acquisition/statistic': {
    good: (known) => ({ link_id: known.link, start_time: known.now - 86_400, end_time: known.now + 60 }),
    shape: z.strictObject({ click_link_customer_cnt: z.literal(1), new_customer_cnt: z.literal(1) }),
    bad: (known) => [
      [{ link_id: 'x', start_time: known.now, end_time: known.now }, 40058],
      [{ link_id: known.link, start_time: known.now - 40 * 86_400, end_time: known.now }, 40058],
      [{ link_id: known.link, start_time: known.now - 200 * 86_400, end_time: known.now - 190 * 86_400 }, 40058],
      [{ link_id: known.link }, 40063],
    ],
  },
  '/cgi-bin/externalcontact/customer_acquisition/get_chat_info': {
    good: ({ key }) => ({ chat_key: key }),
    shape: z.strictObject({
      userid: z.literal('lina'),
      external_userid: id32('wm'),
      chat_info: z.strictObject({ recv_msg_cnt: z.literal(3), link_id: linkId, state: z.literal('ad_01') }),
    }),
    bad: () => [
      [{ chat_key: 'x' }, 40058],
      [{}, 40063],
    ],
  },
})

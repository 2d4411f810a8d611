import { z } from 'zod'
import { contract, id32, nothing, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { customers } from './customers.ts'

const contact = z.strictObject({
  external_userid: id32('wm'),
  name: text,
  avatar: z.url(),
  type: z.literal(1),
  gender: z.int().min(0).max(2),
})
const follow = {
  userid: text,
  remark: text,
  description: text,
  createtime: seconds,
  add_way: z.int(),
  oper_userid: text,
}

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  await sandbox.member('lonely')
  const { id: customer } = await sandbox.friends('lina')
  const { chat_id } = await sandbox.act('groups', { name: '群', owner: 'lina', kind: 'customer' })
  await sandbox.act(`groups/${text.parse(chat_id)}/join`, { id: await sandbox.customer('路人'), scene: 3 })
  const tags = await sandbox.act('console/tags', { group: '来源', names: ['门店'] })
  return { customer, tag: z.array(z.object({ id: text })).parse(tags['tags'])[0]?.id ?? '' }
}

contract(customers, prepare, {
  '/cgi-bin/externalcontact/get_follow_user_list': {
    good: () => ({}),
    shape: z.strictObject({ follow_user: z.array(text).length(2) }),
  },
  '/cgi-bin/externalcontact/list': {
    good: () => ({ userid: 'lina' }),
    shape: z.strictObject({ external_userid: z.array(id32('wm')).min(1) }),
    bad: () => [[{ userid: 'lonely' }, 84061]],
  },
  '/cgi-bin/externalcontact/get': {
    good: ({ customer }) => ({ external_userid: customer }),
    shape: z.strictObject({
      external_contact: contact,
      follow_user: z.array(z.looseObject({ ...follow, tags: z.array(z.looseObject({ type: z.int() })) })).length(1),
      next_cursor: text,
    }),
    bad: ({ customer }) => [
      [{}, 41035],
      [{ external_userid: 'wmUNKNOWN' }, 40096],
      [{ external_userid: customer, cursor: 'made-up' }, 50100],
    ],
  },
  '/cgi-bin/externalcontact/batch/get_by_user': {
    good: () => ({ userid_list: ['lina'], limit: 100 }),
    shape: z.strictObject({
      external_contact_list: z.array(
        z.strictObject({ external_contact: contact, follow_info: z.looseObject({ ...follow, tag_id: z.array(text) }) }),
      ),
      next_cursor: text,
    }),
    bad: () => [
      [{ userid_list: [] }, 40058],
      [{ userid_list: ['lina'], limit: 101 }, 40058],
      [{ userid_list: ['nobody'] }, 40003],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/remark': {
    good: ({ customer }) => ({ userid: 'lina', external_userid: customer, remark: '老客户' }),
    shape: nothing,
    bad: ({ customer }) => [
      [{ userid: 'lina', external_userid: customer }, 40058],
      [{ userid: 'lina', external_userid: customer, remark: '长'.repeat(21) }, 40058],
      [{ userid: 'lonely', external_userid: customer, remark: 'x' }, 84061],
    ],
  },
  '/cgi-bin/externalcontact/mark_tag': {
    good: ({ customer, tag }) => ({ userid: 'lina', external_userid: customer, add_tag: [tag] }),
    shape: nothing,
    bad: ({ customer, tag }) => [
      [{ userid: 'lina', external_userid: customer }, 40063],
      [{ userid: 'lina', external_userid: customer, add_tag: ['etNONE'] }, 40068],
      [{ userid: 'lonely', external_userid: customer, add_tag: [tag] }, 84061],
      [{ userid: 'lina', add_tag: [tag] }, 41035],
    ],
  },
  '/cgi-bin/externalcontact/contact_list': {
    good: () => ({ limit: 1000 }),
    shape: z.strictObject({
      info_list: z.tuple([
        z.strictObject({
          is_customer: z.literal(true),
          external_userid: id32('wm'),
          name: text,
          follow_userid: z.literal('lina'),
          add_time: seconds,
        }),
        z.strictObject({
          is_customer: z.literal(false),
          tmp_openid: text.min(1),
          name: z.literal('路人'),
          follow_userid: z.literal('lina'),
          chat_id: id32('wr'),
          chat_name: z.literal('群'),
          add_time: seconds,
        }),
      ]),
      next_cursor: z.literal(''),
    }),
    bad: () => [
      [{ limit: 1001 }, 40058],
      [{ cursor: 'made-up' }, 50100],
    ],
  },
})

import { z } from 'zod'
import { contract, id32, nothing, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { kfAccounts } from './kf-accounts.ts'

const kfid = z.string().regex(/^wk\w{30}$/)

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const add = async () => text.parse((await sandbox.post('kf/account/add', { name: '售后' }))['open_kfid'])
  const known = { account: await add(), spare: await add(), customer: await sandbox.customer() }
  await sandbox.post('kf/servicer/add', { open_kfid: known.account, userid_list: ['lina'] })
  return known
}

const results = (...codes: number[]) =>
  z.strictObject({
    result_list: z
      .array(z.strictObject({ userid: text, errcode: z.int(), errmsg: text.min(1) }))
      .refine((list) => list.map((one) => one.errcode).join() === codes.join(), `errcodes are not ${codes.join()}`),
  })

contract(kfAccounts, prepare, {
  '/cgi-bin/kf/account/list': {
    good: () => ({ offset: 0, limit: 1 }),
    shape: z.strictObject({
      account_list: z.tuple([z.strictObject({ open_kfid: kfid, name: z.literal('售后'), avatar: text })]),
    }),
    bad: () => [[{ limit: 101 }, 40058]],
  },
  '/cgi-bin/kf/account/add': {
    good: () => ({ name: '售前' }),
    shape: z.strictObject({ open_kfid: kfid }),
    bad: () => [
      [{}, 40063],
      [{ name: 'x', media_id: 'gone' }, 40007],
    ],
    last: true,
  },
  '/cgi-bin/kf/account/update': {
    good: ({ spare }) => ({ open_kfid: spare, name: '新名' }),
    shape: nothing,
    bad: ({ spare }) => [
      [{ open_kfid: 'x', name: 'y' }, 95004],
      [{ open_kfid: spare, media_id: 'gone' }, 40007],
    ],
  },
  '/cgi-bin/kf/account/del': {
    good: ({ spare }) => ({ open_kfid: spare }),
    shape: nothing,
    bad: ({ spare }) => [
      [{ open_kfid: spare }, 95004],
      [{}, 40063],
    ],
    last: true,
  },
  '/cgi-bin/kf/add_contact_way': {
    good: ({ account }) => ({ open_kfid: account, scene: 'shop' }),
    shape: z.strictObject({ url: z.url() }),
    bad: ({ account }) => [
      [{ open_kfid: 'x' }, 95004],
      [{ open_kfid: account, scene: 's'.repeat(33) }, 40058],
    ],
  },
  '/cgi-bin/kf/servicer/add': {
    good: ({ account }) => ({ open_kfid: account, userid_list: ['lina', 'nobody'] }),
    shape: results(0, 60111),
    bad: ({ account }) => [
      [{ open_kfid: 'x', userid_list: ['lina'] }, 95004],
      [{ open_kfid: account, userid_list: [] }, 40058],
    ],
  },
  '/cgi-bin/kf/servicer/del': {
    good: ({ account }) => ({ open_kfid: account, userid_list: ['lina'] }),
    shape: results(0),
    bad: () => [[{ open_kfid: 'x', userid_list: ['lina'] }, 95004]],
    last: true,
  },
  '/cgi-bin/kf/servicer/list': {
    good: ({ account }) => ({ open_kfid: account }),
    shape: z.strictObject({
      servicer_list: z.tuple([z.strictObject({ userid: z.literal('lina'), status: z.literal(0) })]),
    }),
    bad: () => [[{ open_kfid: 'x' }, 95004]],
  },
  '/cgi-bin/kf/customer/batchget': {
    good: ({ customer }) => ({ external_userid_list: [customer, 'wmNONE'] }),
    shape: z.strictObject({
      customer_list: z.tuple([
        z.strictObject({ external_userid: id32('wm'), nickname: text, avatar: z.url(), gender: z.int() }),
      ]),
      invalid_external_userid: z.tuple([z.literal('wmNONE')]),
    }),
    bad: () => [
      [{ external_userid_list: [] }, 40058],
      [{ external_userid_list: Array.from({ length: 101 }, () => 'x') }, 40058],
    ],
  },
})

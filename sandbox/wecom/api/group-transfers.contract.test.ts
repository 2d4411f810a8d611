import { z } from 'zod'
import { contract, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { groupTransfers } from './group-transfers.ts'

const prepare = async (sandbox: Sandbox) => {
  for (const id of ['lina', 'wang', 'gone']) await sandbox.member(id)
  const group = async (owner: string, kind = 'customer') =>
    text.parse((await sandbox.act('groups', { name: '群', owner, kind }))['chat_id'])
  const known = {
    linas: await group('lina'),
    wangs: await group('wang'),
    left: await group('gone'),
    internal: await group('lina', 'internal'),
  }
  await sandbox.act('members/gone/leave')
  return known
}

const failed = (...codes: number[]) =>
  z.strictObject({
    failed_chat_list: z
      .array(z.strictObject({ chat_id: text, errcode: z.int(), errmsg: text.min(1) }))
      .refine((list) => list.map((one) => one.errcode).join() === codes.join(), `errcodes are not ${codes.join()}`),
  })
const bad = ({ linas }: { linas: string }): [Record<string, unknown>, number][] => [
  [{ chat_id_list: [], new_owner: 'wang' }, 40058],
  [{ chat_id_list: Array.from({ length: 101 }, () => linas), new_owner: 'wang' }, 40058],
  [{ chat_id_list: [linas], new_owner: 'nobody' }, 40003],
  [{ chat_id_list: [linas], new_owner: 'gone' }, 40003],
  [{ chat_id_list: [linas] }, 40003],
  [{ new_owner: 'wang' }, 40063],
]

contract(groupTransfers, prepare, {
  '/cgi-bin/externalcontact/groupchat/onjob_transfer': {
    good: ({ linas, wangs, left, internal }) => ({
      chat_id_list: [linas, wangs, left, internal, 'wrNONE'],
      new_owner: 'wang',
    }),
    shape: failed(90504, 90502, 90501, 90501),
    bad,
  },
  '/cgi-bin/externalcontact/groupchat/transfer': {
    good: ({ left, wangs, internal }) => ({ chat_id_list: [left, wangs, internal], new_owner: 'wang' }),
    shape: failed(90500, 90501),
    bad,
  },
})

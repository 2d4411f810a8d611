import { z } from 'zod'
import { contract, id32, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { groups } from './groups.ts'

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const { chat_id } = await sandbox.act('groups', { name: '老客群', owner: 'lina', kind: 'customer' })
  const { opengid } = await sandbox.read(`opengid?chat_id=${text.parse(chat_id)}`, z.object({ opengid: text }))
  return { chat: text.parse(chat_id), opengid }
}

contract(groups, prepare, {
  '/cgi-bin/externalcontact/groupchat/list': {
    good: () => ({ limit: 10 }),
    shape: z.strictObject({
      group_chat_list: z.tuple([z.strictObject({ chat_id: id32('wr'), status: z.literal(0) })]),
      next_cursor: text,
    }),
    bad: () => [
      [{}, 40063],
      [{ limit: 1001 }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/groupchat/get': {
    good: ({ chat }) => ({ chat_id: chat, need_name: 1 }),
    shape: z.strictObject({
      group_chat: z.looseObject({
        chat_id: text,
        owner: text,
        create_time: seconds,
        notice: text,
        member_list: z
          .array(z.looseObject({ userid: text, type: z.int(), join_time: seconds, join_scene: z.int(), name: text }))
          .min(1),
        admin_list: z.array(z.strictObject({ userid: text })),
        member_version: text,
      }),
    }),
    bad: () => [[{ chat_id: 'wrNONE' }, 90501]],
  },
  '/cgi-bin/externalcontact/opengid_to_chatid': {
    good: ({ opengid }) => ({ opengid }),
    shape: z.strictObject({ chat_id: id32('wr') }),
    bad: () => [
      [{ opengid: 'o' }, 90511],
      [{}, 40063],
    ],
  },
})

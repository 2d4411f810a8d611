import { z } from 'zod'
import { contract, nothing, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { joinWays } from './join-ways.ts'

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const group = async (kind: string) =>
    text.parse((await sandbox.act('groups', { name: '群', owner: 'lina', kind }))['chat_id'])
  const chat = await group('customer')
  const made = await sandbox.post('externalcontact/groupchat/add_join_way', {
    scene: 2,
    chat_id_list: [chat],
    state: 's',
  })
  return { chat, internal: await group('internal'), way: text.parse(made['config_id']) }
}

contract(joinWays, prepare, {
  '/cgi-bin/externalcontact/groupchat/add_join_way': {
    good: ({ chat }) => ({
      scene: 2,
      chat_id_list: [chat],
      state: 'poster',
      room_base_name: '福利群',
      room_base_id: 10,
    }),
    shape: z.strictObject({ config_id: z.string().regex(/^[0-9a-f]{32}$/) }),
    bad: ({ chat, internal }) => [
      [{ scene: 3, chat_id_list: [chat] }, 40058],
      [{ scene: 2 }, 40063],
      [{ scene: 2, chat_id_list: [] }, 40058],
      [{ scene: 2, chat_id_list: Array.from({ length: 6 }, () => chat) }, 41091],
      [{ scene: 2, chat_id_list: [internal] }, 90501],
      [{ scene: 2, chat_id_list: ['wrNONE'] }, 90501],
      [{ scene: 2, chat_id_list: [chat], state: '态'.repeat(31) }, 40058],
      [{ scene: 2, chat_id_list: [chat], remark: '注'.repeat(31) }, 40058],
      [{ scene: 2, chat_id_list: [chat], room_base_name: '名'.repeat(41) }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/groupchat/get_join_way': {
    good: ({ way }) => ({ config_id: way }),
    shape: z.strictObject({
      join_way: z.strictObject({
        config_id: text,
        scene: z.literal(2),
        remark: z.literal(''),
        auto_create_room: z.literal(1),
        room_base_name: text,
        room_base_id: z.int(),
        chat_id_list: z.array(text).length(1),
        qr_code: z.url(),
        state: z.literal('s'),
        mark_source: z.literal(true),
      }),
    }),
    bad: () => [
      [{ config_id: 'x' }, 41044],
      [{}, 41042],
    ],
  },
  '/cgi-bin/externalcontact/groupchat/update_join_way': {
    good: ({ way, chat }) => ({ config_id: way, scene: 2, chat_id_list: [chat], remark: '门口' }),
    shape: nothing,
    bad: ({ way, chat }) => [
      [{ config_id: 'x', scene: 2, chat_id_list: [chat] }, 41044],
      [{ config_id: way, scene: 2, chat_id_list: Array.from({ length: 6 }, () => chat) }, 41091],
      [{ config_id: way, scene: 2 }, 40063],
    ],
    last: true,
  },
  '/cgi-bin/externalcontact/groupchat/del_join_way': {
    good: ({ way }) => ({ config_id: way }),
    shape: nothing,
    bad: ({ way }) => [
      [{ config_id: way }, 41044],
      [{}, 41042],
    ],
    last: true,
  },
})

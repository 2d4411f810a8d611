import { z } from 'zod'
import { contract, nothing, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { contactWays } from './contact-ways.ts'

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  await sandbox.member('lonely')
  const way = await sandbox.post('externalcontact/add_contact_way', { type: 1, scene: 2, user: ['lina'], state: 's' })
  return { way: text.parse(way['config_id']), customer: (await sandbox.friends('lina')).id }
}

contract(contactWays, prepare, {
  '/cgi-bin/externalcontact/add_contact_way': {
    good: () => ({ type: 1, scene: 2, user: ['lina'], state: 'store_07' }),
    shape: z.strictObject({ config_id: text, qr_code: z.url() }),
    bad: () => [
      [{ type: 3, scene: 2, user: ['lina'] }, 41037],
      [{ scene: 2, user: ['lina'] }, 41037],
      [{ type: 1, scene: 5, user: ['lina'] }, 41038],
      [{ type: 1, scene: 2, user: ['lina', 'lonely'] }, 40058],
      [{ type: 1, scene: 2, user: ['nobody'] }, 40003],
      [{ type: 1, scene: 2, user: ['lina'], state: 's'.repeat(31) }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/get_contact_way': {
    good: ({ way }) => ({ config_id: way }),
    shape: z.strictObject({
      contact_way: z.looseObject({
        config_id: text,
        type: z.int(),
        scene: z.int(),
        state: text,
        qr_code: text,
        user: z.array(text),
      }),
    }),
    bad: () => [
      [{ config_id: 'x' }, 41044],
      [{}, 41042],
    ],
  },
  '/cgi-bin/externalcontact/list_contact_way': {
    good: () => ({}),
    shape: z.strictObject({ contact_way: z.array(z.strictObject({ config_id: text })).min(1), next_cursor: text }),
    bad: () => [[{ limit: 1001 }, 40058]],
  },
  '/cgi-bin/externalcontact/update_contact_way': {
    good: ({ way }) => ({ config_id: way, remark: '门口海报' }),
    shape: nothing,
    bad: ({ way }) => [
      [{ config_id: 'x', remark: 'r' }, 41044],
      [{ config_id: way, user: ['lina', 'lonely'] }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/del_contact_way': {
    good: ({ way }) => ({ config_id: way }),
    shape: nothing,
    bad: () => [[{ config_id: 'x' }, 41044]],
    last: true,
  },
  '/cgi-bin/externalcontact/close_temp_chat': {
    good: ({ customer }) => ({ userid: 'lina', external_userid: customer }),
    shape: nothing,
    bad: ({ customer }) => [
      [{ userid: 'lonely', external_userid: customer }, 84061],
      [{ userid: 'lina', external_userid: 'x' }, 40096],
      [{ userid: 'lina' }, 41035],
    ],
  },
})

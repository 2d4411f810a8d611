import { z } from 'zod'
import { contract, nothing, over, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { contactWays } from './contact-ways.ts'

const temp = { type: 1, scene: 2, user: ['lina'], is_temp: true }

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
      [{ ...temp, conclusions: { text: { content: over(4000) } } }, 40058],
      [{ ...temp, conclusions: { image: { media_id: 'gone' } } }, 40007],
      [{ ...temp, type: 2 }, 40058],
      [{ ...temp, expires_in: 15 * 86_400 }, 40058],
      [{ type: 2, scene: 2, party: [99] }, 60003],
      [{ type: 2, scene: 2 }, 40063],
      [{ type: 1, scene: 2, user: ['lina'], remark: '注'.repeat(31) }, 40058],
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

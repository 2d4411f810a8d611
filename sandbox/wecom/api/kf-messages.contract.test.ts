import { z } from 'zod'
import { contract, id32, nothing, over, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { kfMessages } from './kf-messages.ts'

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const open_kfid = text.parse((await sandbox.post('kf/account/add', { name: '售后' }))['open_kfid'])
  await sandbox.post('kf/servicer/add', { open_kfid, userid_list: ['lina'] })
  const customer = await sandbox.customer()
  await sandbox.act('kf/write', { open_kfid, external_userid: customer, text: '在吗' })
  const stranger = await sandbox.customer()
  const { code } = await sandbox.act('kf/enter', { open_kfid, external_userid: stranger })
  return { open_kfid, customer, stranger, code: text.parse(code) }
}

const say = { msgtype: 'text', text: { content: '您好' } }
const sent = z.strictObject({ msgid: text.min(1) })

contract(kfMessages, prepare, {
  '/cgi-bin/kf/sync_msg': {
    good: ({ open_kfid }) => ({ open_kfid, limit: 1 }),
    shape: z.strictObject({
      next_cursor: text.min(1),
      has_more: z.literal(1),
      msg_list: z.tuple([
        z.strictObject({
          msgid: text,
          open_kfid: text,
          external_userid: id32('wm'),
          send_time: seconds,
          origin: z.literal(3),
          msgtype: z.literal('text'),
          text: z.strictObject({ content: z.literal('在吗') }),
        }),
      ]),
    }),
    bad: ({ open_kfid }) => [
      [{}, 40063],
      [{ open_kfid: 'x' }, 95004],
      [{ open_kfid, limit: 1001 }, 40058],
      [{ open_kfid, token: 'made-up' }, 95007],
      [{ open_kfid, cursor: 'made-up' }, 50100],
    ],
  },
  '/cgi-bin/kf/send_msg': {
    good: ({ open_kfid, customer }) => ({ touser: customer, open_kfid, ...say }),
    shape: sent,
    bad: ({ open_kfid, customer, stranger }) => [
      [{ touser: customer, open_kfid: 'x', ...say }, 95004],
      [{ touser: 'wmNONE', open_kfid, ...say }, 40096],
      [{ touser: stranger, open_kfid, ...say }, 95002],
      [{ touser: customer, open_kfid, msgtype: 'shake' }, 40008],
      [{ touser: customer, open_kfid, msgtype: 'text', text: { content: '' } }, 44004],
      [{ touser: customer, open_kfid, msgtype: 'text', text: { content: over(2048) } }, 45002],
      [{ touser: customer, open_kfid, msgtype: 'image', image: { media_id: 'gone' } }, 40007],
      [{ touser: customer, open_kfid, msgid: '不行', ...say }, 40058],
    ],
  },
  '/cgi-bin/kf/send_msg_on_event': {
    good: ({ code }) => ({ code, ...say }),
    shape: sent,
    bad: ({ code }) => [
      [{ code: 'x', ...say }, 40058],
      [{ code, ...say }, 40058],
      [{ code, msgtype: 'image' }, 40008],
    ],
  },
  '/cgi-bin/kf/service_state/get': {
    good: ({ open_kfid, customer }) => ({ open_kfid, external_userid: customer }),
    shape: z.strictObject({ service_state: z.literal(0) }),
    bad: ({ customer }) => [[{ open_kfid: 'x', external_userid: customer }, 95004]],
  },
  '/cgi-bin/kf/service_state/trans': {
    good: ({ open_kfid, customer }) => ({
      open_kfid,
      external_userid: customer,
      service_state: 3,
      servicer_userid: 'lina',
    }),
    shape: nothing,
    bad: ({ open_kfid, customer, stranger }) => [
      [{ open_kfid: 'x', external_userid: customer, service_state: 3 }, 95004],
      [{ open_kfid, external_userid: stranger, service_state: 3, servicer_userid: 'lina' }, 95018],
      [{ open_kfid, external_userid: customer, service_state: 3 }, 40063],
      [{ open_kfid, external_userid: customer, service_state: 3, servicer_userid: 'wang' }, 95014],
      [{ open_kfid, external_userid: customer, service_state: 1 }, 95016],
      [{ open_kfid, external_userid: customer, service_state: 5 }, 40058],
    ],
    last: true,
  },
})

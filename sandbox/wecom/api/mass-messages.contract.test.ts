import { z } from 'zod'
import { contract, id32, nothing, over, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { massMessages } from './mass-messages.ts'

const link = { msgtype: 'link', link: { title: 't', url: 'https://a' } }
const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  await sandbox.member('lonely')
  const { id: customer } = await sandbox.friends('lina')
  const mass = await sandbox.post('externalcontact/add_msg_template', {
    external_userid: [customer],
    text: { content: 'hi' },
  })
  return { customer, msgid: text.parse(mass['msgid']) }
}

contract(massMessages, prepare, {
  '/cgi-bin/externalcontact/add_msg_template': {
    good: ({ customer }) => ({ external_userid: [customer, 'wmUNKNOWN'], text: { content: '您好' } }),
    shape: z.strictObject({ fail_list: z.tuple([z.literal('wmUNKNOWN')]), msgid: text }),
    bad: ({ customer }) => [
      [{ external_userid: [customer] }, 40063],
      [{ text: { content: 'x' } }, 41048],
      [{ external_userid: ['wmUNKNOWN'], text: { content: 'x' } }, 41048],
      [{ external_userid: [customer], text: { content: over(4000) } }, 40058],
      [{ external_userid: [customer], attachments: Array.from({ length: 10 }, () => link) }, 41064],
      [{ external_userid: [customer], attachments: [{ msgtype: 'voice' }] }, 41065],
      [{ external_userid: [customer], attachments: [{ msgtype: 'image', image: { media_id: 'gone' } }] }, 40007],
      [
        {
          external_userid: [customer],
          attachments: [{ msgtype: 'link', link: { title: over(128), url: 'https://a' } }],
        },
        40058,
      ],
      [{ chat_type: 'group', text: { content: 'x' } }, 40063],
      [{ sender: 'lonely', text: { content: 'x' } }, 41048],
    ],
  },
  '/cgi-bin/externalcontact/remind_groupmsg_send': {
    good: ({ msgid }) => ({ msgid }),
    shape: nothing,
    bad: () => [
      [{ msgid: 'x' }, 41047],
      [{}, 41046],
    ],
  },
  '/cgi-bin/externalcontact/cancel_groupmsg_send': {
    good: ({ msgid }) => ({ msgid }),
    shape: nothing,
    bad: ({ msgid }) => [[{ msgid }, 41093]],
    last: true,
  },
  '/cgi-bin/externalcontact/get_groupmsg_list_v2': {
    good: () => ({
      chat_type: 'single',
      start_time: Math.floor(Date.now() / 1000) - 3600,
      end_time: Math.floor(Date.now() / 1000) + 60,
    }),
    shape: z.strictObject({
      group_msg_list: z
        .array(
          z.looseObject({
            msgid: text,
            create_time: seconds,
            create_type: z.literal(0),
            attachments: z.array(z.unknown()),
          }),
        )
        .min(1),
      next_cursor: text,
    }),
    bad: () => [
      [{ chat_type: 'single', start_time: 1_600_000_000, end_time: 1_700_000_000 }, 40058],
      [{ chat_type: 'single' }, 40063],
    ],
  },
  '/cgi-bin/externalcontact/get_groupmsg_task': {
    good: ({ msgid }) => ({ msgid }),
    shape: z.strictObject({
      task_list: z.tuple([z.strictObject({ userid: z.literal('lina'), status: z.literal(0) })]),
      next_cursor: text,
    }),
    bad: () => [[{ msgid: 'x' }, 41047]],
  },
  '/cgi-bin/externalcontact/get_groupmsg_send_result': {
    good: ({ msgid }) => ({ msgid, userid: 'lina' }),
    shape: z.strictObject({
      send_list: z.tuple([
        z.strictObject({ external_userid: id32('wm'), userid: z.literal('lina'), status: z.literal(0) }),
      ]),
      next_cursor: text,
    }),
    bad: ({ msgid }) => [[{ msgid, userid: 'lonely' }, 40058]],
  },
})

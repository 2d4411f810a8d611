import { z } from 'zod'
import { contract, id32, nothing, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { uploadPicture } from '../testing/upload.ts'
import { moments } from './moments.ts'

const picture = (media_id: string) => ({ msgtype: 'image', image: { media_id } })
const video = (media_id: string) => ({ msgtype: 'video', video: { media_id } })

const prepare = async (sandbox: Sandbox) => {
  await sandbox.act('limits', { momentTasksPerMinute: null }, 'PUT')
  await sandbox.member('lina')
  await sandbox.member('wang')
  const { id: customer } = await sandbox.friends('lina')
  const media = await uploadPicture(sandbox, { attachment_type: '1' })
  const make = async () => {
    const body = {
      text: { content: '上新' },
      attachments: [picture(media)],
      visible_range: { sender_list: { user_list: ['lina'] } },
    }
    const { jobid } = await sandbox.post('externalcontact/add_moment_task', body)
    await sandbox.advance(2000)
    const answer = await sandbox.get('externalcontact/get_moment_task_result', { jobid: text.parse(jobid) })
    const { moment_id } = z.object({ moment_id: text }).parse(answer['result'])
    return { job: text.parse(jobid), moment: moment_id }
  }
  const first = await make()
  await sandbox.act(`moments/${first.moment}/publish`, { userid: 'lina' })
  await sandbox.act(`moments/${first.moment}/comment`, { userid: 'lina', external_userid: customer })
  await sandbox.act(`moments/${first.moment}/like`, { userid: 'lina' })
  const own = text.parse((await sandbox.act('moments', { userid: 'lina', text: '下班' }))['moment_id'])
  const known = { ...first, waiting: (await make()).moment, own, media, ordinary: await uploadPicture(sandbox) }
  return { ...known, now: Math.floor((await sandbox.state()).now / 1000) }
}

const list = z.strictObject({
  next_cursor: z.literal(''),
  moment_list: z.tuple([
    z.strictObject({
      moment_id: text,
      create_time: seconds,
      create_type: z.literal(0),
      visible_type: z.literal(1),
      text: z.strictObject({ content: z.literal('上新') }),
      image: z.array(z.strictObject({ media_id: text })).length(1),
    }),
    z.strictObject({
      moment_id: text,
      creator: z.literal('lina'),
      create_time: seconds,
      create_type: z.literal(1),
      visible_type: z.literal(1),
      text: z.strictObject({ content: z.literal('下班') }),
    }),
    z.looseObject({ moment_id: text }),
  ]),
})

/** What each question about one moment answers when it may not be asked. */
const wrong = ({ moment, waiting }: { moment: string; waiting: string }): [Record<string, unknown>, number][] => [
  [{ userid: 'lina' }, 41059],
  [{ moment_id: 'x', userid: 'lina' }, 41060],
  [{ moment_id: moment, userid: 'wang' }, 41061],
  [{ moment_id: waiting, userid: 'lina' }, 41062],
]

contract(moments, prepare, {
  '/cgi-bin/externalcontact/add_moment_task': {
    good: ({ media }) => ({ text: { content: '上新' }, attachments: Array.from({ length: 9 }, () => picture(media)) }),
    shape: z.strictObject({ jobid: text.min(1) }),
    bad: ({ media, ordinary }) => [
      [{}, 40063],
      [{ text: { content: 'a'.repeat(2001) } }, 40058],
      [{ text: { content: '字'.repeat(1334) } }, 40058],
      [{ attachments: Array.from({ length: 10 }, () => picture(media)) }, 41064],
      [{ attachments: [video(media), video(media)] }, 41064],
      [{ attachments: [picture(media), video(media)] }, 41065],
      [{ attachments: [{ msgtype: 'file', file: { media_id: media } }] }, 41065],
      [{ attachments: [picture(ordinary)] }, 41072],
      [{ attachments: [picture('gone')] }, 40007],
      [
        { attachments: [{ msgtype: 'link', link: { title: '题'.repeat(22), url: 'https://a', media_id: media } }] },
        40058,
      ],
    ],
    last: true,
  },
  '/cgi-bin/externalcontact/get_moment_task_result': {
    good: ({ job }) => ({ jobid: job }),
    shape: z.strictObject({
      status: z.literal(3),
      type: z.literal('add_moment_task'),
      result: z.strictObject({
        errcode: z.literal(0),
        errmsg: z.literal('ok'),
        moment_id: text,
        invalid_sender_list: z.strictObject({ user_list: z.tuple([]), department_list: z.tuple([]) }),
        invalid_external_contact_list: z.strictObject({ tag_list: z.tuple([]) }),
      }),
    }),
    bad: () => [
      [{ jobid: 'x' }, 40058],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/cancel_moment_task': {
    good: ({ waiting }) => ({ moment_id: waiting }),
    shape: nothing,
    bad: ({ waiting, own }) => [
      [{}, 41059],
      [{ moment_id: 'x' }, 41060],
      [{ moment_id: own }, 41067],
      [{ moment_id: waiting }, 41093],
    ],
    last: true,
  },
  '/cgi-bin/externalcontact/get_moment_list': {
    good: ({ now }) => ({ start_time: now - 3600, end_time: now + 60 }),
    shape: list,
    bad: ({ now }) => [
      [{ start_time: now - 31 * 86_400, end_time: now }, 40058],
      [{ start_time: now, end_time: now - 1 }, 40058],
      [{ start_time: now, end_time: now, limit: 21 }, 40058],
      [{ start_time: now, end_time: now, filter_type: 3 }, 40058],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/get_moment_task': {
    good: ({ moment }) => ({ moment_id: moment }),
    shape: z.strictObject({
      next_cursor: z.literal(''),
      task_list: z.tuple([z.strictObject({ userid: z.literal('lina'), publish_status: z.literal(1) })]),
    }),
    bad: ({ own, moment }) => [
      [{}, 41059],
      [{ moment_id: 'x' }, 41060],
      [{ moment_id: own }, 41067],
      [{ moment_id: moment, limit: 1001 }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/get_moment_customer_list': {
    good: ({ moment }) => ({ moment_id: moment, userid: 'lina' }),
    shape: z.strictObject({
      next_cursor: z.literal(''),
      customer_list: z.tuple([z.strictObject({ userid: z.literal('lina'), external_userid: id32('wm') })]),
    }),
    bad: wrong,
  },
  '/cgi-bin/externalcontact/get_moment_send_result': {
    good: ({ moment }) => ({ moment_id: moment, userid: 'lina', limit: 5000 }),
    shape: z.strictObject({
      next_cursor: z.literal(''),
      customer_list: z.tuple([z.strictObject({ external_userid: id32('wm') })]),
    }),
    bad: (known) => [...wrong(known), [{ moment_id: known.moment, userid: 'lina', limit: 5001 }, 40058]],
  },
  '/cgi-bin/externalcontact/get_moment_comments': {
    good: ({ moment }) => ({ moment_id: moment, userid: 'lina' }),
    shape: z.strictObject({
      comment_list: z.tuple([z.strictObject({ external_userid: id32('wm'), create_time: seconds })]),
      like_list: z.tuple([z.strictObject({ userid: z.literal('lina'), create_time: seconds })]),
    }),
    bad: wrong,
  },
})

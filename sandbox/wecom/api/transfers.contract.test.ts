import { z } from 'zod'
import { contract, id32, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { transfers } from './transfers.ts'

const prepare = async (sandbox: Sandbox) => {
  for (const id of ['lina', 'wang', 'gone']) await sandbox.member(id)
  const make = async (userid: string) => (await sandbox.friends(userid)).id
  const known = {
    moved: await make('lina'),
    fresh: await make('lina'),
    others: await make('wang'),
    left: await make('gone'),
  }
  const second = await make('gone')
  await sandbox.act('members/gone/leave')
  const pair = { handover_userid: 'lina', takeover_userid: 'wang', external_userid: [known.moved] }
  await sandbox.post('externalcontact/transfer_customer', pair)
  const resigned = { handover_userid: 'gone', takeover_userid: 'wang', external_userid: [second] }
  await sandbox.post('externalcontact/resigned/transfer_customer', resigned)
  return { ...known, stranger: await sandbox.customer() }
}

const pair = { handover_userid: 'lina', takeover_userid: 'wang' }
const resigned = { handover_userid: 'gone', takeover_userid: 'wang' }
const customer = (...codes: number[]) =>
  z.strictObject({
    customer: z
      .array(z.strictObject({ external_userid: text, errcode: z.int() }))
      .refine((list) => list.map((one) => one.errcode).join() === codes.join(), `errcodes are not ${codes.join()}`),
  })
const result = z.strictObject({
  customer: z.tuple([z.strictObject({ external_userid: id32('wm'), status: z.literal(2), takeover_time: seconds })]),
  next_cursor: z.literal(''),
})

contract(transfers, prepare, {
  '/cgi-bin/externalcontact/transfer_customer': {
    good: ({ fresh, moved, others, stranger }) => ({
      ...pair,
      external_userid: [fresh, moved, others, stranger, 'wmNONE'],
      transfer_success_msg: '您好，以后由小王为您服务',
    }),
    shape: customer(0, 40129, 40131, 84061, 40096),
    bad: ({ fresh }) => [
      [{ ...pair, external_userid: [] }, 40058],
      [{ ...pair, external_userid: Array.from({ length: 101 }, () => fresh) }, 40058],
      [{ ...pair, external_userid: [fresh], transfer_success_msg: '字'.repeat(201) }, 40058],
      [{ ...pair, takeover_userid: 'lina', external_userid: [fresh] }, 40130],
      [{ ...pair, takeover_userid: 'nobody', external_userid: [fresh] }, 40003],
      [{ ...pair, handover_userid: 'gone', external_userid: [fresh] }, 40003],
      [{ takeover_userid: 'wang', external_userid: [fresh] }, 40003],
      [pair, 40063],
    ],
    last: true,
  },
  '/cgi-bin/externalcontact/transfer_result': {
    good: () => pair,
    shape: result,
    bad: () => [
      [{ ...pair, takeover_userid: 'nobody' }, 40003],
      [{ ...pair, cursor: 'made-up' }, 50100],
    ],
  },
  '/cgi-bin/externalcontact/resigned/transfer_customer': {
    good: ({ left, others }) => ({ ...resigned, external_userid: [left, others] }),
    shape: customer(0, 40131),
    bad: ({ fresh }) => [
      [{ ...pair, external_userid: [fresh] }, 40097],
      [{ ...resigned, takeover_userid: 'nobody', external_userid: [fresh] }, 40003],
      [{ ...resigned, external_userid: [] }, 40058],
    ],
    last: true,
  },
  '/cgi-bin/externalcontact/resigned/transfer_result': {
    good: () => resigned,
    shape: result,
    bad: () => [[{ ...resigned, handover_userid: 'nobody' }, 40003]],
  },
  '/cgi-bin/externalcontact/get_unassigned_list': {
    good: () => ({ page_id: 0, page_size: 1000 }),
    shape: z.strictObject({
      info: z.tuple([
        z.strictObject({ handover_userid: z.literal('gone'), external_userid: id32('wm'), dimission_time: seconds }),
      ]),
      is_last: z.literal(true),
      next_cursor: z.literal(''),
    }),
    bad: () => [
      [{ page_size: 1001 }, 40058],
      [{ page_id: 50, page_size: 1000 }, 40058],
      [{ cursor: 'made-up' }, 50100],
    ],
  },
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { contract, id32, text } from '../testing/contract.ts'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { idConversion } from './id-conversion.ts'

const openid = z.string().regex(/^o[\w-]{27}$/)

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const { external_userid } = await sandbox.act('customers', { name: '王小明', unionid: 'oUNION01' })
  const stranger = await sandbox.customer('路人')
  await sandbox.act('add', { userid: 'lina', external_userid })
  const converted = await sandbox.post('user/convert_to_openid', { userid: 'lina' })
  return { customer: text.parse(external_userid), stranger, openid: text.parse(converted['openid']) }
}

contract(idConversion, prepare, {
  '/cgi-bin/idconvert/unionid_to_external_userid': {
    good: () => ({ unionid: 'oUNION01', openid: 'oX' }),
    shape: z.strictObject({ external_userid: id32('wm') }),
    bad: () => [
      [{ openid: 'oX' }, 610014],
      [{ unionid: '不是', openid: 'oX' }, 610014],
      [{ unionid: 'oUNION01' }, 40063],
      [{ unionid: 'oUNION01', openid: 'oX', subject_type: 2 }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/unionid_to_external_userid': {
    good: () => ({ unionid: 'oUNION01' }),
    shape: z.strictObject({ external_userid: id32('wm') }),
    bad: () => [
      [{ unionid: 'oSTRANGER' }, 610004],
      [{}, 610014],
    ],
  },
  '/cgi-bin/externalcontact/convert_to_openid': {
    good: ({ customer }) => ({ external_userid: customer }),
    shape: z.strictObject({ openid }),
    bad: ({ stranger }) => [
      [{}, 41035],
      [{ external_userid: 'wmNONE' }, 40096],
      [{ external_userid: stranger }, 84061],
    ],
  },
  '/cgi-bin/user/convert_to_openid': {
    good: () => ({ userid: 'lina' }),
    shape: z.strictObject({ openid }),
    bad: () => [
      [{ userid: 'nobody' }, 60111],
      [{}, 40003],
    ],
  },
  '/cgi-bin/user/convert_to_userid': {
    good: (known) => ({ openid: known.openid }),
    shape: z.strictObject({ userid: z.literal('lina') }),
    bad: () => [[{ openid: 'oNONE' }, 60111]],
  },
})

test('a stranger has a pending id, always the same; limits an hour, a day, a month', async () => {
  const sandbox = await startSandbox()
  const convert = () => sandbox.post('idconvert/unionid_to_external_userid', { unionid: 'oNEW', openid: 'oX' })
  const first = await convert()
  expect(first).toMatchObject({ errcode: 0, pending_id: expect.stringMatching(/^p[\w-]{31}$/) })
  expect((await convert())['pending_id']).toBe(first['pending_id'])
  await sandbox.act('limits', { unionidPerDay: 1 }, 'PUT')
  expect([(await convert()).errcode, (await convert()).errcode]).toEqual([0, 45009])
  await sandbox.advance(86_400_000)
  expect((await convert()).errcode).toBe(0)
  await sandbox.close()
})

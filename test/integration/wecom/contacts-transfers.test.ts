import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Wecom } from '../../../server/wecom/types.ts'
import { useWecom } from '../../support/wecom.ts'

const DAY = 86_400_000
const world = useWecom()
let wecom: Wecom
let customer = ''

const collect = async <T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> => {
  const found: T[] = []
  for await (const page of pages) found.push(...page)
  return found
}
const ofLina = async (name: string): Promise<string> => {
  const { external_userid } = z.object({ external_userid: z.string() }).parse(await world.act('customers', { name }))
  await world.act('add', { userid: 'lina', external_userid })
  return external_userid
}
const group = async (owner: string): Promise<string> =>
  z.object({ chat_id: z.string() }).parse(await world.act('groups', { name: 'VIP', owner, kind: 'customer' })).chat_id
const onjob = { kind: 'onjob', from: 'lina', to: 'wangwei' } as const

beforeAll(() => {
  wecom = world.adapter()
})
beforeEach(async () => {
  customer = await ofLina('陈静')
})

describe('what a member notes of a customer', () => {
  const noted = async () => (await wecom.read.getCustomer(customer))?.follows[0]
  const pair = () => ({ userid: 'lina', externalUserId: customer })

  it('changes the fields named, replaces the phones, clears both', async () => {
    await wecom.setup.remark(pair(), { remark: '静姐', description: '喜欢绿茶', company: '青山', mobiles: ['1', '2'] })
    expect(await noted()).toMatchObject({
      remark: '静姐',
      description: '喜欢绿茶',
      company: '青山',
      mobiles: ['1', '2'],
    })
    await wecom.setup.remark(pair(), { mobiles: ['3'] })
    expect(await noted()).toMatchObject({ remark: '静姐', company: '青山', mobiles: ['3'] })
    await wecom.setup.remark(pair(), { remark: '', company: '', mobiles: [] })
    expect(await noted()).toMatchObject({ description: '喜欢绿茶', mobiles: [] })
    expect(await noted()).not.toMatchObject({ remark: expect.anything() })
    const [walked] = await collect(wecom.read.batchGetByUser(['lina']))
    expect(walked?.follow.userid).toBe('lina')
  })

  it('refuses what is too long without a call, and a pair that is none', async () => {
    const before = await world.calls('/cgi-bin/externalcontact/remark')
    await expect(wecom.setup.remark(pair(), { remark: '字'.repeat(21) })).rejects.toMatchObject({ errcode: 40058 })
    await expect(wecom.setup.remark(pair(), { company: '字'.repeat(21) })).rejects.toMatchObject({ errcode: 40058 })
    await expect(wecom.setup.remark(pair(), { description: '字'.repeat(151) })).rejects.toMatchObject({
      errcode: 40058,
    })
    expect(await world.calls('/cgi-bin/externalcontact/remark')).toBe(before)
    await wecom.setup.remark(pair(), { remark: '😀'.repeat(20) })
    const other = { userid: 'wangwei', externalUserId: customer }
    await expect(wecom.setup.remark(other, { remark: 'x' })).rejects.toMatchObject({ kind: 'gone', errcode: 84061 })
  })
})

describe('on the job', () => {
  it('starts, tells each customer’s errcode, and is done after a day', async () => {
    const started = await wecom.setup.transferCustomers(onjob, [customer, 'wmNOBODY'], '以后由王伟为您服务')
    expect(started).toEqual([
      { externalUserId: customer, errcode: 0 },
      { externalUserId: 'wmNOBODY', errcode: 40096 },
    ])
    expect(await wecom.setup.transferCustomers(onjob, [customer])).toEqual([
      { externalUserId: customer, errcode: 40129 },
    ])
    expect(await collect(wecom.read.transferResults(onjob))).toMatchObject([
      { externalUserId: customer, status: 'waiting' },
    ])
    await world.advance(DAY + 1000)
    const [result] = await collect(wecom.read.transferResults(onjob))
    expect(result).toMatchObject({ externalUserId: customer, status: 'done' })
    expect(Math.abs((result?.at.getTime() ?? 0) - world.clock.now())).toBeLessThan(60_000)
  })

  it('a lost answer is ambiguous; the list tells that it has started', async () => {
    await world.act('faults', { path: '/cgi-bin/externalcontact/transfer_customer', kind: 'cut_after', times: 1 })
    await expect(wecom.setup.transferCustomers(onjob, [customer])).rejects.toMatchObject({ kind: 'ambiguous' })
    const results = await collect(wecom.read.transferResults(onjob))
    expect(results.find(({ externalUserId }) => externalUserId === customer)).toMatchObject({ status: 'waiting' })
  })

  it('tells of a refusal and of a full member', async () => {
    await wecom.setup.transferCustomers(onjob, [customer])
    await world.act('transfers/refuse', { external_userid: customer })
    const results = await collect(wecom.read.transferResults(onjob))
    expect(results.find(({ externalUserId }) => externalUserId === customer)).toMatchObject({ status: 'refused' })
    await expect(wecom.setup.transferCustomers({ ...onjob, to: 'lina' }, [customer])).rejects.toMatchObject({
      kind: 'refused',
      errcode: 40130,
    })
    await expect(wecom.setup.transferCustomers({ ...onjob, kind: 'resigned' }, [customer])).rejects.toMatchObject({
      kind: 'refused',
      errcode: 40097,
    })
  })

  it('gives groups another owner at once', async () => {
    const chat = await group('lina')
    expect(await wecom.setup.transferGroups(onjob, [chat, 'wrNOWHERE'])).toMatchObject([
      { chatId: 'wrNOWHERE', errcode: 90501 },
    ])
    expect(await wecom.read.groupChat(chat)).toMatchObject({ owner: 'wangwei' })
  })
})

describe('after a member has left', () => {
  it('lists whom nobody has taken over, hands customers and groups on', async () => {
    await world.act('members', { userid: 'zhao', name: '赵敏', department: [1] })
    const { external_userid: left } = z
      .object({ external_userid: z.string() })
      .parse(await world.act('customers', { name: '孤客' }))
    await world.act('add', { userid: 'zhao', external_userid: left })
    const chat = await group('zhao')
    await world.act('members/zhao/leave', {})
    expect(await collect(wecom.read.unassigned())).toMatchObject([{ userid: 'zhao', externalUserId: left }])
    const resigned = { kind: 'resigned', from: 'zhao', to: 'wangwei' } as const
    expect(await wecom.setup.transferCustomers(resigned, [left])).toEqual([{ externalUserId: left, errcode: 0 }])
    expect(await collect(wecom.read.unassigned())).toEqual([])
    await world.advance(DAY + 1000)
    expect(await collect(wecom.read.transferResults(resigned))).toMatchObject([
      { externalUserId: left, status: 'done' },
    ])
    expect(await wecom.setup.transferGroups(resigned, [chat])).toEqual([])
    expect(await wecom.read.groupChat(chat)).toMatchObject({ owner: 'wangwei' })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { foundCompany, thankForOrders, until, type Company } from '../support/company.ts'
import { hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const remindPath = '/cgi-bin/externalcontact/remind_groupmsg_send'

/** What a member does by hand in WeCom, and what they leave undone, decides as much as what we send. */
describe('a mass message', () => {
  let world: World
  let company: Company

  beforeAll(async () => {
    world = await startWorld()
    company = await foundCompany(world)
    await world.act('members', { userid: 'wangwei', name: '王伟' }, Nothing)
    await world.call(api.members.sync)
  })
  afterAll(() => world.close())

  /** A customer of lina, and of wangwei since a little later. */
  const heldByBoth = async (name: string): Promise<string> => {
    const id = await company.stranger(name)
    await company.scan(id)
    await world.advance(60_000)
    await world.wecom(admin.customers.add, { body: { userid: 'wangwei', external_userid: id } })
    await world.drain()
    return id
  }

  it('waits before asking when a member used the quota by hand, and says who did and when', async () => {
    const id = await heldByBoth('额度用完')
    await thankForOrders(world, '谢谢惠顾')
    const at = Math.floor((await world.now()) / 1000) * 1000
    await world.wecom(admin.customers.mass, { body: { userid: 'wangwei', external_userids: [id], text: '我手动发的' } })
    await world.advance(6 * 60_000)
    await company.order(id, 'order-quota', 100)
    await world.drain()
    const customerId = (await company.profile(id)).id
    const [send] = (await world.call(api.sends.list, { query: { customerId, channel: 'mass' } })).items
    expect(send).toMatchObject({ state: 'wanted', lost: { by: 'outside', policy: 'wait' } })
    expect(send?.because).toMatchObject([
      { code: 'block.quota_manual', params: { rep: '王伟' } },
      { code: 'block.waits_room' },
    ])
    expect(Number(send?.because[0]?.params['at'])).toBeGreaterThanOrEqual(at)
    expect((await world.call(api.sends.manual, { query: {} })).items).toMatchObject([
      { by: '王伟', origin: 'member', preview: '我手动发的', receivers: 1, settled: true },
    ])
    expect(await world.tasks('lina')).toEqual([])
    expect((await world.ledger({ to: id, via: 'mass' })).map(({ text }) => text)).toEqual(['我手动发的'])
  })

  it('nobody confirms is reminded of, then stopped in WeCom, and goes once by the second rep', async () => {
    await world.advance(hours(24))
    // What waited for the quota yesterday goes today.
    const [thanks] = await world.tasks('wangwei')
    expect(thanks).toMatchObject({ text: '谢谢惠顾', status: 'waiting' })
    await world.act(`tasks/${thanks?.msgid ?? ''}/confirm`, { userid: 'wangwei' }, Nothing)
    await world.advance(120_000)
    const { limits } = await world.call(api.settings.get)
    // As often as can be: WeCom’s own limit is what holds.
    const eager = { ...limits, quietHours: null, reminders: { afterHours: 1, times: 10 } }
    await world.call(api.settings.update, { body: { limits: eager } })
    const id = await heldByBoth('等了很久')
    const { id: contentId } = await world.call(api.contents.create, {
      body: { name: '新品', body: { text: '我是{{ rep.name }}，新品到店' } },
    })
    const draft = {
      contentId,
      audience: {
        kind: 'customers',
        condition: { type: 'all', of: [{ type: 'orders', op: 'lte', value: 0 }] },
      },
      sender: 'longest',
      expireHours: 24,
    } as const
    const preview = await world.call(api.broadcasts.preview, { body: draft })
    expect(preview).toMatchObject({ total: 1, counts: { send: 1 }, reps: [{ userid: 'lina', receivers: 1 }] })
    const body = { ...draft, key: 'story-broadcast', name: '新品上架' }
    const { id: broadcastId } = await world.call(api.broadcasts.create, { body })
    await world.call(api.broadcasts.create, { body })
    await world.advance(5_000)
    expect(await world.tasks('lina')).toMatchObject([{ text: '我是李娜，新品到店', status: 'waiting' }])
    expect((await world.call(api.sends.waiting)).items).toMatchObject([{ rep: '李娜', receivers: 1, reminders: [] }])

    for (let turn = 0; turn < 6; turn += 1) await world.advance(hours(4) + 60_000)
    const reminders = await world.wecom(admin.watch.requests, { query: { path: remindPath } })
    expect(reminders.map(({ errcode }) => errcode ?? 0)).toEqual([0, 0, 0])
    await world.advance(60_000)
    const [late] = await world.tasks('lina')
    expect(late).toMatchObject({ status: 'cancelled' })
    await expect(world.act(`tasks/${late?.msgid ?? ''}/confirm`, { userid: 'lina' }, Nothing)).rejects.toThrow()
    const [second] = await world.tasks('wangwei')
    expect(second).toMatchObject({ text: '我是王伟，新品到店', status: 'waiting' })
    await world.act(`tasks/${second?.msgid ?? ''}/confirm`, { userid: 'wangwei' }, Nothing)
    await world.advance(hours(1))
    await world.advance(120_000)

    expect((await world.ledger({ to: id, via: 'mass' })).map(({ text }) => text)).toEqual(['我是王伟，新品到店'])
    const broadcast = () => world.call(api.broadcasts.get, { params: { id: broadcastId } })
    // Whether all of it is over is looked at by the clock, which nothing waits for.
    await until('it is done', async () => (await broadcast()).state === 'done')
    expect((await broadcast()).counts).toMatchObject({ delivered: 1, expired: 1, waiting: 0, open: 0 })
  })
})

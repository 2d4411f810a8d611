import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { morning, until } from '../support/company.ts'
import { hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const Chat = z.object({ chat_id: z.string() })
const startPath = '/cgi-bin/externalcontact/resigned/transfer_customer'
const reps = ['wang', 'zhao', 'qian'] as const
const few = 10

/** A rep leaves with 500 customers: an answer is lost, a member is full; in the end each has exactly one new rep. */
describe('a rep leaves with 500 customers', () => {
  let world: World
  let customers: string[] = []
  let id = ''

  beforeAll(async () => {
    world = await startWorld()
    await world.act('clock/set', { now: morning }, ClockState)
    await world.act('members', { userid: 'boss', name: '主管', department: [1], leader: true }, Nothing)
    for (const userid of ['lina', ...reps])
      await world.act('members', { userid, name: userid, department: [1] }, Nothing)
    const since = morning - hours(24 * 60)
    const held = await world.wecom(admin.customers.hold, { body: { userid: 'lina', count: 500, since } })
    customers = held.external_userids
    // Qian knows some of them already.
    for (const external_userid of customers.slice(0, few))
      await world.act('add', { userid: 'qian', external_userid }, Nothing)
    for (const name of ['VIP 群', '福利群', '晨会群'])
      await world.act('groups', { name, owner: 'lina', kind: 'customer' }, Chat)
    await world.call(api.members.sync)
    await world.drain()
  })
  afterAll(() => world.close())

  const transfer = () => world.call(api.transfers.get, { params: { id } })
  const whole = async (userid: string): Promise<number> =>
    (await world.call(api.members.list)).items.find((member) => member.userid === userid)?.customers ?? -1
  const first = async () => world.call(api.customers.byExternal, { params: { id: customers[100] ?? '' } })

  it('at the callback she stands there with what she held, and her manager is told', async () => {
    expect(await whole('lina')).toBe(500)
    const { id: customerId } = await first()
    await world.call(api.tasks.create, { body: { key: 'task-of-lina', customerId, title: '送样品' } })
    const trigger = { type: 'customer.added' as const, channelIds: [] }
    const steps = [{ id: 's1', type: 'task' as const, title: '认识新客户', dueHours: 24 }]
    const rule = await world.call(api.rules.create, { body: { name: '新客', trigger, steps } })
    await world.call(api.rules.turnOn, { params: { id: rule.id } })
    await world.act('members/lina/leave', {}, Nothing)
    await world.drain()
    await world.advance(2_000)
    const { items } = await world.call(api.transfers.leavers)
    expect(items).toMatchObject([{ userid: 'lina', customers: 500, groups: 3 }])
    expect((await world.ledger({ to: 'boss' })).map(({ text }) => text)).toEqual([
      expect.stringContaining('lina 已离职，还有 500 位客户、3 个群待继承'),
    ])
  })

  it('shared out in batches: one answer is lost, one batch is refused in part', async () => {
    await world.put('limits', { customersPerMember: few })
    await world.act('faults', { path: startPath, kind: 'cut_after', after: 1, times: 1 }, Nothing)
    const takeovers = [
      { userid: 'wang', share: 2 },
      { userid: 'zhao', share: 2 },
      { userid: 'qian', share: 1 },
    ]
    const body = { key: 'lina-has-left', from: 'lina', customers: 'all' as const, groups: 'all' as const, takeovers }
    id = (await world.call(api.transfers.start, { body })).id
    expect((await world.call(api.transfers.start, { body })).id).toBe(id)
    await world.drain()
    await world.advance(5_000)
    expect(await transfer()).toMatchObject({
      mode: 'resigned',
      customers: 500,
      groups: 3,
      states: { waiting: 400 + few, failed: 100 - few, done: 3 },
      retriable: 100 - few,
    })
    const failed = await world.call(api.transfers.items, { params: { id }, query: { state: 'failed', limit: 200 } })
    expect(new Set(failed.items.map(({ to, reason }) => `${to.userid} ${reason}`))).toEqual(new Set(['qian 40099']))
    const { retried } = await world.call(api.transfers.retry, { params: { id }, body: { to: 'zhao' } })
    expect(retried).toBe(100 - few)
    await world.drain()
    // A call on its way is at rest for the backlog until its time to look is over.
    await until('the calls are answered', async () => (await transfer()).states.calling === 0)
    expect((await transfer()).states).toMatchObject({ waiting: 500, failed: 0 })
  })

  it('a day later each customer has exactly one rep, here as in WeCom, and none was handed over twice', async () => {
    await world.put('limits', { customersPerMember: 20_000 })
    await world.advance(hours(24) + 60_000)
    await world.advance(600_000)
    expect(await transfer()).toMatchObject({ finished: true, states: { done: 503, waiting: 0, failed: 0 } })

    const { relations, groups } = await world.state()
    for (const external of customers) {
      const holders = relations.filter(({ external_userid }) => external_userid === external)
      expect(holders.map(({ userid }) => userid)).toEqual([expect.stringMatching(/^(wang|zhao|qian)$/)])
    }
    expect(groups.filter(({ owner }) => owner === 'lina')).toEqual([])
    expect(await Promise.all(['lina', ...reps].map(whole))).toEqual([0, 200, 290, few])

    const begun = await world.wecom(admin.growth.transfers)
    expect(begun.map(({ status }) => status)).toEqual(customers.map(() => 1))
    expect(new Set(begun.map(({ external_userid }) => external_userid)).size).toBe(500)
    // Two batches each for wang and zhao, one for qian, one for whom she had no room: the lost answer cost none.
    expect(await world.wecom(admin.watch.requests, { query: { path: startPath } })).toHaveLength(6)
  })

  it('the work has gone along, nobody is greeted as new, nothing is left to hand over', async () => {
    const { id: customerId, follows } = await first()
    const holder = follows.find(({ state }) => state === 'following')?.userid
    expect(follows.find(({ userid }) => userid === 'lina')).toMatchObject({ state: 'handed_over' })
    const { items: open } = await world.call(api.tasks.list, { query: { customerId } })
    expect(open).toMatchObject([{ title: '送样品', userid: holder }])
    const line = await world.call(api.customers.timeline, { params: { id: customerId }, query: { limit: 100 } })
    const taken = line.items.filter(({ type, payload }) => type === 'contact.added' && payload['transfer'] === true)
    expect(taken.map(({ payload }) => payload['userid'])).toEqual([holder])
    const { items: tasks } = await world.call(api.tasks.list, { query: { limit: 200 } })
    expect(tasks.filter(({ title }) => title === '认识新客户')).toEqual([])
    await world.advance(2_000)
    expect((await world.call(api.transfers.leavers)).items).toEqual([])
  })
})

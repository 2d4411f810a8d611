import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'
import { days, hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const Made = z.object({ external_userid: z.string() })

/** The one story the product exists for, through HTTP only: callbacks and events in, API and ledger out, time moved by the clock. */
describe('a customer scans, orders, falls silent, is recalled, answers and buys', () => {
  let world: World
  let externalUserId = ''
  let customerId = ''
  let ruleId = ''
  const start = Date.parse('2026-06-01T02:00:00Z') // 10:00 in Shanghai

  beforeAll(async () => {
    world = await startWorld()
    await world.act('clock/set', { now: start }, ClockState)
    await world.act('members', { userid: 'wangmin', name: '王敏', leader: true }, Nothing)
    await world.act('members', { userid: 'lina', name: '李娜' }, Nothing)
    await world.call(api.members.sync)
    await world.drain()
  })
  afterAll(() => world.close())

  const profile = () => world.call(api.customers.get, { params: { id: customerId } })
  const timeline = async () =>
    (await world.call(api.customers.timeline, { params: { id: customerId }, query: { limit: 200 } })).items
  const order = (messageId: string, total: number) =>
    world.track({
      messageId,
      userId: 'shop-88',
      event: 'Order Completed',
      context: { traits: { external_userid: externalUserId } },
      properties: {
        order_id: messageId,
        total,
        currency: 'CNY',
        products: [{ product_id: 'p1', name: '舒缓精华', category: '护肤', price: total, quantity: 1 }],
      },
    })

  it('a manager sets up a channel, a welcome and a recall rule', async () => {
    const tag = await world.call(api.tags.create, { body: { name: '门店海报', group: '渠道' } })
    const channel = await world.call(api.channels.create, {
      body: { name: '门店海报', userids: ['lina'], tagIds: [tag.id] },
    })
    expect(channel.qrUrl).toMatch(/^https?:/)
    const welcome = await world.call(api.contents.create, {
      body: { name: '欢迎', body: { text: '{{ customer.name }}你好，我是{{ rep.name }}，有事随时找我' } },
    })
    const recall = await world.call(api.contents.create, {
      body: {
        name: '召回',
        body: { text: '好久不见，{{ customer.name }}' },
        variants: [
          { when: { tiers: ['A'] }, body: { text: '{{ customer.name }}，给你留了一套会员专享' } },
          { when: { tiers: ['B'] }, body: { text: '{{ customer.name }}，新品到了' } },
        ],
      },
    })
    const rule = await world.call(api.rules.create, {
      body: {
        name: '渠道欢迎',
        trigger: { type: 'customer.added', channelIds: [channel.id] },
        steps: [{ id: 's1', type: 'send', channel: 'welcome', contentId: welcome.id }],
      },
    })
    await world.call(api.rules.turnOn, { params: { id: rule.id } })
    const silent = await world.call(api.rules.create, {
      body: {
        name: '沉默 30 天召回',
        trigger: { type: 'stage.entered', stages: ['silent'] },
        condition: { type: 'tier', in: ['A', 'B'] },
        steps: [
          { id: 's1', type: 'send', channel: 'mass', contentId: recall.id },
          { id: 's2', type: 'wait', hours: 24 * 7 },
          { id: 's3', type: 'task', title: '给客户打个电话', dueHours: 24 },
        ],
        goal: { on: 'ordered', withinDays: 14 },
      },
    })
    ruleId = silent.id
    const on = await world.call(api.rules.turnOn, { params: { id: ruleId } })
    expect(on.status).toBe('on')
    const { state } = await world.call(api.channels.list).then(({ items }) => items[0] ?? { state: '' })
    externalUserId = (await world.act('customers', { name: '林晓雯', gender: 2 }, Made)).external_userid
    await world.act('scan', { state, external_userid: externalUserId }, Nothing)
    await world.drain()
  })

  it('welcomes within 20 seconds, once, and shows a tagged new customer in a tier', async () => {
    const received = await world.ledger({ to: externalUserId })
    expect(received.map(({ via, text }) => ({ via, text }))).toEqual([
      { via: 'welcome', text: '林晓雯你好，我是李娜，有事随时找我' },
    ])
    expect((received[0]?.at ?? Infinity) - start).toBeLessThan(20_000)
    const found = await world.call(api.customers.byExternal, { params: { id: externalUserId } })
    customerId = found.id
    expect(found).toMatchObject({
      name: '林晓雯',
      gender: 'female',
      channelName: '门店海报',
      stage: { stage: 'new' },
      tier: { tier: 'C' },
    })
    expect(found.tags.map(({ name, source }) => ({ name, source }))).toEqual([{ name: '门店海报', source: 'channel' }])
    expect(found.follows).toMatchObject([{ userid: 'lina', name: '李娜', state: 'following' }])
    expect(found.stage.because.map(({ code }) => code)).toEqual(['stage.first_contact'])
    const { relations } = await world.state()
    expect(relations.find(({ external_userid }) => external_userid === externalUserId)?.tags).toHaveLength(1)
  })

  it('an order moves the tier in seconds, with the reason', async () => {
    await order('order-1', 2380)
    await world.drain()
    const after = await profile()
    expect(after).toMatchObject({ orders: 1, spend: 238_000, tier: { tier: 'A' } })
    expect(after.tier.because[0]).toMatchObject({ code: 'tier.rfm', params: { orders: 1, amount: 238_000 } })
  })

  it('30 days of silence: the rule picks the customer up and the mass message waits for the rep', async () => {
    await world.advance(days(29))
    expect((await profile()).stage.stage).toBe('new')
    await world.advance(days(1) + hours(2))
    expect((await profile()).stage).toMatchObject({ stage: 'silent' })
    const waiting = await world.tasks('lina')
    expect(waiting).toMatchObject([
      { text: '林晓雯，给你留了一套会员专享', external_userids: [externalUserId], status: 'waiting' },
    ])
    expect(await world.ledger({ to: externalUserId, via: 'mass' })).toEqual([])
    const { items } = await world.call(api.sends.list, { query: { ruleId } })
    expect(items).toMatchObject([{ state: 'sent', delivery: 'waiting', userid: 'lina', rep: '李娜' }])
    const open = await world.call(api.tasks.list, { query: { customerId } })
    expect(open.items.map(({ kind }) => kind)).toContain('confirm_mass')
  })

  it('the rep confirms, the customer receives it once, the result comes back', async () => {
    const [waiting] = await world.tasks('lina')
    await world.act(`tasks/${waiting?.msgid}/confirm`, { userid: 'lina' }, Nothing)
    await world.advance(hours(2))
    expect(await world.ledger({ to: externalUserId, via: 'mass' })).toHaveLength(1)
    const { items } = await world.call(api.sends.list, { query: { ruleId } })
    expect(items).toMatchObject([{ state: 'sent', delivery: 'delivered' }])
    const open = await world.call(api.tasks.list, { query: { customerId } })
    expect(open.items.map(({ kind }) => kind)).not.toContain('confirm_mass')
  })

  it('the customer answers and buys: the goal is met and the customer leaves the rule', async () => {
    await world.call(api.customers.replied, { params: { id: customerId }, body: { key: 'reply-0001' } })
    await world.advance(hours(20))
    await order('order-2', 412)
    await world.drain()
    const { items } = await world.call(api.rules.runs, { params: { id: ruleId } })
    expect(items).toMatchObject([{ customerId, state: 'goal' }])
    expect(items[0]?.leftBecause[0]?.code).toBe('rule.goal_met')
    await world.advance(days(8))
    const open = await world.call(api.tasks.list, { query: { customerId } })
    expect(open.items).toEqual([])
  })

  it('all of it stands in the timeline, each step with its reason', async () => {
    const lines = (await timeline())
      .map(({ type, because }) => ({ type, because: because.map(({ code }) => code) }))
      .reverse()
    const types = lines.map(({ type }) => type)
    const order = [
      'contact.added',
      'tag.added',
      'order.completed',
      'tier.changed',
      'stage.entered',
      'rule.entered',
      'send.changed',
      'customer.replied',
      'order.completed',
      'rule.left',
    ]
    let from = 0
    for (const type of order) {
      const at = types.indexOf(type, from)
      expect(at, `${type} after ${types.slice(0, from).join(', ')} in ${types.join(', ')}`).toBeGreaterThanOrEqual(0)
      if (type !== 'tag.added') from = at
    }
    for (const { type, because } of lines)
      if (['stage.entered', 'tier.changed', 'tag.added', 'rule.entered', 'rule.left', 'send.changed'].includes(type))
        expect(because.length, type).toBeGreaterThan(0)
  })
})

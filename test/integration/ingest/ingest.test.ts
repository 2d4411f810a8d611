import { gzipSync } from 'node:zlib'
import { Analytics } from '@segment/analytics-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { writeKey } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'
import { serveIngest } from './room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2027-01-05T02:00:00Z'))
let engine: ReturnType<typeof customerEngine>
let server: Awaited<ReturnType<typeof serveIngest>>
let serial = 0

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock)
  await mongo.indexes()
  server = await serveIngest(mongo.get(), engine, clock)
})
afterAll(() => server.close())

const post = async (path: string, body: unknown, { key = writeKey, gzip = false } = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
      'content-type': 'application/json',
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
    },
    body: gzip ? gzipSync(text) : text,
  })
  const answer: unknown = await response.json()
  return { status: response.status, body: answer }
}
const user = (): string => `user${++serial}`
const customerOf = async (userId: string) => {
  await engine.drain()
  const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: userId }])
  const view = await engine.read.view(id)
  if (view === null) throw new Error('no customer')
  return { id, view, facts: (await engine.timeline.timeline(id, { limit: 200 })).items }
}
const order = (order_id: string, total: number | string, more: object = {}) => ({
  event: 'Order Completed',
  properties: { order_id, total, currency: 'CNY', ...more },
})

describe('an answer that says “no more messages”', () => {
  const answer = (userId: string, text: string) =>
    post('/v1/track', { userId, event: 'Customer Replied', messageId: `m${++serial}`, properties: { text } })

  it('withdraws the consent to marketing at once, with the answer as proof', async () => {
    const id = user()
    expect((await answer(id, '好的，谢谢')).status).toBe(200)
    expect((await customerOf(id)).view.consent).toBe('unknown')
    expect((await answer(id, '不要再发了')).status).toBe(200)
    const { view, facts } = await customerOf(id)
    expect(view.consent).toBe('withdrawn')
    expect(facts.find(({ type }) => type === 'consent.changed')?.payload).toMatchObject({
      purpose: 'marketing',
      state: 'withdrawn',
      source: 'customer',
      proof: { text: '不要再发了' },
    })
    expect(facts.filter(({ type }) => type === 'customer.replied')).toHaveLength(2)
  })
})

describe('ingest', () => {
  it('takes what @segment/analytics-node sends, as it is', async () => {
    const userId = user()
    const analytics = new Analytics({ writeKey, host: server.url, flushAt: 20 })
    const problems: unknown[] = []
    analytics.on('error', (problem) => problems.push(problem))
    analytics.identify({ userId, traits: { name: '李雷', phone: '+86 139-0000-0001', city: '上海' } })
    analytics.track({
      userId,
      ...order('a1', 199.9, {
        products: [{ product_id: 'p1', name: '精华', category: '护肤', price: 199.9, quantity: 1 }],
      }),
    })
    analytics.track({ userId, event: 'Product Viewed', properties: { category: '护肤', 'a.b$': { $gt: 1 } } })
    analytics.page({ userId, name: '首页' })
    analytics.track({ userId, event: 'Customer Replied' })
    await analytics.closeAndFlush()
    expect(problems).toEqual([])
    const { view, facts } = await customerOf(userId)
    expect(view).toMatchObject({ name: '李雷', orders: 1, spend: 19_990, tier: { tier: 'B' }, stage: { stage: 'new' } })
    expect(
      facts
        .filter(({ source }) => source === 'ingest')
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['behavior.tracked', 'behavior.tracked', 'customer.replied', 'order.completed', 'profile.identified'])
    for (const { at } of facts) expect(Math.abs(at.getTime() - clock.now())).toBeLessThan(60_000)
    expect(await engine.profile.ensureCustomer([{ kind: 'phone', value: '13900000001' }])).toBe(view.id)
  })

  it('takes a message once, by its messageId or by its content', async () => {
    const userId = user()
    const named = { type: 'track', userId, messageId: `m-${userId}`, ...order('b1', 100) }
    const bare = { type: 'track', userId, timestamp: '2027-01-01T00:00:00Z', ...order('b2', 100) }
    for (let i = 0; i < 3; i++) {
      expect((await post('/v1/batch', { batch: [named, bare, named], sentAt: `2027-01-05T0${i}:00:00Z` })).status).toBe(
        200,
      )
      expect((await post('/v1/track', named)).status).toBe(200)
    }
    const { view, facts } = await customerOf(userId)
    expect(view).toMatchObject({ orders: 2, spend: 20_000 })
    expect(facts.filter(({ type }) => type === 'order.completed')).toHaveLength(2)
  })

  it('takes what names neither an id nor a time anew each time, and counts it once however often it is folded', async () => {
    const userId = user()
    for (const city of ['上海', '杭州', '上海']) {
      await post('/v1/identify', { userId, traits: { city } })
      clock.advance(1_000)
    }
    const page = { type: 'page', userId, name: '首页' }
    await post('/v1/page', page)
    await post('/v1/batch', { batch: [page, page] })
    const { id, facts } = await customerOf(userId)
    expect(facts.filter(({ type }) => type === 'behavior.tracked')).toHaveLength(3)
    const city = async () => (await engine.read.whole(id))?.state.traits.find(({ key }) => key === 'city')?.value
    expect(await city()).toBe('上海')
    // A process that died behind the first write goes over it again.
    const told = facts.flatMap((fact) => (fact.source === 'ingest' ? [{ ...fact, customerId: id }] : []))
    await engine.profile.take(told)
    expect((await customerOf(userId)).facts).toHaveLength(facts.length)
  })

  it('lets the last of a batch stand, where its messages name no time', async () => {
    for (const cities of [
      ['上海', '杭州', '上海'],
      ['杭州', '上海', '杭州'],
    ]) {
      const userId = user()
      await post('/v1/batch', { batch: cities.map((city) => ({ type: 'identify', userId, traits: { city } })) })
      const { id } = await customerOf(userId)
      const trait = (await engine.read.whole(id))?.state.traits.find(({ key }) => key === 'city')
      expect(trait).toMatchObject({ value: cities[2], at: clock.date() })
    }
  })

  it('nets refunds in parts, also one that comes before its order', async () => {
    const userId = user()
    const refund = (refund_id: string, total: number) => ({
      type: 'track',
      userId,
      event: 'Order Refunded',
      properties: { order_id: userId, refund_id, total },
    })
    await post('/v1/batch', { batch: [refund('r1', 30)] })
    await post('/v1/track', { userId, ...order(userId, '100.00') })
    await post('/v1/batch', { batch: [refund('r2', 20), refund('r1', 30)] })
    expect((await customerOf(userId)).view).toMatchObject({ orders: 1, spend: 5_000 })
  })

  it('stores the good messages of a batch and lists the others with their reason', async () => {
    const userId = user()
    const answer = await post('/v1/batch', {
      batch: [
        { type: 'track', userId, event: 'Link Clicked', properties: { 'bad\0key': 1, __proto__: { x: 1 } } },
        { type: 'track', event: 'Nobody' },
        { type: 'dance', userId },
        { type: 'track', userId, event: 'Order Completed', properties: { total: 5 } },
        { type: 'track', userId, event: 'Big', properties: { text: 'x'.repeat(40_000) } },
        { type: 'track', userId, ...order('c1', 'free') },
        { type: 'track', userId, ...order('c2', 12.34) },
      ],
    })
    expect(answer).toMatchObject({ status: 200, body: { success: true } })
    expect(answer.body).toMatchObject({
      rejected: [
        { index: 1, problem: expect.stringContaining('userId') },
        { index: 2, problem: expect.stringContaining('type') },
        { index: 3, problem: expect.stringContaining('order_id') },
        { index: 4, problem: expect.stringContaining('32 kB') },
        { index: 5, problem: expect.stringContaining('total') },
      ],
    })
    expect((await customerOf(userId)).view).toMatchObject({ orders: 1, spend: 1_234 })
  })

  it('corrects the device’s clock; what is dated ahead counts when its moment comes, what is years ahead is a mistake', async () => {
    const userId = user()
    const hour = 3_600_000
    const track = (messageId: string, originalTimestamp: string, sentAt: string) =>
      post('/v1/batch', {
        sentAt,
        batch: [{ type: 'track', userId, messageId: messageId + userId, event: 'E', originalTimestamp }],
      })
    await track('late', '2020-01-01T00:00:00Z', '2020-01-01T01:00:00Z')
    await track('ahead', '2035-01-01T00:00:00+08:00', '2034-12-31T00:00:00Z')
    await track('wrong', '2035-01-01T00:00:00Z', '2020-01-01T00:00:00Z')
    const { facts } = await customerOf(userId)
    const at = (prefix: string) => facts.find(({ id }) => id.startsWith(`ingest:${prefix}`))?.at.getTime()
    expect(at('late')).toBe(clock.now() - hour)
    expect(at('ahead')).toBe(clock.now() + 16 * hour)
    expect(at('wrong')).toBe(clock.now())
    const seen = async () =>
      (await customerOf(userId)).view?.events.find(({ n }) => n === 'behavior.tracked:E')?.at.length
    expect(await seen()).toBe(2)
    clock.advance(16 * hour)
    await engine.sweep()
    expect(await seen()).toBe(3)
  })

  it('refuses a wrong key with 401, what is too large or no JSON with 400, as the public spec has it', async () => {
    const one = { type: 'track', userId: 'x', event: 'E' }
    expect((await post('/v1/batch', { batch: [one] }, { key: 'wrong-key' })).status).toBe(401)
    const big = Array.from({ length: 200 }, () => ({ ...one, properties: { text: 'x'.repeat(3000) } }))
    const tooLarge = { status: 400, body: { error: { code: 'request.too_large' } } }
    expect(await post('/v1/batch', { batch: big })).toMatchObject(tooLarge)
    expect(await post('/v1/batch', { batch: big }, { gzip: true })).toMatchObject(tooLarge)
    expect(await post('/v1/batch', '{"batch":')).toMatchObject({ status: 400 })
    expect(await post('/v1/track', '{"userId":')).toMatchObject({ status: 400 })
  })

  it('answers 200 to everything else, and says what it has not taken and why', async () => {
    const userId = user()
    const refusal = (problem: string) => ({
      status: 200,
      body: { success: false, problem: expect.stringContaining(problem) },
    })
    expect(await post('/v1/track', { userId })).toMatchObject(refusal('event'))
    expect(await post('/v1/track', { userId, ...order('x', 'free') })).toMatchObject(refusal('properties.total'))
    expect(await post('/v1/identify', [])).toMatchObject(refusal('message'))
    const one = { type: 'track', userId, event: 'E' }
    expect(await post('/v1/batch', { batch: Array.from({ length: 2501 }, () => one) })).toMatchObject(refusal('2500'))
    expect(await post('/v1/batch', { messages: [one] })).toMatchObject(refusal('batch'))
    expect(await post('/v1/batch', { batch: [] })).toEqual({ status: 200, body: { success: true, rejected: [] } })
    expect(await post('/v1/batch', { batch: ['hello', one] })).toMatchObject({
      status: 200,
      body: { success: true, rejected: [{ index: 0 }] },
    })
    expect((await customerOf(userId)).facts.filter(({ type }) => type === 'behavior.tracked')).toHaveLength(1)
    await server.room.received.close()
    const { items } = await server.room.rejects.list({ limit: 6 })
    expect(items.map(({ path, kind, problem }) => [path, kind, problem.en])).toEqual([
      ['/v1/batch', '', expect.stringContaining('message')],
      ['/v1/batch', 'batch', expect.stringContaining('batch')],
      ['/v1/batch', 'batch', expect.stringContaining('2501 messages')],
      ['/v1/identify', 'identify', expect.stringContaining('message')],
      ['/v1/track', 'track', expect.stringContaining('properties.total')],
      ['/v1/track', 'track', expect.stringContaining('event')],
    ])
    expect(items[2]?.raw).not.toContain(userId)
  })

  it('does not count the context of a batch as that of each message', async () => {
    const userId = user()
    const messages = [1, 2, 3].map((n) => ({ type: 'track', userId, event: `E${n}`, messageId: `${userId}-${n}` }))
    const batch = { context: { page: { referrer: 'x'.repeat(40_000) } }, batch: messages }
    expect(await post('/v1/batch', batch)).toEqual({ status: 200, body: { success: true, rejected: [] } })
    expect((await customerOf(userId)).facts.filter(({ type }) => type === 'behavior.tracked')).toHaveLength(3)
  })

  it('takes a gzipped batch of 2,500 messages of 500 people in a handful of writes', async () => {
    const batch = Array.from({ length: 2500 }, (_, i) => ({
      type: 'track',
      anonymousId: `anon${i % 500}`,
      messageId: `bulk-${i}`,
      event: 'Page Viewed',
    }))
    expect(await post('/v1/batch', { batch }, { gzip: true })).toMatchObject({ body: { rejected: [] } })
    expect(engine.nudged.length).toBeLessThanOrEqual(5)
  }, 20_000)
})

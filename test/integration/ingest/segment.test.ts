import { execFile } from 'node:child_process'
import { createServer, request } from 'node:http'
import { promisify } from 'node:util'
import { Analytics } from '@segment/analytics-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { apiKey, writeKey } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'
import { serveIngest } from './room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2027-01-05T02:00:00Z'))
let engine: ReturnType<typeof customerEngine>
let server: Awaited<ReturnType<typeof serveIngest>>
let serial = 0

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock)
  server = await serveIngest(mongo.get(), engine, clock)
})
afterAll(() => server.close())

const user = (): string => `seg${++serial}`
const idOf = (value: string, kind: 'user_id' | 'anonymous_id' = 'user_id') =>
  engine.profile.ensureCustomer([{ kind, value }])
const customerOf = async (userId: string) => {
  await engine.drain()
  const id = await idOf(userId)
  const doc = await engine.read.whole(id)
  if (doc === null) throw new Error('no customer')
  return { doc, facts: (await engine.timeline.timeline(id, { limit: 200 })).items }
}
const traitsOf = ({ state }: Awaited<ReturnType<typeof customerOf>>['doc']) =>
  Object.fromEntries(state.traits.map(({ key, value }) => [key, value]))
const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer: unknown = await response.json()
  return { status: response.status, body: answer, headers: response.headers }
}
const run = promisify(execFile)
const curl = async (...args: string[]) => {
  const { stdout } = await run('curl', ['-s', '-w', '\n%{http_code}', ...args])
  const [body = '', status = ''] = stdout.split(/\n(?=\d+$)/)
  return { status: Number(status), body }
}

describe('curl', () => {
  it('sends every kind of message with the key as user name', async () => {
    const userId = user()
    const post = (kind: string, message: object) =>
      curl(
        '-u',
        `${writeKey}:`,
        '-H',
        'content-type: application/json',
        '-d',
        JSON.stringify(message),
        `${server.url}/v1/${kind}`,
      )
    const answers = [
      await post('identify', { userId, traits: { name: '韩梅', email: 'Mei@Example.com' } }),
      await post('track', {
        userId,
        event: 'Product Viewed',
        properties: { category: '护肤', brand: '知音', name: '精华' },
      }),
      await post('page', { userId, name: '首页', properties: { url: 'https://shop.example/' } }),
      await post('screen', { userId, name: '我的', category: '会员' }),
      await post('group', {
        userId,
        groupId: 'g1',
        traits: { name: '知音科技', employees: 20, email: 'hi@company.example' },
      }),
      await post('alias', { userId, previousId: `${userId}-device` }),
      await post('import', { batch: [{ type: 'track', userId, event: 'Old', timestamp: '2025-2-02T00:30:12.984Z' }] }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200])
    for (const { body } of answers) expect(JSON.parse(body)).toMatchObject({ success: true })
    const { doc, facts } = await customerOf(userId)
    const named = facts.flatMap(({ type, payload }) =>
      type === 'behavior.tracked' && 'name' in payload ? [payload.name] : [],
    )
    expect(named.sort()).toEqual(['Old', 'Page Viewed', 'Product Viewed', 'Screen Viewed'])
    expect(traitsOf(doc)).toMatchObject({ name: '韩梅', company: '知音科技', company_id: 'g1', company_employees: 20 })
    expect(doc.state.topics.map(({ topic }) => topic).sort()).toEqual(['会员', '护肤', '知音'].sort())
    expect(facts.find(({ payload }) => 'name' in payload && payload.name === 'Old')?.at).toEqual(
      new Date('2025-02-02T00:30:12.984Z'),
    )
    // The device is theirs, the mailbox of the company is not.
    expect(await idOf(`${userId}-device`, 'anonymous_id')).toBe(doc._id)
    expect(await engine.profile.ensureCustomer([{ kind: 'email', value: 'mei@example.com' }])).toBe(doc._id)
    expect(await engine.profile.ensureCustomer([{ kind: 'email', value: 'hi@company.example' }])).not.toBe(doc._id)
  })
})

describe('keys', () => {
  const message = () => ({ userId: user(), event: 'E' })
  it('are taken as Basic user, as Bearer token, and in the body', async () => {
    const basic = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
    expect((await send('/v1/track', message(), { authorization: basic })).status).toBe(200)
    expect((await send('/v1/track', message(), { authorization: `Bearer ${writeKey}` })).status).toBe(200)
    expect((await send('/v1/track', { ...message(), writeKey })).status).toBe(200)
    expect((await send('/v1/batch', { batch: [{ type: 'track', ...message() }], writeKey })).status).toBe(200)
    expect((await send('/v1/track', { ...message(), writeKey: 'wrong' })).status).toBe(401)
    expect((await send('/v1/track', { ...message(), writeKey }, { authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await send('/v1/track', message())).status).toBe(401)
    expect((await send('/v1/track', message(), { cookie: 'zhiyin_session=admin' })).status).toBe(401)
    expect((await send('/v1/track', message(), { authorization: `Bearer ${apiKey}` })).status).toBe(401)
  })
  it('open nothing else', async () => {
    const response = await fetch(`${server.url}/api/ingest`, { headers: { authorization: `Bearer ${writeKey}` } })
    expect(response.status).toBe(401)
  })
})

describe('browsers', () => {
  it('may ask first, from any site, and read the answer, also a refusal', async () => {
    const asked = await fetch(`${server.url}/v1/t`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe('*')
    expect(asked.headers.get('access-control-allow-headers')).toContain('content-type')
    for (const key of [writeKey, 'wrong']) {
      const { headers } = await send(
        '/v1/t',
        { userId: user(), event: 'E', writeKey: key },
        { origin: 'https://shop.example' },
      )
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-expose-headers')).toContain('retry-after')
    }
    expect(
      (await fetch(`${server.url}/api/ingest`, { method: 'OPTIONS' })).headers.get('access-control-allow-origin'),
    ).toBeNull()
  })

  it('send what analytics.js sends: one-letter addresses, text/plain, the key in the body', async () => {
    const anonymousId = user()
    const plain = { 'content-type': 'text/plain' }
    const common = {
      anonymousId,
      writeKey,
      integrations: {},
      context: { library: { name: 'analytics.js', version: 'next' } },
    }
    for (const [path, body] of [
      ['p', { type: 'page', name: null, properties: { path: '/', title: '商城' } }],
      ['t', { type: 'track', event: 'Added Product', properties: { name: '面膜' } }],
      ['i', { type: 'identify', userId: `${anonymousId}-u`, traits: { name: '李' } }],
      ['g', { type: 'group', groupId: 'g2', traits: {} }],
      ['a', { type: 'alias', userId: `${anonymousId}-u`, previousId: anonymousId }],
      ['s', { type: 'screen', name: '列表' }],
    ] as const)
      expect((await send(`/v1/${path}`, { ...common, ...body }, plain)).status).toBe(200)
    expect((await send('/v1/b', { writeKey, batch: [{ ...common, type: 'track', event: 'E' }] }, plain)).status).toBe(
      200,
    )
    const { doc, facts } = await customerOf(`${anonymousId}-u`)
    expect(await idOf(anonymousId, 'anonymous_id')).toBe(doc._id)
    const names = facts.flatMap(({ payload }) => ('name' in payload ? [payload.name] : []))
    expect(names).toEqual(expect.arrayContaining(['Page Viewed', 'Product Added', 'Screen Viewed', 'E']))
  })
})

describe('messages', () => {
  it('for other tools only are taken and not kept', async () => {
    const userId = user()
    const at = (integrations: object) => ({ type: 'track', userId, event: 'E', integrations })
    const batch = [
      at({ All: false }),
      at({ Zhiyin: false }),
      at({ All: false, Zhiyin: true }),
      at({ 'Google Analytics': false }),
    ]
    expect(
      await send('/v1/batch', { writeKey, batch: batch.map((one, i) => ({ ...one, messageId: `${userId}${i}` })) }),
    ).toMatchObject({
      status: 200,
      body: { rejected: [] },
    })
    expect((await customerOf(userId)).facts.filter(({ type }) => type === 'behavior.tracked')).toHaveLength(2)
    expect(
      (
        await send('/v1/batch', {
          writeKey,
          integrations: { All: false },
          batch: [{ type: 'track', userId, event: 'F' }],
        })
      ).status,
    ).toBe(200)
    expect((await customerOf(userId)).facts.filter(({ type }) => type === 'behavior.tracked')).toHaveLength(2)
  })

  it('of a batch share its context', async () => {
    const anonymousId = user()
    const phone = `1391234${String(1000 + serial)}`
    await send('/v1/batch', {
      writeKey,
      context: { traits: { phone } },
      batch: [{ type: 'track', anonymousId, event: 'E' }],
    })
    expect(await engine.profile.ensureCustomer([{ kind: 'phone', value: phone }])).toBe(
      await idOf(anonymousId, 'anonymous_id'),
    )
  })

  it('that are too large are told so', async () => {
    const large = { userId: user(), event: 'E', writeKey, properties: { text: 'x'.repeat(40_000) } }
    expect(await send('/v1/track', large)).toMatchObject({
      status: 400,
      body: { error: { code: 'request.too_large', params: { limit: '32 kB' } } },
    })
    expect((await server.room.rejects.list({ limit: 1 })).items).toMatchObject([
      { path: '/v1/track', who: large.userId, problem: { en: expect.stringContaining('32 kB') } },
    ])
  })

  it('tell of orders as the e-commerce spec has them', async () => {
    const userId = user()
    const track = (event: string, properties: object) => ({ type: 'track', userId, event, properties })
    const product = (price: number, quantity: number) => ({
      product_id: 'p',
      name: '精华',
      brand: '知音',
      category: '护肤',
      price,
      quantity,
    })
    const answer = await send('/v1/batch', {
      writeKey,
      batch: [
        track('Order Completed', { order_id: 1001, currency: 'cny', products: [product(199.5, 2)] }),
        track('Order Completed', { order_id: 'o2', revenue: '¥1,299.00' }),
        track('Order Updated', { order_id: 'o2', total: 1000 }),
        track('Completed Order', { order_id: 'o3', total: 50 }),
        track('Order Cancelled', { order_id: 'o3', total: 50, reason: '不要了' }),
        track('Order Completed', { order_id: 'o4', total: 80 }),
        track('Order Refunded', { order_id: 'o4' }),
        track('Order Completed', { order_id: 'o5', total: 12.5, currency: 'USD' }),
        track('Order Completed', { order_id: 'o6', total: 500, currency: 'JPY' }),
        track('Order Refunded', { order_id: '1001', refund_id: 'r1', products: [product(199.5, 1)] }),
        track('Cart Viewed', { products: [product(1, 1), { category: '彩妆' }] }),
        track('Order Refunded', { order_id: 'o2', products: [{ product_id: 'p', quantity: 1 }] }),
        track('Order Completed', { order_id: 'o7', total: -1 }),
        track('Order Completed', { order_id: 'o8', total: 1, currency: 'bitcoins' }),
        track('Order Completed', { order_id: 'o9' }),
      ],
    })
    expect(answer.body).toMatchObject({ rejected: [{ index: 11 }, { index: 12 }, { index: 13 }, { index: 14 }] })
    const { doc, facts } = await customerOf(userId)
    expect(doc).toMatchObject({ orders: 4, spend: 19_950 + 100_000 })
    expect(doc.attrs.find(({ k }) => k === 'spend_other')?.v).toEqual(['JPY 500 ×1', 'USD 12.50 ×1'])
    expect(doc.state.topics.map(({ topic }) => topic).sort()).toEqual(['彩妆', '护肤', '知音'].sort())
    expect(facts.find(({ type }) => type === 'order.cancelled')?.payload).toEqual({ orderId: 'o3', reason: '不要了' })
  })
})

describe('the products of an order', () => {
  const one = (price: unknown, more: object = {}) => ({
    type: 'track',
    event: 'Order Completed',
    ...more,
    properties: { order_id: `${serial}`, products: [price].flat() },
  })
  const told = async (...messages: object[]) => {
    const userId = user()
    const answer = await send('/v1/batch', { writeKey, batch: messages.map((each) => ({ ...each, userId })) })
    return { answer: answer.body, ...(await customerOf(userId)) }
  }

  it('are all summed up where it states no total, though not all are kept', async () => {
    const products = Array.from({ length: 150 }, (_, i) => ({ product_id: `p${i}`, price: 1.5, quantity: 2 }))
    const { doc, facts } = await told(one([...products, { name: '折扣', price: -50 }]))
    expect(doc.spend).toBe(150 * 300 - 5_000)
    const [order] = facts.flatMap((fact) => (fact.type === 'order.completed' ? [fact.payload] : []))
    expect(order?.products).toHaveLength(100)
  })

  it('that have prices nobody can read are told so, with the place', async () => {
    const total = { order_id: 'x', total: 5 }
    const { doc, answer } = await told(
      one([
        { name: '精华', price: 1 },
        { name: '面膜', price: '面议' },
      ]),
      { type: 'track', event: 'Order Completed', properties: { ...total, products: [{ price: 'USD 3' }] } },
      one([{ name: '精华', price: 1, quantity: 'many' }]),
      { type: 'track', event: 'Order Completed', properties: { ...total, products: [{ price: '' }, { price: null }] } },
    )
    expect(answer).toMatchObject({
      rejected: [
        { index: 0, problem: expect.stringMatching(/properties\.products\.1\.price：.*面议/) },
        { index: 1, problem: expect.stringContaining('properties.products.0.price') },
        { index: 2, problem: expect.stringContaining('properties.total') },
      ],
    })
    expect(doc).toMatchObject({ orders: 1, spend: 500 })
  })
})

describe('what is given back or cancelled of an order', () => {
  it('keeps the products it names', async () => {
    const userId = user()
    const cream = { product_id: 'p1', name: '面膜', category: '面部', price: 50, quantity: 1 }
    const kept = { id: 'p1', name: '面膜', category: '面部', quantity: 1 }
    const track = (event: string, properties: object) => ({ type: 'track', userId, event, properties })
    const batch = [
      track('Order Refunded', { order_id: 'r', refund_id: 'r1', currency: 'CNY', products: [cream] }),
      track('Order Cancelled', { order_id: 'c', products: [{ ...cream, price: '面议' }, 'odd'] }),
      track('Order Cancelled', { order_id: 'd', products: 'none' }),
    ]
    expect((await send('/v1/batch', { writeKey, batch })).body).toMatchObject({ rejected: [] })
    const { facts } = await customerOf(userId)
    const of = (orderId: string) =>
      facts.find(({ payload }) => 'orderId' in payload && payload.orderId === orderId)?.payload
    expect(of('r')).toMatchObject({ amount: 5_000, products: [{ ...kept, price: 5_000 }] })
    // Nothing of them is worth a cancellation.
    expect(of('c')).toEqual({ orderId: 'c', products: [kept] })
    expect(of('d')).toEqual({ orderId: 'd' })
  })
})

describe('what is told of an order without a currency', () => {
  it('is in the currency of the order, in any order of arrival', async () => {
    const tell = async (currency: string | undefined, total: number, order: readonly number[]) => {
      const userId = user()
      const track = (event: string, properties: object) => ({ type: 'track', userId, event, properties })
      const about = { order_id: userId }
      const messages = [
        track('Order Completed', { ...about, total, ...(currency === undefined ? {} : { currency }) }),
        track('Order Refunded', { ...about, refund_id: 'r1', total: 30 }),
        track('Order Refunded', { ...about, refund_id: 'r2', products: [{ name: '面膜', price: 5, quantity: 2 }] }),
      ]
      for (const i of order)
        expect((await send('/v1/batch', { writeKey, batch: [messages[i]] })).body).toMatchObject({ rejected: [] })
      const { doc } = await customerOf(userId)
      return { spend: doc.spend, other: doc.attrs.find(({ k }) => k === 'spend_other')?.v }
    }
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
    ]) {
      expect(await tell('USD', 100, order)).toEqual({ spend: 0, other: ['USD 60 ×1'] })
      expect(await tell('JPY', 1000, order)).toEqual({ spend: 0, other: ['JPY 960 ×1'] })
      expect(await tell(undefined, 100, order)).toMatchObject({ spend: 6_000 })
    }
    const userId = user()
    const track = (event: string, properties: object) => ({ type: 'track', userId, event, properties })
    const batch = [
      track('Order Completed', { order_id: 'a', total: 80, currency: 'USD' }),
      track('Order Updated', { order_id: 'a', total: 50 }),
      track('Order Completed', { order_id: 'b', total: 80 }),
      // A sign names the currency, too: nobody knows what dollars are of an order in yuan.
      track('Order Refunded', { order_id: 'b', total: 'US$30' }),
    ]
    expect((await send('/v1/batch', { writeKey, batch })).body).toMatchObject({ rejected: [] })
    const { doc } = await customerOf(userId)
    expect(doc.spend).toBe(8_000)
    expect(doc.attrs.find(({ k }) => k === 'spend_other')?.v).toEqual(['USD 50 ×1'])
  })
})

/** A gateway in front of the server that has bad moments: it answers these first. */
const gateway = async (faults: { status: number; headers?: Record<string, string> }[]) => {
  const seen: number[] = []
  const front = createServer((incoming, outgoing) => {
    const fault = faults.shift()
    if (fault !== undefined) {
      seen.push(fault.status)
      incoming.resume()
      outgoing.writeHead(fault.status, fault.headers).end()
      return
    }
    const passed = request(
      `${server.url}${incoming.url ?? ''}`,
      { method: 'POST', headers: incoming.headers },
      (answer) => {
        seen.push(answer.statusCode ?? 0)
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const address = front.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, seen, close: () => new Promise((resolve) => front.close(resolve)) }
}

describe('@segment/analytics-node', () => {
  it('identifies, tracks, pages, groups, aliases and flushes; what it sends again after 500 and 429 is taken once', async () => {
    const userId = user()
    const between = await gateway([{ status: 500 }, { status: 429, headers: { 'retry-after': '1' } }])
    const analytics = new Analytics({ writeKey, host: between.url, flushAt: 100 })
    const problems: unknown[] = []
    analytics.on('error', (problem) => problems.push(problem))
    analytics.alias({ userId, previousId: `${userId}-old` })
    analytics.identify({ userId, traits: { name: '方圆', phone: '13800009999' } })
    analytics.page({ userId, name: '首页', category: '商城' })
    analytics.screen({ userId, name: '订单' })
    analytics.group({ userId, groupId: 'g3', traits: { name: '方圆商行' } })
    analytics.track({ userId, event: 'Order Completed', properties: { order_id: `${userId}-o`, total: 88 } })
    await analytics.closeAndFlush({ timeout: 20_000 })
    await between.close()
    expect(problems).toEqual([])
    expect(between.seen).toEqual([500, 429, 200])
    const { doc, facts } = await customerOf(userId)
    expect(doc).toMatchObject({ name: '方圆', orders: 1, spend: 8_800 })
    expect(traitsOf(doc)).toMatchObject({ company: '方圆商行', company_id: 'g3' })
    expect(facts.filter(({ source }) => source === 'ingest')).toHaveLength(5)
    expect(await idOf(`${userId}-old`, 'anonymous_id')).toBe(doc._id)
  })
})

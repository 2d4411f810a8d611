import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataIn } from '@zhiyin/shared/api/ingest'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { writeKey } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'
import { serveIngest } from './room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2027-01-05T02:00:00Z'))
let server: Awaited<ReturnType<typeof serveIngest>>

beforeAll(async () => {
  server = await serveIngest(mongo.get(), customerEngine(mongo.get(), clock), clock)
})
afterAll(() => server.close())

const send = (path: string, body: object) =>
  fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify({ ...body, writeKey }) })
const get = (path: string, role: 'rep' | 'manager' | 'admin' = 'manager') =>
  fetch(`${server.url}${path}`, { headers: { cookie: `zhiyin_session=${role}`, 'x-lang': 'en' } })
const rejects = async (query = '') =>
  dataIn.rejects.output.parse(await (await get(`/api/ingest/rejects${query}`)).json())

describe('what is not taken', () => {
  it('is kept with why, from where, and as it came', async () => {
    const library = { context: { library: { name: 'analytics-ruby', version: '2.4.0' } } }
    const refused = async (path: string, body: object) => {
      const response = await send(path, body)
      expect([response.status, await response.json()]).toMatchObject([200, { success: false }])
    }
    await refused('/v1/track', { anonymousId: 'a1', ...library })
    await refused('/v1/track', {
      userId: 'u1',
      event: 'Order Completed',
      properties: { order_id: 'o', total: 'free' },
    })
    await refused('/v1/identify', { traits: {} })
    await refused('/v1/group', { userId: 'u1', timestamp: 'yesterday', groupId: 'g' })
    await refused('/v1/alias', { userId: 'u1' })
    await send('/v1/batch', {
      batch: [
        { type: 'dance', userId: 'u1' },
        { type: 'track', userId: 'u2', event: 'E', properties: { $a: 1, 'b.c': 2 } },
      ],
    })
    const { items } = await rejects()
    expect(items.map(({ path, kind, who }) => [path, kind, who])).toEqual([
      ['/v1/batch', 'dance', 'u1'],
      ['/v1/alias', 'alias', 'u1'],
      ['/v1/group', 'group', 'u1'],
      ['/v1/identify', 'identify', ''],
      ['/v1/track', 'track', 'u1'],
      ['/v1/track', 'track', 'a1'],
    ])
    expect(items.map(({ problem }) => problem.en)).toEqual([
      expect.stringContaining('one of identify, track'),
      expect.stringContaining('previousId'),
      expect.stringContaining('timestamp'),
      expect.stringContaining('userId or anonymousId'),
      expect.stringContaining('“free” is no amount'),
      expect.stringContaining('event'),
    ])
    expect(items.map(({ problem }) => problem.zh)[4]).toContain('不是金额')
    expect(items.at(-1)).toMatchObject({ source: 'analytics-ruby 2.4.0' })
    // A key has no business in what people look at.
    expect(items.map(({ raw }) => raw).join()).not.toContain(writeKey)
  })

  it('is read page by page, and downloaded as CSV or JSON', async () => {
    await send('/v1/batch', { batch: [{ type: '=cmd()', userId: '=1+1', note: 'a "quoted", word' }] })
    const first = await rejects('?limit=2')
    const second = await rejects(`?limit=2&after=${first.next}`)
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(4)
    const bytes = Buffer.from(await (await get('/api/ingest/rejects/file?format=csv&lang=zh')).arrayBuffer())
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from('\uFEFF'))
    const lines = bytes.subarray(3).toString().trim().split('\r\n')
    expect(lines[0]).toBe('"时间","类型","谁","来源","地址","原因","原文"')
    expect(lines[1]).toContain(`"'=cmd()","'=1+1","HTTP","/v1/batch"`)
    expect(lines[1]).toContain('a \\""quoted\\"", word')
    const json = z
      .array(z.object({ id: z.string() }))
      .parse(await (await get('/api/ingest/rejects/file?format=json')).json())
    expect(json).toHaveLength(lines.length - 1)
  })

  it('is for managers, the key for admins', async () => {
    expect((await get('/api/ingest/rejects', 'rep')).status).toBe(403)
    expect((await get('/api/ingest', 'rep')).status).toBe(403)
    expect((await get('/api/ingest/key', 'manager')).status).toBe(403)
    expect(await (await get('/api/ingest/key', 'admin')).json()).toEqual({ writeKey })
  })

  it('goes by itself after 30 days', async () => {
    const indexes = await mongo.get().connection.collection('rejects').indexes()
    expect(indexes.find(({ key }) => 'at' in key)).toMatchObject({ expireAfterSeconds: 30 * 86_400 })
  })
})

describe('what is taken', () => {
  it('is counted by day and kind in the company’s zone, and the last of it shown', async () => {
    clock.set(new Date('2027-01-06T15:59:00Z'))
    await send('/v1/identify', { userId: 'c1', traits: { name: '安' } })
    await send('/v1/batch', {
      batch: [{ type: 'track', userId: 'c1', event: 'E1', integrations: { All: false } }, { type: 'x' }],
    })
    clock.set(new Date('2027-01-06T16:01:00Z'))
    await send('/v1/batch', {
      batch: Array.from({ length: 60 }, (_, i) => ({ type: 'track', userId: 'c1', event: `E${i}` })),
    })
    await server.room.received.close()
    const { url, days, recent } = dataIn.overview.output.parse(await (await get('/api/ingest')).json())
    expect(url).toBe('http://127.0.0.1')
    expect(days).toHaveLength(30)
    expect(days.at(-2)).toEqual({ day: '2027-01-06', kinds: { identify: 1 }, rejected: 1, skipped: 1 })
    expect(days.at(-1)).toEqual({ day: '2027-01-07', kinds: { track: 60 }, rejected: 0, skipped: 0 })
    expect(recent).toHaveLength(50)
    expect(recent[0]).toMatchObject({ kind: 'track', event: 'E59', who: 'c1', source: 'HTTP' })
    const person = {
      customerId: 'cus_1',
      ids: ['cus_1'],
      keys: ['user_id:c1', 'user_id:u1'],
      externalUserIds: [],
      contacts: [],
      userids: [],
      names: ['安'],
      indexes: [],
    }
    expect((await server.room.personal.collect(person))['rejectedMessages']).not.toEqual([])
    await server.room.personal.forget(person)
    expect(await server.room.received.overview()).toMatchObject({ recent: [] })
    expect((await rejects('?limit=200')).items.filter(({ who }) => who === 'u1')).toEqual([])
  })
})

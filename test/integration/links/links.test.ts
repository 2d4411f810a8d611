import { createServer } from 'node:http'
import Koa from 'koa'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { createLinks } from '../../../server/links/links.ts'
import type { WantInput } from '../../../server/outbox/read.ts'
import { errorAnswers, requestContext, type RequestState } from '../../../server/platform/http/context.ts'
import { createRateLimit } from '../../../server/platform/http/rate-limit.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { movableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const clock = movableClock()
const base = 'http://scrm.example'
const phone = 'Mozilla/5.0 (iPhone) MicroMessenger/8.0'
const told: NewFact[] = []
let enabled = true
let links: ReturnType<typeof createLinks>
let server: ReturnType<typeof createServer>
let port = 0

beforeAll(async () => {
  links = createLinks({
    mongo: mongo.get(),
    clock,
    log: quietLog,
    base,
    enabled: async () => enabled,
    intentIdOf: async (key) => `int_${key}`,
    appendFacts: async (facts) => told.push(...facts),
  })
  await mongo.indexes()
  const app = new Koa<RequestState>()
  app.use(requestContext(createMetrics(), clock))
  app.use(errorAnswers(quietLog))
  app.use(links.routes(createRateLimit()).routes())
  const answer = app.callback()
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  told.length = 0
  enabled = true
})

const target = 'https://shop.example/p/1?from=wecom'
const mass = (key: string, more: Partial<WantInput> = {}): WantInput => ({
  key,
  channel: 'mass',
  customerId: `cus_${key}`,
  userid: 'lina',
  contentId: 'cnt_1',
  cause: { broadcastId: 'brd_1' },
  expiresAt: clock.date(),
  body: { text: `看看 ${target}`, attachments: [{ type: 'link', title: '精华', url: target }] },
  ...more,
})
const textOf = (input: WantInput | undefined) => input?.body?.text ?? ''
const codeOf = (input: WantInput | undefined) => /\/l\/([\w-]{10})/.exec(textOf(input))?.[1] ?? ''
const open = (code: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${port}/l/${code}`, {
    redirect: 'manual',
    ...init,
    headers: { 'user-agent': phone, ...init.headers },
  })

describe('a tracked link', () => {
  it('of a text of one’s own tells who opened it, once a minute and device', async () => {
    const [own] = await links.track([mass('a', { body: { text: `陈琳，${target}`, attachments: [] } })])
    const code = codeOf(own)
    expect(textOf(own)).toBe(`陈琳，${base}/l/${code}`)
    for (let i = 0; i < 3; i++) {
      const answer = await open(code)
      expect([answer.status, answer.headers.get('location')]).toEqual([302, target])
    }
    expect(told).toMatchObject([
      {
        type: 'link.opened',
        customerId: 'cus_a',
        payload: { linkId: code, url: target, intentId: 'int_a', contentId: 'cnt_1' },
      },
    ])
    clock.advance(61_000)
    await open(code)
    expect(told).toHaveLength(2)
    expect(new Set(told.map(({ id }) => id)).size).toBe(2)
    if (!own?.body) throw new Error('no body')
    expect(await links.opensIn(own.body)).toMatchObject({ shared: false, links: [{ url: target, opens: 2 }] })
  })

  it('of a text many get is one link, and nobody knows who opens it', async () => {
    const [b, c] = await links.track([mass('b'), mass('c')])
    const [d] = await links.track([mass('d')])
    expect(codeOf(b)).toBe(codeOf(c))
    expect(codeOf(d)).toBe(codeOf(b))
    expect(b?.body).toEqual(d?.body)
    await open(codeOf(b))
    await open(codeOf(b), { headers: { 'user-agent': `${phone} other` } })
    expect(told).toEqual([])
    if (!b?.body) throw new Error('no body')
    expect(await links.opensIn(b.body)).toMatchObject({ shared: true, links: [{ opens: 2, title: '精华' }] })
    expect(await links.opensOf('broadcast:brd_1')).toMatchObject({ opens: 4, opened: 2 })
  })

  it('becomes shared when a second receiver of the same text comes later', async () => {
    const body = { text: `同名的人 ${target}`, attachments: [] }
    const [first] = await links.track([mass('e', { body })])
    // Wanted again after a crash it is still one person's.
    await links.track([mass('e', { body })])
    await open(codeOf(first))
    expect(told).toHaveLength(1)
    await links.track([mass('f', { body })])
    clock.advance(61_000)
    await open(codeOf(first))
    expect(told).toHaveLength(1)
  })

  it('of a welcome is always one’s own, of a group nobody’s', async () => {
    const body = { text: `欢迎 ${target}`, attachments: [] }
    const welcome = (key: string) => mass(key, { channel: 'welcome', body })
    const [g, h] = await links.track([welcome('g'), welcome('h')])
    expect(codeOf(g)).not.toBe(codeOf(h))
    await open(codeOf(h))
    expect(told).toMatchObject([{ customerId: 'cus_h' }])
    const [group] = await links.track([mass('i', { channel: 'group_mass', customerId: null, chatId: 'w1', body })])
    await open(codeOf(group))
    expect(told).toHaveLength(1)
  })

  it('is not opened by a preview, a fetch ahead or a HEAD', async () => {
    const [own] = await links.track([mass('j', { body: { text: `J ${target}`, attachments: [] } })])
    const code = codeOf(own)
    const looks: RequestInit[] = [
      { method: 'HEAD' },
      { headers: { 'user-agent': 'facebookexternalhit/1.1' } },
      { headers: { purpose: 'prefetch' } },
    ]
    for (const look of looks) expect((await open(code, look)).headers.get('location')).toBe(target)
    expect(told).toEqual([])
    if (!own?.body) throw new Error('no body')
    expect((await links.opensIn(own.body)).links).toMatchObject([{ opens: 0 }])
  })

  it('leads nowhere but where it was made for', async () => {
    for (const path of ['nosuchcode', 'https:%2F%2Fevil.example', '..%2F..%2Fetc', 'abc?url=https://evil.example'])
      expect((await open(path)).status).toBe(404)
    const bad = ['javascript:alert(1)', 'http://scrm.example/console/']
    const [kept] = await links.track([mass('k', { body: { text: bad.join(' '), attachments: [] } })])
    expect(textOf(kept)).toBe(bad.join(' '))
  })

  it('is not made for members, for what has no text, or when switched off', async () => {
    const app = mass('l', { channel: 'app' })
    const tag = mass('m', { channel: 'mark_tag', body: null })
    expect(await links.track([app, tag])).toEqual([app, tag])
    enabled = false
    expect(await links.track([mass('n')])).toEqual([mass('n')])
  })

  it('of somebody forgotten leads on, and tells of nobody', async () => {
    const [own] = await links.track([mass('o', { body: { text: `O ${target}`, attachments: [] } })])
    await links.forget('cus_o')
    expect((await open(codeOf(own))).status).toBe(302)
    expect(told).toEqual([])
  })

  it('stands in the words of the rep who is asked when the first one does not confirm', async () => {
    const other = { userid: 'wang', body: { text: `我是王敏 ${target}`, attachments: [] } }
    const [own] = await links.track([mass('p', { fallback: { other, choice: null } })])
    const text = own?.fallback?.other?.body.text ?? ''
    expect(text).toMatch(/^我是王敏 http:\/\/scrm\.example\/l\/[\w-]{10}$/)
    // Wanted in turn, it keeps its links.
    const [second] = await links.track([mass('p2', { body: { text, attachments: [] } })])
    expect(textOf(second)).toBe(text)
  })
})

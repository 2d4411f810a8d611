import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pageOf } from '@zhiyin/shared/api/endpoint'
import { sayFact } from '@zhiyin/shared/timeline'
import { CustomerProfile, CustomerRow, Suggestion, TimelineItem } from '@zhiyin/shared/customer'
import { Settings } from '@zhiyin/shared/api/settings'
import { customersApi } from '../../../server/api/customers.ts'
import { settingsApi } from '../../../server/api/settings.ts'
import { createAudit } from '../../../server/audit/audit.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { apiKey, serveApi } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'

const day = 86_400_000
const mongo = useMongo()
const clock = movableClock()
const tagNames = async () => new Map([['tag_1', { name: '会员', group: '身份' }]])
let engine: ReturnType<typeof customerEngine>
let server: Awaited<ReturnType<typeof serveApi>>
let mine = ''
let theirs = ''
const wanted: unknown[] = []

const added = (customerId: string, userid: string) => ({
  id: `added:${customerId}`,
  customerId,
  type: 'contact.added' as const,
  at: clock.date(),
  source: 'wecom' as const,
  payload: { userid, channelId: 'chn_1', channelName: '七号店' },
})

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock, {
    tagNames,
    wantTag: async (want) => {
      wanted.push(want)
    },
  })
  const audit = createAudit({ mongo: mongo.get(), clock, newId: engine.newId })
  await mongo.indexes()
  const bounds = [
    ...customersApi({
      read: engine.read,
      timeline: engine.timeline.timeline,
      look: { at: async (_actor, _customer, value) => value },
      append: engine.facts.append,
      fold: engine.profile.fold,
      tag: engine.profile.tag,
      tagNames,
      memberNames: async () => new Map([['lina', '李娜']]),
      definitions: engine.definitions,
      suggestContents: async () => [{ text: '新品到了', contentId: 'cnt_1', because: [] }],
      editContact: async () => undefined,
      correct: { state: async () => undefined, undo: async () => undefined },
      saidByHand: async () => undefined,
      optOutWords: async () => [],
      newId: engine.newId,
      clock,
      audit,
    }),
    ...settingsApi({ settings: engine.settings, audit }),
  ]
  server = await serveApi(bounds, clock, {
    lina: { kind: 'member', userid: 'lina', name: '李娜', role: 'rep', scope: ['lina'] },
    wang: { kind: 'member', userid: 'wang', name: '王伟', role: 'rep', scope: ['wang'] },
    lead: { kind: 'member', userid: 'lead', name: '主管', role: 'manager', scope: ['lead', 'lina', 'left'] },
  })
  mine = await engine.profile.ensureCustomer([{ kind: 'external_userid', value: 'wmMine' }])
  theirs = await engine.profile.ensureCustomer([{ kind: 'external_userid', value: 'wmTheirs' }])
  await engine.tell(added(mine, 'lina'))
  clock.advance(1000)
  await engine.tell(added(theirs, 'wang'))
})
afterAll(() => server.close())

const ErrorCode = z.object({ error: z.object({ code: z.string() }) })
const call = async (who: 'lina' | 'wang' | 'lead' | 'key', method: string, path: string, body?: unknown) => {
  const identified = who === 'key' ? { authorization: `Bearer ${apiKey}` } : { cookie: `zhiyin_session=${who}` }
  const response = await fetch(`${server.url}/api/${path}`, {
    method,
    headers: { ...identified, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  return { status: response.status, answer }
}
const profile = async (...asked: Parameters<typeof call>) => CustomerProfile.parse((await call(...asked)).answer)

describe('customers API', () => {
  it('shows a rep only the customers they follow, a manager those of their departments, a key all', async () => {
    const list = async (who: 'lina' | 'wang' | 'lead' | 'key', query = '') =>
      pageOf(CustomerRow)
        .parse((await call(who, 'GET', `customers${query}`)).answer)
        .items.map(({ id }) => id)
    expect(await list('lina')).toEqual([mine])
    expect(await list('key')).toEqual([theirs, mine])
    expect(await list('lead')).toEqual([mine])
    expect(await list('lead', '?userid=wang')).toEqual([])
    expect((await call('lead', 'GET', `customers/${mine}`)).status).toBe(200)
    expect((await call('lead', 'GET', `customers/${theirs}`)).status).toBe(403)
    expect(await list('lina', '?userid=wang')).toEqual([])
    expect(await list('key', '?stage=new&tier=C&userid=wang')).toEqual([theirs])
    const foreign = await call('lina', 'GET', `customers/${theirs}`)
    expect([foreign.status, ErrorCode.parse(foreign.answer).error.code]).toEqual([403, 'policy.not_your_customer'])
    for (const path of [
      `customers/${theirs}/timeline`,
      'customers/external/wmTheirs',
      `customers/${theirs}/suggestions`,
    ])
      expect((await call('lina', 'GET', path)).status).toBe(403)
    expect((await call('lina', 'POST', `customers/${theirs}/tags`, { tagId: 'tag_1' })).status).toBe(403)
    expect((await call('lina', 'GET', 'customers/cus_none')).status).toBe(404)
    // Added a moment ago, and not told of yet: to be asked for again.
    await engine.profile.ensureCustomer([{ kind: 'external_userid', value: 'wmJustNow' }])
    expect((await call('lina', 'GET', 'customers/external/wmJustNow')).status).toBe(404)
  })

  it('pages through a list, and finds by the beginning of a name and by phone', async () => {
    for (let i = 0; i < 5; i++) {
      const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: `page${i}` }])
      const traits = { name: `韩梅梅.${i}`, phone: `1391111000${i}` }
      const base = { id: `page${i}`, customerId: id, at: clock.date(), source: 'ingest' } as const
      await engine.tell({ ...base, type: 'profile.identified', payload: { traits, source: 'ingest' } })
    }
    const page = async (query: string) =>
      pageOf(CustomerRow).parse((await call('key', 'GET', `customers?${query}`)).answer)
    const names: string[] = []
    let after: string | null = ''
    while (after !== null) {
      const found: { items: CustomerRow[]; next: string | null } = await page(
        `limit=2&q=${encodeURIComponent('韩梅梅.')}${after === '' ? '' : `&after=${after}`}`,
      )
      names.push(...found.items.map(({ name }) => name))
      after = found.next
    }
    expect(names.sort()).toEqual([0, 1, 2, 3, 4].map((i) => `韩梅梅.${i}`))
    expect((await page('q=139%201111%200003')).items.map(({ name }) => name)).toEqual(['韩梅梅.3'])
    expect((await page('q=(')).items).toEqual([])
    expect((await call('key', 'GET', 'customers?after=nonsense')).status).toBe(400)
  })

  it('puts a tag on and takes it off at once, here and as a wish for WeCom, with who did it', async () => {
    const tagged = await profile('lina', 'POST', `customers/${mine}/tags`, { tagId: 'tag_1' })
    expect(tagged.tags).toMatchObject([{ id: 'tag_1', name: '会员', group: '身份', source: 'rep', by: '李娜' }])
    await profile('lina', 'POST', `customers/${mine}/tags`, { tagId: 'tag_1' })
    clock.advance(1000)
    expect((await profile('lina', 'DELETE', `customers/${mine}/tags/tag_1`)).tags).toEqual([])
    expect(wanted).toMatchObject([
      { userid: 'lina', externalUserId: 'wmMine', add: ['tag_1'], remove: [] },
      { userid: 'lina', externalUserId: 'wmMine', add: [], remove: ['tag_1'] },
    ])
    expect((await call('lina', 'POST', `customers/${mine}/tags`, { tagId: 'nothing' })).status).toBe(404)
    const entries = await mongo
      .get()
      .connection.collection('audit')
      .find({ subject: `customer:${mine}` })
      .toArray()
    expect(entries.map(({ act }) => act).sort()).toEqual(['customer.tag_added', 'customer.tag_removed'])
  })

  it('shows what was given back of an order in its currency, where the shop has not said which', async () => {
    const buyer = await engine.profile.ensureCustomer([{ kind: 'user_id', value: 'buyer' }])
    const base = { customerId: buyer, at: clock.date(), source: 'ingest' as const }
    const without = { currency: 'CNY', ofOrder: true }
    await engine.facts.append([
      { ...base, id: 'yen-refund', type: 'order.refunded', payload: { orderId: 'y', amount: 3_000, ...without } },
      {
        ...base,
        id: 'yen',
        type: 'order.completed',
        payload: { orderId: 'y', amount: 100, currency: 'JPY', products: [] },
      },
    ])
    await engine.drain()
    const { items } = pageOf(TimelineItem).parse((await call('key', 'GET', `customers/${buyer}/timeline`)).answer)
    const refund = items.find(({ id }) => id === 'yen-refund')
    expect(refund === undefined ? '' : sayFact(refund, 'zh', 'Asia/Shanghai').title).toBe('退款 JPY 30')
  })

  it('keeps notes, answers and what was said, each once by its key', async () => {
    const twice = async (path: string, body: unknown) => {
      for (let i = 0; i < 2; i++)
        expect((await call('lina', 'POST', `customers/${mine}/${path}`, body)).status).toBe(200)
    }
    clock.advance(60_000)
    await twice('notes', { key: 'note-0001', text: '喜欢清淡的香味' })
    await twice('said', { key: 'said-0001', text: '您好！', contentId: 'cnt_1' })
    await twice('replied', { key: 'reply-001' })
    const page = pageOf(TimelineItem).parse((await call('lina', 'GET', `customers/${mine}/timeline?limit=3`)).answer)
    expect(page.items.map(({ type }) => type).sort()).toEqual(['customer.replied', 'note.written', 'send.changed'])
    const rest = pageOf(TimelineItem).parse(
      (await call('lina', 'GET', `customers/${mine}/timeline?after=${encodeURIComponent(page.next ?? '')}`)).answer,
    )
    expect(rest.items.map(({ type }) => type).sort()).toEqual([
      'contact.added',
      'stage.entered',
      'tag.added',
      'tag.removed',
      'tier.changed',
    ])
    expect(rest.next).toBeNull()
  })

  it('records consent and its withdrawal, of whichever source', async () => {
    const consent = async (state: string) =>
      (await profile('lina', 'PUT', `customers/${mine}/consent`, { state })).consent
    expect(await consent('granted')).toMatchObject({ marketing: 'granted', since: clock.date().toISOString() })
    expect(await consent('withdrawn')).toMatchObject({ marketing: 'withdrawn' })
    expect((await engine.read.view(mine))?.consent).toBe('withdrawn')
  })

  it('says how sure it is of what it infers: more with more to go by, never as sure as what somebody states', async () => {
    const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: 'reader' }])
    const base = { customerId: id, at: clock.date(), source: 'ingest' } as const
    const read = (n: number) => ({
      ...{ ...base, id: `read:${n}`, type: 'behavior.tracked' as const },
      payload: { name: 'Article Opened', properties: { topic: '护肤' } },
    })
    const sure = async (key: string) => {
      const { layers } = await profile('key', 'GET', `customers/${id}`)
      const value = layers.flatMap(({ values }) => values).find((one) => one.key === key)
      return value === undefined ? null : [value.confidence, value.stated]
    }
    await engine.tell(read(1))
    expect(await sure('topics')).toEqual([0.33, false])
    await engine.tell(...[2, 3, 4, 5, 6, 7, 8].map(read))
    expect(await sure('topics')).toEqual([0.8, false])
    await engine.tell(...Array.from({ length: 40 }, (_, n) => read(n + 9)))
    expect(await sure('topics')).toEqual([0.9, false])
    const bought = { orderId: 'o1', amount: 100, currency: 'CNY', products: [{ category: '护肤' }] }
    await engine.tell({ ...base, id: 'bought', type: 'order.completed', payload: bought })
    expect(await sure('categories')).toEqual([0.33, false])
    expect(await sure('spend')).toEqual([1, false])
    const stated = { traits: { topics: ['露营'] }, source: 'rep' as const, by: 'lina' }
    await engine.tell({ ...base, id: 'stated', source: 'rep', type: 'profile.identified', payload: stated })
    expect(await sure('topics')).toEqual([0.95, true])
  })

  it('shows five layers: a stated value in front, the one that disagrees beside it', async () => {
    const base = { customerId: mine, at: new Date(clock.now() - 1) }
    const traits = (city: string) => ({ city, birthday: '1990-05-01' })
    await engine.tell(
      {
        ...base,
        id: 'said',
        source: 'rep',
        type: 'profile.identified',
        payload: { traits: traits('杭州'), source: 'customer' },
      },
      {
        ...base,
        id: 'shop',
        at: clock.date(),
        source: 'ingest',
        type: 'profile.identified',
        payload: { traits: traits('上海'), source: 'ingest' },
      },
    )
    const { layers, completeness } = await profile('lina', 'GET', 'customers/external/wmMine')
    const basic = layers.find(({ layer }) => layer === 'basic')?.values ?? []
    expect(basic.find(({ key }) => key === 'city')).toMatchObject({
      value: '杭州市',
      stated: true,
      source: 'customer',
      others: [{ value: '上海市', source: 'ingest' }],
    })
    expect(basic.find(({ key }) => key === 'birthday')).toMatchObject({ kind: 'date', others: [] })
    expect(layers.map(({ layer }) => layer)).toEqual(['basic', 'consumption', 'social', 'interests', 'trajectory'])
    expect(completeness).toBeGreaterThan(0.2)
  })

  it('gives the reason with today’s numbers, and suggests what to say about it', async () => {
    clock.advance(42 * day)
    await engine.sweep()
    const { stage, stats } = await profile('lina', 'GET', `customers/${mine}`)
    expect(stage).toMatchObject({
      stage: 'silent',
      because: [{ code: 'stage.silent_days', params: { days: 42, limit: 30 } }],
    })
    expect(stats.interactions30d).toBe(0)
    const { answer } = await call('lina', 'GET', `customers/${mine}/suggestions`)
    const { items } = z.object({ items: z.array(Suggestion) }).parse(answer)
    expect(items.map(({ id }) => id)).toEqual(['content:cnt_1', 'track:wake'])
    expect(items[1]?.because).toEqual([{ code: 'suggest.wake', params: { days: 42 } }])
  })

  it('lets managers change thresholds, and only them', async () => {
    expect((await call('lina', 'GET', 'settings')).status).toBe(403)
    const before = Settings.parse((await call('key', 'GET', 'settings')).answer)
    const changed = await call('key', 'PUT', 'settings', { stages: { ...before.stages, silentDays: 60 } })
    expect(Settings.parse(changed.answer)).toEqual({ ...before, stages: { ...before.stages, silentDays: 60 } })
    clock.advance(3_000)
    await engine.sweep()
    expect((await profile('lina', 'GET', `customers/${mine}`)).stage.stage).toBe('active')
    expect((await call('key', 'PUT', 'settings', { stages: { silentDays: 0 } })).status).toBe(400)
  })
})

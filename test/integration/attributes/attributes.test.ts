import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Attribute, Computation } from '@zhiyin/shared/attribute'
import type { Condition } from '@zhiyin/shared/condition'
import type { NewFact } from '@zhiyin/shared/fact'
import { createAttributes } from '../../../server/attributes/attributes.ts'
import { usersOf } from '../../../server/attributes/users.ts'
import { createAudit } from '../../../server/audit/audit.ts'
import { correctAttribute } from '../../../server/commands/correct-attribute.ts'
import type { JobName } from '../../../server/flow/jobs.ts'
import type { SignedIn } from '../../../server/platform/actor.ts'
import { identity, looksLike, profileOf } from '../../../server/profile/read.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const day = 86_400_000
const lina: SignedIn = { kind: 'member', userid: 'lina', name: '李娜', role: 'rep', scope: ['lina'] }
const wang: SignedIn = { kind: 'member', userid: 'wang', name: '王伟', role: 'rep', scope: ['wang'] }

let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let attributes: ReturnType<typeof createAttributes>
let correct: ReturnType<typeof correctAttribute>
let jobs: { name: JobName; payload: unknown }[]
let asking: { name: string; conditions: Condition[] }[]
let serial = 0

const make = (): void => {
  jobs = []
  asking = []
  clock = movableClock()
  const db = mongo.get()
  engine = customerEngine(db, clock, {}, async () => ({ attributes: await attributes.definitions() }))
  attributes = createAttributes({
    mongo: db,
    clock,
    zone: 'Asia/Shanghai',
    enqueue: async (name, payload) => void jobs.push({ name, payload }),
    recompute: engine.profile.recompute.want,
    backfill: engine.profile.backfill,
    count: engine.profile.countQuality,
    usersOf: async (key) => usersOf(key, asking),
  })
  correct = correctAttribute({
    read: engine.read,
    append: engine.facts.append,
    fold: engine.profile.fold,
    clock,
    audit: createAudit({ mongo: db, clock, newId: engine.newId }),
    newId: engine.newId,
    definitions: engine.definitions,
  })
}
beforeAll(async () => {
  make()
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  make()
})

const work = async (most = Infinity): Promise<void> => {
  for (let done = 0; done < most; done++) {
    const job = jobs.shift()
    if (job === undefined) return
    const key =
      typeof job.payload === 'object' && job.payload !== null && 'key' in job.payload ? String(job.payload.key) : ''
    if (job.name === 'attributes.backfill') await attributes.jobs['attributes.backfill']({ key })
    if (job.name === 'attributes.quality') await attributes.jobs['attributes.quality']()
  }
}
/** What is due is done, as the sweeps and their jobs do it. */
const settle = async (): Promise<void> => {
  clock.advance(3_000)
  for (const sweep of attributes.sweeps) await sweep.run(clock.date())
  await work()
  await engine.sweep()
}
const person = (): Promise<string> => {
  const who = identity('user_id', `attributes-${++serial}`)
  return engine.profile.ensureCustomer(who === null ? [] : [who])
}
const base = (customerId: string, daysAgo = 0) => ({
  id: `fact-${++serial}`,
  customerId,
  at: new Date(clock.now() - daysAgo * day),
  source: 'ingest' as const,
})
const ordered = (customerId: string, amount: number, daysAgo = 0): NewFact => ({
  ...base(customerId, daysAgo),
  type: 'order.completed',
  payload: { orderId: `order-${serial}`, amount, currency: 'CNY', products: [{ category: '护肤' }] },
})
const opened = (customerId: string, topic: string, daysAgo = 0): NewFact => ({
  ...base(customerId, daysAgo),
  type: 'behavior.tracked',
  payload: { name: 'Article Opened', properties: { topic } },
})
const told = (customerId: string, traits: Record<string, unknown>, daysAgo = 0): NewFact => ({
  ...base(customerId, daysAgo),
  type: 'profile.identified',
  payload: { traits, source: 'ingest' },
})
const held = (customerId: string): NewFact => ({
  ...base(customerId),
  source: 'wecom',
  type: 'contact.added',
  payload: { userid: 'lina' },
})
const attributeOf = (over: Partial<Attribute> & { key: string }): Attribute => ({
  name: over.key,
  layer: 'consumption',
  type: 'number',
  choices: [],
  sensitivity: 'open',
  sources: [],
  computation: null,
  ...over,
})
const opened30d: Computation = {
  type: 'count',
  of: { event: 'behavior.tracked', name: 'Article Opened', where: [] },
  windowDays: 30,
}
const orders30d: Computation = { type: 'count', of: { event: 'order.completed', where: [] }, windowDays: 30 }

const docOf = async (id: string) => {
  const doc = await engine.read.whole(id)
  if (doc === null) throw new Error(`no customer ${id}`)
  return doc
}
const attrOf = async (id: string, key: string) => (await docOf(id)).attrs.find(({ k }) => k === key)?.v
const valueOf = async (id: string, key: string) => {
  const names = { members: new Map<string, string>(), tags: new Map<string, never>() }
  const profile = profileOf(await docOf(id), names, await engine.definitions.fresh(), clock.date())
  return profile.layers
    .flatMap(({ layer, values }) => values.map((value) => ({ layer, ...value })))
    .find((one) => one.key === key)
}

describe('the attributes managers define', () => {
  it('begin with the built-in ones, whose name and sensitivity change and which stay', async () => {
    const [first] = await attributes.list()
    expect(first).toMatchObject({ attribute: { key: 'name', layer: 'basic' }, version: 0 })
    const city = (await attributes.definitions()).find(({ key }) => key === 'city')
    if (city === undefined) throw new Error('city is built in')
    const { key: _key, ...rest } = city
    await attributes.update('city', 0, { ...rest, name: '常住城市', type: 'number', sensitivity: 'personal' }, '主管')
    const changed = (await attributes.list()).find(({ attribute }) => attribute.key === 'city')
    expect(changed).toMatchObject({
      attribute: { name: '常住城市', type: 'text', sensitivity: 'personal' },
      version: 1,
    })
    await expect(attributes.update('city', 0, rest, '主管')).rejects.toMatchObject({ code: 'conflict.changed' })
    await expect(attributes.remove('city')).rejects.toMatchObject({ code: 'attribute.built_in' })
  })

  it('are checked, and not removed while something asks for them', async () => {
    const create = (over: Partial<Attribute> & { key: string }) => attributes.create(attributeOf(over), '主管')
    await expect(create({ key: 'city' })).rejects.toMatchObject({ code: 'attribute.reserved' })
    await expect(create({ key: 'marketing_consent' })).rejects.toMatchObject({ code: 'attribute.reserved' })
    await expect(create({ key: 'skin', type: 'choice' })).rejects.toMatchObject({ code: 'attribute.choices' })
    await expect(create({ key: 'n', type: 'text', computation: orders30d })).rejects.toMatchObject({
      code: 'attribute.type',
      params: { type: 'number' },
    })
    await create({ key: 'skin', name: '肤质', type: 'choice', choices: ['干', '油'] })
    await expect(create({ key: 'skin' })).rejects.toMatchObject({ code: 'conflict.exists' })
    await expect(create({ key: 'skin2', name: '肤质' })).rejects.toMatchObject({ code: 'conflict.exists' })
    asking = [{ name: '干皮人群', conditions: [{ type: 'attribute', key: 'skin', test: { op: 'known' } }] }]
    await expect(attributes.remove('skin')).rejects.toMatchObject({
      code: 'attribute.in_use',
      params: { by: '干皮人群' },
    })
    asking = []
    await attributes.remove('skin')
    expect((await attributes.definitions()).some(({ key }) => key === 'skin')).toBe(false)
  })

  it('type what systems say; what is none of their values is kept as it came, shown, and never asked for', async () => {
    const id = await person()
    await engine.tell(told(id, { skin: '混合', children: '两个', visited: '2026/2/1', vip: '是', score: '12.5' }))
    await attributes.create(attributeOf({ key: 'skin', layer: 'basic', type: 'choice', choices: ['干', '油'] }), '主管')
    await attributes.create(attributeOf({ key: 'children' }), '主管')
    await attributes.create(attributeOf({ key: 'visited', type: 'date' }), '主管')
    await attributes.create(attributeOf({ key: 'vip', type: 'boolean' }), '主管')
    await attributes.create(attributeOf({ key: 'score' }), '主管')
    await settle()
    expect(await valueOf(id, 'skin')).toMatchObject({ layer: 'basic', value: '混合', problem: 'choice' })
    expect(await valueOf(id, 'children')).toMatchObject({ layer: 'consumption', value: '两个', problem: 'type' })
    expect(await attrOf(id, 'skin')).toBeUndefined()
    expect(await attrOf(id, 'visited')).toEqual(new Date('2026-02-01T00:00:00Z'))
    expect(await attrOf(id, 'vip')).toBe(true)
    expect(await attrOf(id, 'score')).toBe(12.5)
    expect((await docOf(id)).rejects.toSorted()).toEqual(['children', 'skin'])
  })

  it('weigh values: stated before told, then the source named first, then the newer', async () => {
    const id = await person()
    await engine.tell(held(id), told(id, { city: '杭州' }, 3), {
      ...base(id, 1),
      type: 'profile.identified',
      payload: { traits: { city: '上海' }, source: 'wecom' },
    })
    expect(await valueOf(id, 'city')).toMatchObject({ value: '上海市', source: 'wecom', others: [{ value: '杭州市' }] })
    const city = (await attributes.definitions()).find(({ key }) => key === 'city')
    if (city === undefined) throw new Error('city is built in')
    const { key: _key, ...rest } = city
    await attributes.update('city', 0, { ...rest, sources: ['ingest', 'wecom'] }, '主管')
    await settle()
    expect(await valueOf(id, 'city')).toMatchObject({ value: '杭州市', source: 'ingest', stated: false })
    expect(await attrOf(id, 'city')).toBe('杭州市')
    expect((await docOf(id)).conflicts).toEqual(['city'])

    await correct.state(lina, id, 'city', '苏州')
    expect(await valueOf(id, 'city')).toMatchObject({
      value: '苏州市',
      source: 'rep',
      stated: true,
      by: 'lina',
      editable: true,
      others: [{ value: '杭州市' }, { value: '上海市' }],
    })
    clock.advance(day)
    await engine.tell(told(id, { city: '北京' }))
    expect(await attrOf(id, 'city')).toBe('苏州市')
    await correct.undo(lina, id, 'city')
    expect(await valueOf(id, 'city')).toMatchObject({ value: '北京市', source: 'ingest' })
    const audit = await mongo
      .get()
      .connection.collection('audit')
      .find({ subject: `customer:${id}` })
      .toArray()
    expect(audit.map(({ act }) => act).toSorted()).toEqual(['customer.attribute_stated', 'customer.attribute_undone'])
  })

  it('a correction is for who holds the customer, of what can be stated, in a value that fits', async () => {
    const id = await person()
    await engine.tell(held(id))
    await expect(correct.state(wang, id, 'city', '苏州')).rejects.toMatchObject({ code: 'policy.not_your_customer' })
    await expect(correct.state(lina, id, 'orders', 9)).rejects.toMatchObject({ code: 'attribute.not_editable' })
    await expect(correct.state(lina, id, 'birthday', '哪天')).rejects.toMatchObject({ code: 'attribute.value' })
    await expect(correct.state(lina, id, 'gender', '外星')).rejects.toMatchObject({ code: 'attribute.choice' })
    await expect(correct.state(lina, id, 'phone', '138****8000')).rejects.toMatchObject({ code: 'attribute.masked' })
    await expect(correct.state(lina, id, 'city', '杭***')).rejects.toMatchObject({ code: 'attribute.masked' })
    await expect(correct.state(lina, id, 'phone', '12')).rejects.toMatchObject({ code: 'attribute.value' })
    await expect(correct.state(lina, id, 'nothing', 'x')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('computed attributes', () => {
  it('are worked out over the past, batch by batch, whatever crashes, and by each event from then on', async () => {
    const asked = Array.from({ length: 230 }, () => identity('user_id', `attributes-${++serial}`))
    const made = await engine.profile.ensureCustomers(asked.map((who) => (who === null ? [] : [who])))
    const ids = made.toSorted()
    const [first = ''] = ids
    const last = ids.at(-1) ?? ''
    await engine.tell(...ids.flatMap((id) => [opened(id, '精华', 3), opened(id, '面膜', 40)]))
    await attributes.create(attributeOf({ key: 'opened_30d', computation: opened30d }), '主管')
    expect((await attributes.list()).at(-1)).toMatchObject({ backfill: { done: 0 } })
    clock.advance(3_000)
    for (const sweep of attributes.sweeps) await sweep.run(clock.date())
    await work(1)
    // The process died: its next job is lost, and an event came in between.
    jobs.length = 0
    await engine.tell(opened(last, '精华'))
    expect(await attrOf(last, 'opened_30d')).toBe(1)
    clock.advance(30_000)
    await settle()
    expect((await attributes.list()).at(-1)).toMatchObject({ backfill: null })
    expect(await attrOf(first, 'opened_30d')).toBe(1)
    expect(await attrOf(last, 'opened_30d')).toBe(2)
    await engine.tell(opened(first, '眼霜'))
    expect(await attrOf(first, 'opened_30d')).toBe(2)
    expect(await valueOf(first, 'opened_30d')).toMatchObject({ value: 2, kind: 'number', source: 'computed' })
  })

  it('are right for the customers of before, orders and events alike, and say how far they are', async () => {
    const asked = Array.from({ length: 250 }, () => identity('user_id', `attributes-${++serial}`))
    const ids = await engine.profile.ensureCustomers(asked.map((who) => (who === null ? [] : [who])))
    const tell = async (of: (id: string, n: number) => NewFact[]): Promise<void> => {
      await engine.facts.append(ids.flatMap(of))
      await engine.drain()
    }
    await tell((id, n) => [
      ordered(id, 1_000 + n, 3),
      opened(id, n % 2 === 0 ? '精华' : '面膜', 5),
      ...(n % 3 === 0 ? [opened(id, '眼霜', 2)] : []),
    ])
    await tell((id, n) =>
      n % 10 === 0
        ? [{ ...base(id), type: 'order.cancelled', payload: { orderId: `gone-${n}` } } as const, ordered(id, 5, 1)]
        : [],
    )
    const orders = { event: 'order.completed' as const, where: [] }
    const spent: Computation = { type: 'sum', of: orders, property: 'amount', windowDays: 90 }
    const bought: Computation = { type: 'sum', of: orders, property: 'quantity', windowDays: null }
    await attributes.create(attributeOf({ key: '近90天消费', type: 'money', computation: spent }), '主管')
    await attributes.create(attributeOf({ key: 'units', computation: bought }), '主管')
    await attributes.create(attributeOf({ key: 'opened_30d', computation: opened30d }), '主管')
    expect(await engine.profile.recompute.progress()).toMatchObject({ doneAt: null, done: 0, of: 250 })
    await settle()
    expect(await engine.profile.recompute.progress()).toMatchObject({ done: 250, of: 250 })
    expect((await attributes.list()).every(({ backfill }) => backfill === null)).toBe(true)
    const docs = await mongo
      .get()
      .connection.collection<{ _id: string; attrs: { k: string; v: unknown }[] }>('customers')
      .find({})
      .toArray()
    const found = new Map(docs.map(({ _id, attrs }) => [_id, new Map(attrs.map(({ k, v }) => [k, v]))]))
    for (const [n, id] of ids.entries()) {
      const again = n % 10 === 0 ? 1 : 0
      expect(found.get(id)?.get('近90天消费')).toBe(1_000 + n + 5 * again)
      expect(found.get(id)?.get('units')).toBe(1 + again)
      expect(found.get(id)?.get('opened_30d')).toBe(n % 3 === 0 ? 2 : 1)
    }
  })

  it('what leaves the window does so by due time, for whom it concerns alone', async () => {
    const id = await person()
    await attributes.create(attributeOf({ key: 'orders_30d', computation: orders30d }), '主管')
    await settle()
    await engine.tell(ordered(id, 100, 29), ordered(id, 200, 10))
    expect(await attrOf(id, 'orders_30d')).toBe(2)
    const due = (await docOf(id)).nextDueAt
    clock.advance(day - 60_000)
    await engine.sweep()
    expect(await attrOf(id, 'orders_30d')).toBe(2)
    clock.advance(120_000)
    await engine.sweep()
    expect(await attrOf(id, 'orders_30d')).toBe(1)
    expect(due).not.toBeNull()
    clock.advance(20 * day)
    await engine.sweep()
    expect(await attrOf(id, 'orders_30d')).toBe(0)
  })

  it('are looked for in the past again where an earlier version kept fewer events', async () => {
    const id = await person()
    await engine.tell(opened(id, '精华', 3))
    await attributes.create(attributeOf({ key: 'opened_30d', computation: opened30d }), '主管')
    await settle()
    expect(await attrOf(id, 'opened_30d')).toBe(1)
    const { connection } = mongo.get()
    await connection.collection('attributeBackfills').updateMany({}, { $unset: { most: 1 } })
    const state = { 'state.computed': [], attrs: [] }
    await connection.collection<{ _id: string }>('customers').updateOne({ _id: id }, { $set: state })
    await settle()
    expect(await attrOf(id, 'opened_30d')).toBe(1)
    expect((await attributes.list()).at(-1)).toMatchObject({ backfill: null })
  })

  it('an amount of events of a shop is in major units as all it says, that of orders is minor already', async () => {
    const id = await person()
    const viewed = (price: number | string): NewFact => ({
      ...base(id),
      type: 'behavior.tracked',
      payload: { name: 'Product Viewed', properties: { price } },
    })
    await engine.tell(viewed(199), viewed(12.5), ordered(id, 1_000))
    const of = { event: 'behavior.tracked' as const, name: 'Product Viewed', where: [] }
    const viewedFor: Computation = { type: 'sum', of, property: 'price', windowDays: null }
    const lastPrice: Computation = { type: 'last', of, property: 'price' }
    await attributes.create(attributeOf({ key: 'viewed', type: 'money', computation: viewedFor }), '主管')
    await attributes.create(attributeOf({ key: 'last_price', type: 'money', computation: lastPrice }), '主管')
    await settle()
    expect(await attrOf(id, 'viewed')).toBe(21_150)
    clock.advance(1000)
    await engine.tell(viewed('¥1,299.00'))
    expect(await attrOf(id, 'last_price')).toBe(129_900)
    expect(await valueOf(id, 'last_price')).toMatchObject({ value: 129_900, kind: 'money', source: 'computed' })
    expect(await attrOf(id, 'spend')).toBe(1_000)
  })

  it('another property or event begins anew over the past; a removed one is forgotten', async () => {
    const id = await person()
    await engine.tell(ordered(id, 100, 3), ordered(id, 300, 40))
    const sum: Computation = {
      type: 'sum',
      of: { event: 'order.completed', where: [] },
      property: 'amount',
      windowDays: 30,
    }
    await attributes.create(attributeOf({ key: 'spent', type: 'money', computation: sum }), '主管')
    await settle()
    expect(await attrOf(id, 'spent')).toBe(100)
    const { key: _key, ...rest } = attributeOf({
      key: 'spent',
      type: 'money',
      computation: { ...sum, windowDays: null },
    })
    await attributes.update('spent', 1, rest, '主管')
    await settle()
    expect(await attrOf(id, 'spent')).toBe(400)
    await attributes.remove('spent')
    await settle()
    expect(await attrOf(id, 'spent')).toBeUndefined()
  })
})

describe('what systems send and nobody has defined', () => {
  it('is counted with the type it looks like, defined with it, and then counts as any other', async () => {
    const skins = ['干性', '油性', '干性', '油性']
    const ids = await Promise.all(skins.map(() => person()))
    await engine.tell(
      ...ids.flatMap((id, n) => [
        told(id, {
          ...{ 肤质: skins[n], 到店次数: n, 会员日: '2026-03-01', 护肤_顾虑: ['色斑', '毛孔'], vip: n === 0 },
          ...{ 备注: `第 ${n} 位`, email: `n${n}@example.com`, 'a.b': 'x', constructor: 'odd' },
        }),
      ]),
    )
    await attributes.quality.want()
    await work()
    const tally = (await attributes.quality.read())?.counted?.tally
    const seen = new Map((tally?.unknown ?? []).map((one) => [one.key, one]))
    const looks = (key: string) => {
      const one = seen.get(key)
      return one === undefined ? null : { customers: one.customers, ...looksLike(one) }
    }
    expect(looks('肤质')).toEqual({ customers: 4, type: 'choice', choices: ['干性', '油性'] })
    expect(looks('到店次数')).toEqual({ customers: 4, type: 'number', choices: [] })
    expect(looks('会员日')).toMatchObject({ type: 'date' })
    expect(looks('护肤_顾虑')).toMatchObject({ type: 'list' })
    expect(looks('vip')).toMatchObject({ type: 'boolean' })
    expect(looks('备注')).toMatchObject({ type: 'text' })
    expect(looks('constructor')).toMatchObject({ customers: 4 })
    expect(looks('a.b')).toMatchObject({ customers: 4 })
    expect(looks('email')).toBeNull()
    const choice = { type: 'choice' as const, choices: ['干性', '油性'] }
    await attributes.create(attributeOf({ key: '肤质', layer: 'basic', ...choice }), '主管')
    await attributes.create(attributeOf({ key: 'constructor', layer: 'basic', type: 'text' }), '主管')
    await settle()
    const [first = ''] = ids
    expect(await valueOf(first, '肤质')).toMatchObject({ name: '肤质', layer: 'basic', value: '干性', kind: 'choice' })
    expect(await attrOf(first, '肤质')).toBe('干性')
    await attributes.quality.want()
    await work()
    const again = (await attributes.quality.read())?.counted?.tally
    expect(again?.unknown.some(({ key }) => key === '肤质')).toBe(false)
    expect(again?.byKey['肤质']).toMatchObject({ known: 4 })
    expect(again?.byKey['constructor']).toMatchObject({ known: 4 })
  })
})

describe('how good the data is', () => {
  it('is counted exactly every night, and the customers behind a figure are found', async () => {
    const [one, two, three] = [await person(), await person(), await person()]
    await engine.tell(
      told(one, { city: '杭州' }, 3),
      { ...base(one, 1), type: 'profile.identified', payload: { traits: { city: '上海' }, source: 'wecom' } },
      told(two, { city: '北京', birthday: '很久以前' }, 60),
      ordered(three, 100, 400),
    )
    await settle()
    await settle()
    const counted = (await attributes.quality.read())?.counted
    expect(counted?.tally).toMatchObject({
      customers: 3,
      unknown: [],
      byKey: {
        city: { known: 2, stated: 0, conflicts: 1, rejects: 0, fresh: { d30: 1, d90: 1, d365: 0, older: 0 } },
        birthday: { known: 0, rejects: 1 },
        orders: { known: 1, fresh: { older: 1 } },
      },
    })
    const found = await engine.read.withIssue('city', 'conflicts', { limit: 10, scope: null })
    expect(found.docs.map(({ _id }) => _id)).toEqual([one])
    expect((await engine.read.withIssue('city', 'conflicts', { limit: 10, scope: ['lina'] })).docs).toEqual([])
    expect((await engine.read.withIssue('birthday', 'rejects', { limit: 10, scope: null })).docs).toHaveLength(1)

    const before = counted?.at
    clock.advance(3_600_000)
    await settle()
    expect((await attributes.quality.read())?.counted?.at).toEqual(before)
    clock.advance(day)
    await settle()
    await settle()
    expect((await attributes.quality.read())?.counted?.at).not.toEqual(before)
    await attributes.quality.want()
    await work()
    expect((await attributes.quality.read())?.counted?.at).toEqual(clock.date())
  })

  it('is of whom is known: anonymous visitors of a shop are counted apart, until they say who they are', async () => {
    const device = (n: number) => ({ kind: 'anonymous_id' as const, value: `device-${n}` })
    const known = await person()
    const visitors = await engine.profile.ensureCustomers([1, 2, 3].map((n) => [device(n)]))
    const [first = ''] = visitors
    const looked = visitors.map((id) => opened(id, '精华'))
    await engine.tell(told(known, { city: '杭州' }), ...looked, told(first, { birthday: '哪天' }))
    const count = async () => {
      await attributes.quality.want()
      await work()
      return (await attributes.quality.read())?.counted?.tally
    }
    const unmet = { city: { known: 1 }, birthday: { known: 0, rejects: 1 }, topics: { known: 0 } }
    expect(await count()).toMatchObject({ customers: 1, anonymous: 3, byKey: unmet })
    await engine.profile.identities.link([device(1)], [{ kind: 'user_id', value: 'device-owner' }])
    await engine.drain()
    expect(await count()).toMatchObject({ customers: 2, anonymous: 2, byKey: { topics: { known: 1 } } })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Attribute } from '@zhiyin/shared/attribute'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import type { Condition } from '@zhiyin/shared/condition'
import type { Target } from '@zhiyin/shared/import'
import { createAudit } from '../../../server/audit/audit.ts'
import { correctAttribute } from '../../../server/commands/correct-attribute.ts'
import { toFilter } from '../../../server/conditions/filter.ts'
import type { SignedIn } from '../../../server/platform/actor.ts'
import { profileOf } from '../../../server/profile/read.ts'
import { attributeFact } from '../../../server/rules/set-attributes.ts'
import { movableClock } from '../../support/clock.ts'
import { writeKey } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'
import { importRoom, type ImportRoom } from '../imports/room.ts'
import { serveIngest } from '../ingest/room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-03-02T02:00:00Z'))
const lina: SignedIn = { kind: 'member', userid: 'lina', name: '李娜', role: 'rep', scope: ['lina'] }
const own = (key: string, type: Attribute['type']): Attribute => ({
  ...{ key, name: key, layer: 'basic', type, choices: [], sensitivity: 'open', sources: [], computation: null },
})
const attributes = [...builtInAttributes, own('budget', 'money'), own('visited', 'date'), own('level', 'text')]
let room: ImportRoom
let shop: Awaited<ReturnType<typeof serveIngest>>
let correct: ReturnType<typeof correctAttribute>
let serial = 0

beforeAll(async () => {
  room = await importRoom(mongo.get(), clock, {}, async () => ({ attributes }))
  shop = await serveIngest(mongo.get(), room.engine, clock)
  const { read, facts, profile, newId, definitions } = room.engine
  const audit = createAudit({ mongo: mongo.get(), clock, newId })
  correct = correctAttribute({ read, append: facts.append, fold: profile.fold, clock, audit, newId, definitions })
})
afterAll(async () => {
  await shop.close()
  await room.close()
})

const identify = async (userId: string, traits: Record<string, unknown>): Promise<void> => {
  clock.advance(1000)
  const answer = await fetch(`${shop.url}/v1/identify`, {
    method: 'POST',
    headers: { authorization: `Bearer ${writeKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId, traits, timestamp: clock.date().toISOString() }),
  })
  expect(answer.status).toBe(200)
  await room.engine.drain()
}
const columns: Target[] = [
  { to: 'identity', kind: 'user_id' },
  { to: 'identity', kind: 'phone' },
  { to: 'trait', key: 'region', form: 'region' },
  { to: 'trait', key: 'budget', form: 'money' },
]
const file = async (userId: string, ...[phone, region, budget]: [string, string, string]): Promise<void> => {
  clock.advance(1000)
  const done = await room.take('customers', `id,phone,region,budget\n${userId},${phone},${region},${budget}\n`, columns)
  expect(done.counts.rejected).toBe(0)
}
const customerOf = async (userId: string) => {
  const { whole, view } = await room.customer('user_id', userId)
  if (whole === null) throw new Error('no customer')
  return { whole, view }
}
const valueOf = async (userId: string, key: string) => {
  const names = { members: new Map<string, string>(), tags: new Map<string, never>() }
  const { whole } = await customerOf(userId)
  const { layers } = profileOf(whole, names, await room.engine.definitions.fresh(), clock.date())
  return layers.flatMap(({ values }) => values).find((one) => one.key === key)
}
const attrOf = async (userId: string, key: string) =>
  (await customerOf(userId)).whole.attrs.find(({ k }) => k === key)?.v
const user = (): string => `many-${++serial}`

describe('what a shop, a file, a rep and WeCom say of the same thing', () => {
  it('meets in one form: the same phone and place written in many ways is no conflict', async () => {
    const id = user()
    await identify(id, { phone: '+86 139-0000-0001', city: '杭州' })
    await file(id, '13900000001', '浙江省杭州市西湖区', '')
    const { whole } = await customerOf(id)
    const follow = { userid: 'lina', createdAt: clock.date(), tagIds: [], mobiles: ['139 0000 0001'] }
    await room.engine.tell({
      ...{ id: `added:${id}`, customerId: whole._id, type: 'contact.added', at: clock.date(), source: 'wecom' },
      payload: { userid: 'lina' },
    })
    await mongo
      .get()
      .connection.collection<{ _id: string }>('customers')
      .updateOne(
        { _id: whole._id },
        {
          $set: {
            contact: { externalUserId: `wm_${id}`, name: '陈静', type: 1, gender: 0, follows: [follow], fetchedAt: clock.date() },
          },
        },
      ) // prettier-ignore
    await correct.state(lina, whole._id, 'city', '杭州市西湖区')
    await correct.state(lina, whole._id, 'phone', '０１３９-００００-０００１'.replace('０１', '1'))
    expect((await customerOf(id)).whole).toMatchObject({ conflicts: [], rejects: [] })
    expect(await valueOf(id, 'city')).toMatchObject({ value: '杭州市', source: 'rep', others: [] })
    expect(await valueOf(id, 'phone')).toMatchObject({ value: '13900000001', others: [] })
    // What was said is kept as it was said.
    const said = (await customerOf(id)).whole.state.traits.filter(({ key }) => key === 'city')
    expect(said.map(({ source, value }) => [source, value]).toSorted()).toEqual([
      ['import', '杭州市'],
      ['ingest', '杭州'],
      ['rep', '杭州市西湖区'],
    ])
  })

  it('tells of a city which province it lies in, which whoever says it knows better', async () => {
    const id = user()
    await identify(id, { city: '苏州', district: '姑苏' })
    expect(await valueOf(id, 'province')).toMatchObject({ value: '江苏省', source: 'computed', confidence: 0.8 })
    expect(await valueOf(id, 'district')).toMatchObject({ name: '区县', value: '姑苏区', others: [] })
    expect(await attrOf(id, 'province')).toBe('江苏省')
    await identify(id, { province: '浙江' })
    expect(await valueOf(id, 'province')).toMatchObject({ value: '浙江省', source: 'ingest', others: [] })
    await identify(id, { city: '东京', province: null })
    expect(await valueOf(id, 'province')).toBeUndefined()
    await file(id, '13900000005', '江苏省苏州市姑苏区', '')
    expect(await valueOf(id, 'region')).toMatchObject({ name: '行政区划代码', value: '320508' })
  })

  it('is found by a condition however the place is written', async () => {
    const id = user()
    await identify(id, { city: '无锡' })
    const test = (value: string): Condition => ({ type: 'attribute', key: 'city', test: { op: 'is', values: [value] } })
    for (const value of ['无锡', '无锡市', '江苏无锡'])
      expect(await room.engine.read.count(toFilter(test(value), clock.date()))).toBe(1)
    expect(await room.engine.read.count(toFilter(test('南京'), clock.date()))).toBe(0)
  })

  it('is a conflict when it is not the same, and each source is kept and ranked as the attribute says', async () => {
    const id = user()
    await identify(id, { city: '杭州' })
    await file(id, '13900000002', '江苏苏州', '')
    expect(await valueOf(id, 'city')).toMatchObject({
      value: '苏州市',
      source: 'import',
      others: [{ value: '杭州市', source: 'ingest' }],
    })
    const { whole } = await customerOf(id)
    expect(whole.conflicts).toEqual(['city'])
    const set = {
      key: `set:${id}`,
      customerId: whole._id,
      attribute: 'level',
      value: '高端',
      rule: '高端客户',
      at: clock.date(),
    }
    await room.engine.tell(attributeFact(set)) // prettier-ignore
    await identify(id, { level: '入门' })
    expect(await valueOf(id, 'level')).toMatchObject({
      value: '入门',
      source: 'ingest',
      others: [{ value: '高端', source: 'rule' }],
    })
  })

  it('is kept with the reason where it is none of the values, and never counts', async () => {
    const id = user()
    await identify(id, { phone: 'abc', city: '浙江', email: 'nobody', birthday: '3/4/1990' })
    expect(await valueOf(id, 'phone')).toMatchObject({ value: 'abc', problem: 'phone' })
    expect(await valueOf(id, 'city')).toMatchObject({ value: '浙江', problem: 'place' })
    expect(await valueOf(id, 'email')).toMatchObject({ problem: 'email' })
    expect(await valueOf(id, 'birthday')).toMatchObject({ problem: 'ambiguous' })
    expect((await customerOf(id)).whole.rejects.toSorted()).toEqual(['birthday', 'city', 'email', 'phone'])
    expect(await attrOf(id, 'city')).toBeUndefined()
    await identify(id, { phone: '11111111111', city: '东京' })
    expect(await valueOf(id, 'phone')).toMatchObject({ problem: 'phone' })
    expect(await valueOf(id, 'city')).toMatchObject({ value: '东京' })
    const other = user()
    await identify(other, { phone: '11111111111' })
    expect((await customerOf(other)).whole._id).not.toBe((await customerOf(id)).whole._id)
  })
})

describe('an amount', () => {
  it('is in major units from outside, number or text, and what a rep states in minor ones', async () => {
    const id = user()
    await identify(id, { budget: 5000 })
    expect(await attrOf(id, 'budget')).toBe(500_000)
    await identify(id, { budget: '5000' })
    expect(await attrOf(id, 'budget')).toBe(500_000)
    await identify(id, { budget: 12.5 })
    await file(id, '13900000003', '杭州', '¥12.50')
    expect(await valueOf(id, 'budget')).toMatchObject({ value: 1_250, kind: 'money', others: [] })
    await correct.state(lina, (await held(id)), 'budget', 1_250) // prettier-ignore
    expect(await valueOf(id, 'budget')).toMatchObject({ value: 1_250, source: 'rep', others: [] })
  })

  it('in another currency keeps it, and is no number of the company’s', async () => {
    const id = user()
    await identify(id, { budget: '$12.50' })
    expect(await valueOf(id, 'budget')).toMatchObject({ value: '$12.50', kind: 'text', problem: 'currency' })
    expect(await attrOf(id, 'budget')).toBeUndefined()
    await file(id, '13900000004', '杭州', 'USD 12.5')
    expect((await customerOf(id)).whole.state.traits).toContainEqual(
      expect.objectContaining({ key: 'budget', source: 'import', value: '12.50 USD' }),
    )
    expect((await customerOf(id)).whole).toMatchObject({ rejects: ['budget'], conflicts: [] })
  })
})

describe('a time that names no zone', () => {
  it('is that of the company, whatever the process runs in', async () => {
    const before = process.env['TZ']
    process.env['TZ'] = 'America/Los_Angeles'
    const id = user()
    await identify(id, { visited: '2025-03-01T08:00:00' })
    expect(await attrOf(id, 'visited')).toEqual(new Date('2025-03-01T00:00:00Z'))
    await identify(id, { visited: '2025-03-01 08:30' })
    expect(await attrOf(id, 'visited')).toEqual(new Date('2025-03-01T00:30:00Z'))
    await identify(id, { visited: '2025-03-01' })
    expect(await attrOf(id, 'visited')).toEqual(new Date('2025-03-01T00:00:00Z'))
    await identify(id, { visited: '2025-03-01 08:30' })
    const target: Target = { to: 'trait', key: 'visited', form: 'date' }
    await room.take('customers', `id,at\n${id},2025/3/1 8:30\n`, [{ to: 'identity', kind: 'user_id' }, target])
    expect(await valueOf(id, 'visited')).toMatchObject({ source: 'import', others: [] })
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  })
})

const held = async (id: string): Promise<string> => {
  const { whole } = await customerOf(id)
  await room.engine.tell({
    ...{ id: `added:${id}`, customerId: whole._id, type: 'contact.added', at: clock.date(), source: 'wecom' },
    payload: { userid: 'lina' },
  })
  return whole._id
}

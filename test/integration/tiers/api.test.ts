import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '@zhiyin/shared/api/client'
import { tiers } from '@zhiyin/shared/api/tiers'
import { createSees } from '../../../server/api/seen.ts'
import { tiersApi } from '../../../server/api/tiers.ts'
import { createAudit } from '../../../server/audit/audit.ts'
import { apiKey, serveApi } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'
import { bySpend, day, spenders, tiersHarness } from './harness.ts'

const mongo = useMongo()
let world: ReturnType<typeof tiersHarness>
let server: Awaited<ReturnType<typeof serveApi>>

const as = (who: string) =>
  createClient({
    base: server.url,
    lang: () => 'zh',
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        headers: {
          ...init.headers,
          ...(who === 'key' ? { authorization: `Bearer ${apiKey}` } : { cookie: `zhiyin_session=${who}` }),
        },
      }),
  }).call

beforeAll(async () => {
  world = tiersHarness(mongo.get())
  const { engine, clock } = world
  const audit = createAudit({ mongo: mongo.get(), clock, newId: engine.newId })
  await mongo.indexes()
  await world.room.begin(undefined)
  const bounds = tiersApi({
    tiers: world.room,
    read: engine.read,
    customerNames: async (ids) => new Map((await engine.read.views(ids)).map(({ id, name }) => [id, name] as const)),
    sees: createSees(engine.read),
    definitions: engine.definitions,
    progress: engine.profile.recompute.progress,
    clock,
    audit,
  })
  server = await serveApi(bounds, clock, {
    lina: { kind: 'member', userid: 'lina', name: '李娜', role: 'rep', scope: ['lina'] },
    lead: { kind: 'member', userid: 'lead', name: '主管', role: 'manager', scope: ['lina'] },
  })
})
afterAll(() => server.close())

const held = (customerId: string, userid: string) => ({
  id: `added:${customerId}`,
  customerId,
  type: 'contact.added' as const,
  at: world.clock.date(),
  source: 'wecom' as const,
  payload: { userid },
})

describe('the API of tier schemes', () => {
  it('is for managers; a rep sees the levels of their own customers, with how they came about', async () => {
    const [mine = '', other = ''] = await world.buyers(2, () => 60_000)
    await world.engine.tell(held(mine, 'lina'), held(other, 'wang'))
    await expect(as('lina')(tiers.list)).rejects.toMatchObject({ code: 'policy.forbidden' })
    const made = await as('lead')(tiers.create, { body: spenders })
    await world.settle()
    world.clock.advance(70 * day)
    await world.engine.sweep()
    const { items } = await as('lina')(tiers.ofCustomer, { params: { id: mine } })
    expect(items.map(({ scheme, level, primary }) => [scheme, level, primary])).toEqual([
      ['RFM', 'B', true],
      ['消费力', '低', false],
    ])
    expect(items[1]?.history).toMatchObject([{ from: '高', to: '低', because: [{ code: 'tier.value_spend' }] }])
    // The first level known came from nowhere.
    expect(items[0]?.history.at(-1)).toMatchObject({ from: null })
    await expect(as('lina')(tiers.ofCustomer, { params: { id: other } })).rejects.toMatchObject({
      code: 'policy.not_your_customer',
    })
    const entries = await mongo
      .get()
      .connection.collection('audit')
      .find({ subject: `scheme:${made.scheme.id}` })
      .toArray()
    expect(entries).toMatchObject([{ act: 'scheme.create', by: 'lead' }])
  })

  it('lists the moves of a try by name, of the customers a manager sees', async () => {
    const { items } = await as('lead')(tiers.list)
    const id = items.find(({ scheme }) => scheme.name === '消费力')?.scheme.id ?? ''
    const started = await as('lead')(tiers.try, {
      body: { id, scheme: { ...spenders, how: bySpend({ windowDays: 3650 }) } },
    })
    await world.drain()
    const trial = await as('lead')(tiers.trial, { params: { id: started.id } })
    expect(trial).toMatchObject({ state: 'done', moved: 2, moves: [{ from: 'low', to: 'high', customers: 2 }] })
    const { items: seen } = await as('lead')(tiers.moves, { params: { id: started.id }, query: { limit: 10 } })
    expect(seen).toMatchObject([{ from: '低', to: '高' }])
    const all = await as('key')(tiers.moves, { params: { id: started.id }, query: { limit: 10 } })
    expect(all.items).toHaveLength(2)
  })

  it('answers what is wrong with a scheme and what to do, in the reader’s language', async () => {
    await expect(
      as('key')(tiers.create, { body: { ...spenders, how: bySpend({ limits: [3, 2] }) } }),
    ).rejects.toMatchObject({
      code: 'scheme.limit_count',
      message: '2 个层级之间要有 1 个界限，现在是 2 个',
    })
    const { items } = await as('key')(tiers.templates)
    expect(items.map(({ key }) => key)).toEqual(['rfm', 'value', 'lifecycle', 'vip', 'needs'])
  })
})

import type { Fact } from '@zhiyin/shared/fact'
import { beforeAll, describe, expect, it } from 'vitest'
import { createFactsRead } from '../../../server/events/read.ts'
import { ensureIndexes } from '../../../server/migrations/indexes.ts'
import { createBlind } from '../../../server/privacy/border.ts'
import { conflictModel } from '../../../server/profile/identities.model.ts'
import { recallWithdrawals } from '../../../server/profile/upgrade/withdrawals.ts'
import { createProfileRead, type WholeCustomer } from '../../../server/profile/read.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'
import { testVault } from '../privacy/vault.ts'
import { facts, keepFormer, visitor, zhu } from './former.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-08-12T00:00:00Z'))
const blind = createBlind(testVault(1))
let engine: ReturnType<typeof customerEngine>
let read: ReturnType<typeof createProfileRead>

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock, { blind })
  read = createProfileRead(mongo.get(), blind)
  await keepFormer(mongo.get().connection)
})

const whole = async (id: string): Promise<WholeCustomer> => {
  const doc = await read.whole(id)
  if (doc === null) throw new Error(`${id} is lost`)
  return doc
}

describe('what an earlier build kept', () => {
  it('can be read once a process has started, also where two start at a time', async () => {
    await Promise.all([engine.profile.upgrade.start(), engine.profile.upgrade.start()])
    const { tier, state, ...rest } = await whole(zhu._id)
    expect(tier).toEqual({ tier: 'B', since: zhu.tier.since })
    expect(rest).toMatchObject({
      levels: [{ scheme: 'rfm', level: 'b', tier: 'B', rfm: { scores: zhu.tier.scores, group: 'idle' } }],
      groupIds: ['wr_spring'],
      consent: 'withdrawn',
      consents: { marketing: 'withdrawn', profiling: 'unknown' },
      ruleTags: [],
      segments: [],
      moveVersion: 0,
    })
    expect(state).toMatchObject({ events: [], lists: [], computed: [], orders: zhu.state.orders })
    expect(state.consents).toMatchObject([{ purpose: 'marketing', state: 'withdrawn', proof: { text: '消息太多' } }])
    expect(state.tags.map(({ putAt }) => putAt)).toEqual([zhu.state.tags[0]?.at, null])
    const other = await whole(visitor._id)
    expect(other).toMatchObject({ state: { consents: [] }, levels: [{ level: 'c' }], consent: 'unknown' })
    const [early, late] = [20_630 * 2 ** 32, 20_665 * 2 ** 32]
    expect(other.state.interactions).toEqual([early + 7, early + 2 ** 32 - 2, late + 5])
  })

  it('is found by phone and by a customer number that is one; identities hold neither in clear', async () => {
    const { docs } = await read.list({ limit: 10, q: '139 1198 3000' })
    expect(docs.map(({ _id }) => _id)).toEqual([zhu._id])
    const asked = [
      { kind: 'phone', value: '13911983000' },
      { kind: 'user_id', value: '13811983001' },
    ] as const
    expect([...(await read.owners(asked)).values()]).toEqual([zhu._id, visitor._id])
    const kept = await mongo.get().connection.collection('identities').find().toArray()
    expect(kept).toHaveLength(4)
    expect(JSON.stringify(kept)).not.toMatch(/1391198|1381198/)
  })

  it('asks of those who met as a pair', async () => {
    const pairs = await conflictModel(mongo.get().connection).find().lean()
    expect(pairs).toMatchObject([{ customerIds: [zhu._id, visitor._id], state: 'open', by: null, note: '' }])
    expect(JSON.stringify(pairs)).not.toContain('1391198')
  })

  it('gets the indexes of today: those that are otherwise made anew, former ones gone, those of people left', async () => {
    const kept = mongo.get().connection.collection('facts')
    await kept.createIndex({ customerId: 1, pending: 1 })
    await kept.createIndex({ nudgeAt: 1 })
    await kept.createIndex({ customerId: 1, at: -1, _id: -1 }, { name: 'timeline' })
    await kept.createIndex({ seenAt: 1 }, { name: 'by_hand' })
    await Promise.all([ensureIndexes(mongo.get()), ensureIndexes(mongo.get())])
    const indexes = new Map((await kept.indexes()).map(({ name, ...rest }) => [name, rest]))
    expect(indexes.get('nudgeAt_1')).toMatchObject({ partialFilterExpression: { nudgeAt: { $exists: true } } })
    expect([...indexes.keys()]).toEqual(expect.arrayContaining(['customerId_1_at_-1__id_-1', 'by_hand']))
    expect(indexes.has('customerId_1_pending_1') || indexes.has('timeline')).toBe(false)
  })

  it('is worked out of its facts in the background, also after a job was lost, and is then what today’s build makes of them', async () => {
    const { sweep, backlog } = engine.profile.upgrade
    const steps = 2
    for (let step = 0; step < steps; step += 1) expect(await sweep.run(clock.date())).toBe(1)
    engine.nudged.length = 0
    expect(await sweep.run(clock.date())).toBe(0)
    expect(await backlog.count()).toMatchObject({ pending: steps })
    clock.advance(60_000)
    for (let step = 0; step < steps; step += 1) await engine.sweep()
    expect(await backlog.count()).toMatchObject({ pending: 0 })

    const twin = await engine.profile.ensureCustomer([{ kind: 'external_userid', value: 'wm_twin' }])
    const own: Fact[] = []
    for await (const page of createFactsRead(mongo.get()).pieces(
      [zhu._id],
      [...new Set(facts.map(({ type }) => type))],
    ))
      own.push(...page)
    expect(own).toHaveLength(7)
    await engine.tell(...own.map(({ seenAt: _seenAt, ...fact }: Fact) => ({ ...fact, id: `twin:${fact.id}`, customerId: twin }))) // prettier-ignore
    const of = ({ state, stage, levels, did, tagIds, groupIds, consents, orders, spend }: WholeCustomer) => ({
      state: { ...state, interactions: [], events: state.events.map(({ n, at }) => ({ n, at })), computed: [] },
      at: [stage.stage, levels.map(({ scheme, level, rfm }) => ({ scheme, level, rfm }))],
      found: { did, tagIds, groupIds, consents, orders, spend },
    })
    const [old, fresh] = [await whole(zhu._id), await whole(twin)]
    expect(of(old)).toEqual(of(fresh))
    expect(old.did).toEqual(expect.arrayContaining(['order.completed', 'contact.added', 'group.joined']))
    expect(old.attrs.length).toBeGreaterThan(0)
    expect((await whole(visitor._id)).did).toContain('behavior.tracked:Page Viewed')
  })

  it('waits for its moment where it is dated ahead', async () => {
    expect(await whole(visitor._id)).toMatchObject({ orders: 0, did: expect.not.arrayContaining(['order.completed']) })
    clock.set(new Date('2026-09-01T00:00:00Z'))
    await engine.sweep()
    expect(await whole(visitor._id)).toMatchObject({ orders: 1, spend: 9900 })
  })

  it('has a withdrawal again in whose place a report had been kept', async () => {
    const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: 'withdrawn-before' }])
    const base = { customerId: id, at: clock.date(), source: 'ingest' as const }
    const [marketing, agreed] = [
      { purpose: 'marketing' as const },
      { state: 'granted' as const, source: 'import' as const },
    ]
    const act = { ...marketing, state: 'withdrawn' as const, source: 'rep' as const }
    await engine.tell({ ...base, id: 'act', type: 'consent.changed', payload: act })
    const kept = { ...marketing, ...agreed, at: clock.date(), by: null, proof: null }
    const customers = mongo.get().connection.collection<{ _id: string }>('customers')
    await customers.updateOne({ _id: id }, { $set: { 'state.consents': [kept], consent: 'granted' } })
    const step = recallWithdrawals(mongo.get(), engine.profile.refold)
    expect(await step.next(null)).toEqual({ last: null, count: 1 })
    expect((await whole(id)).state.consents).toMatchObject([{ ...act }])
    expect((await read.view(id))?.consent).toBe('withdrawn')
    expect(await step.next(null)).toEqual({ last: null, count: 0 })
  })

  it('is left alone by every later start', async () => {
    const before = [await whole(zhu._id), await whole(visitor._id)]
    await engine.profile.upgrade.start()
    await engine.sweep()
    expect([await whole(zhu._id), await whole(visitor._id)]).toEqual(before)
  })
})

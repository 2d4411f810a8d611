import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import { useMongo } from '../../support/mongo.ts'
import { bySpend, day, emptied, spenders, tiersHarness } from './harness.ts'

const mongo = useMongo()
let world: ReturnType<typeof tiersHarness>

const quantile: SchemeInput = { ...spenders, how: bySpend({ mode: 'quantile' }) }

beforeAll(async () => {
  tiersHarness(mongo.get())
  await mongo.indexes()
})
beforeEach(async () => {
  await emptied(mongo.get())
  world = tiersHarness(mongo.get())
})

describe('tier schemes', () => {
  it('begin with RFM, with the thresholds the settings held, once; customers from before keep no hold', async () => {
    const { settings } = world.engine
    const kept = mongo.get().connection.collection<{ _id: string }>('settings')
    await kept.updateOne({ _id: 'settings' }, { $set: { tiers: { classA: 13 } } }, { upsert: true })
    await world.room.begin(await settings.formerTiers.read(), true)
    await settings.formerTiers.taken()
    expect(await settings.formerTiers.read()).toBeUndefined()
    await world.room.begin({ classA: 5 })
    const [first, ...others] = await world.room.definitions()
    expect(others).toEqual([])
    expect(first).toMatchObject({ id: 'rfm', holdDays: 0, how: { type: 'rfm', sums: [13, 7], windowDays: 365 } })
  })

  it('are worked out for everybody; the primary one gives the tier', async () => {
    await world.room.begin(undefined)
    expect(await world.room.definitions()).toMatchObject([{ id: 'rfm', holdDays: 7 }])
    const [rich = '', poor = ''] = await world.buyers(2, (i) => (i === 0 ? 60_000 : 5_000))
    const made = await world.room.create(spenders, '王敏')
    await world.settle()
    expect([await world.levelOf(rich, made._id), await world.levelOf(poor, made._id)]).toEqual(['high', 'low'])
    expect((await world.engine.read.view(poor))?.tier.tier).toBe('B')
    await world.room.makePrimary(made._id, '王敏')
    await world.settle()
    expect((await world.room.definitions()).map(({ id }) => id)).toEqual([made._id, 'rfm'])
    expect((await world.engine.read.view(poor))?.tier.tier).toBe('C')
    expect(await world.room.onLevels(await world.room.get(made._id), null)).toEqual(
      new Map([
        ['high', 1],
        ['low', 1],
      ]),
    )
  })

  it('a level once reached is kept for the hold, and told until when', async () => {
    await world.room.begin(undefined)
    const made = await world.room.create(spenders, '王敏')
    const [id = ''] = await world.buyers(
      1,
      () => 60_000,
      () => 58,
    )
    await world.settle()
    expect(await world.levelOf(id, made._id)).toBe('high')
    world.clock.advance(3 * day)
    await world.engine.sweep()
    const level = (await world.engine.read.whole(id))?.levels.find(({ scheme }) => scheme === made._id)
    expect(level?.level).toBe('high')
    const until = world.clock.now() + 6 * day
    expect(level?.because.at(-1)).toMatchObject({ code: 'tier.held', params: { kept: '高', to: '低', days: 7 } })
    expect(Number(level?.because.at(-1)?.params['until'])).toBeLessThanOrEqual(until)
    world.clock.advance(6 * day)
    await world.engine.sweep()
    expect(await world.levelOf(id, made._id)).toBe('low')
    const facts = await world.engine.timeline.list(id, { types: ['level.changed'] })
    const fell = facts.find((fact) => fact.payload.keys?.to === 'low')
    expect(fell?.payload).toMatchObject({ schemeId: made._id, from: '高', to: '低', keys: { from: 'high', to: 'low' } })
    const [, last] = await world.room.history(id)
    expect((await world.room.history(id))[0]).toMatchObject({ schemeId: made._id, from: '高', to: '低' })
    expect(last?.schemeId).toBeDefined()
  })

  it('cannot lose the primary one, nor levels that are asked for, nor be written over a newer version', async () => {
    await world.room.begin(undefined)
    await expect(world.room.remove('rfm')).rejects.toMatchObject({ code: 'scheme.primary' })
    const made = await world.room.create(spenders, '王敏')
    await expect(world.room.create(spenders, '王敏')).rejects.toMatchObject({ code: 'conflict.exists' })
    await expect(world.room.update(made._id, made.version + 9, spenders, '王敏')).rejects.toMatchObject({
      code: 'conflict.changed',
    })
    world.asking.push({
      kind: 'rule',
      id: 'r',
      name: '老客关怀',
      conditions: [{ type: 'level', schemeId: made._id, in: ['high'] }],
    })
    await expect(world.room.remove(made._id)).rejects.toMatchObject({
      code: 'scheme.in_use',
      params: { uses: '「老客关怀」' },
    })
    world.asking.length = 0
    await world.room.remove(made._id)
    expect((await world.room.all()).map(({ _id }) => _id)).toEqual(['rfm'])
  })
})

describe('a hold that a scheme cannot have', () => {
  it('is refused, and one from before that was is no longer said', async () => {
    await world.room.begin(undefined)
    const byStage: SchemeInput = {
      name: '按阶段',
      levels: spenders.levels,
      how: {
        type: 'lifecycle',
        levels: { potential: 'low', new: 'low', active: 'high', mature: 'high', silent: 'low', lost: 'low' },
      },
      holdDays: 7,
    }
    await expect(world.room.create(byStage, '王敏')).rejects.toMatchObject({ code: 'scheme.no_hold' })
    const { _id } = await world.room.create({ ...byStage, holdDays: 0 }, '王敏')
    const stored = mongo.get().connection.collection<{ _id: string }>('tierSchemes')
    await stored.updateOne({ _id }, { $set: { holdDays: 7 } })
    expect((await world.room.definitions())[1]).toMatchObject({ name: '按阶段', holdDays: 0 })
  })
})

describe('limits by quantile', () => {
  it('are worked out exactly over everybody, batch by batch, and put everybody on the level they give', async () => {
    await world.room.begin(undefined)
    const ids = await world.buyers(60, (i) => (i + 1) * 1_000)
    const silent = await world.buyers(5, () => null)
    const made = await world.room.create(quantile, '王敏')
    await world.drain()
    // The 0.8 quantile of 1,000 … 60,000 is 48,200.
    const { worked } = await world.room.get(made._id)
    expect(worked).toMatchObject({ buyers: 60, cuts: { limits: [48_201] }, inForce: { limits: [48_201] } })
    expect(await world.room.distribution(60)).toMatchObject({ kept: { buyers: 60, customers: 65 }, running: null })
    await world.settle()
    const high = await Promise.all(ids.map((id) => world.levelOf(id, made._id)))
    expect(high.filter((level) => level === 'high')).toHaveLength(12)
    expect(await world.levelOf(silent[0] ?? '', made._id)).toBe('low')
    // Only the pieces of the last count are kept.
    const pieces = mongo.get().connection.collection('tierSurveyPieces')
    const before = await pieces.countDocuments({ windowDays: 60 })
    await world.room.count(60)
    await world.drain()
    expect(await pieces.countDocuments({ windowDays: 60 })).toBe(before)
  })

  it('jitter is not adopted, a shift that lasts is, at night and by themselves', async () => {
    await world.room.begin(undefined)
    await world.buyers(60, (i) => (i + 1) * 1_000)
    const made = await world.room.create(quantile, '王敏')
    await world.drain()
    await world.buyers(1, () => 61_000)
    world.clock.advance(day)
    await world.sweep()
    const near = (await world.room.get(made._id)).worked
    expect(near).toMatchObject({ buyers: 61, cuts: { limits: [49_001] }, inForce: { limits: [48_201] } })
    await world.buyers(40, () => 90_000)
    world.clock.advance(day)
    await world.sweep()
    const far = (await world.room.get(made._id)).worked
    expect(far).toMatchObject({ buyers: 101, cuts: { limits: [90_001] }, inForce: { limits: [48_201] } })
    // Counted by hand once more, and looked at by whoever edits the scheme: no night has passed by that.
    await world.room.count(60)
    await world.drain()
    expect((await world.room.preview(made._id, quantile)).cuts).toMatchObject({ limits: [48_201] })
    for (let night = 1; night < quantile.holdDays; night += 1) {
      world.clock.advance(day)
      await world.sweep()
    }
    expect((await world.room.get(made._id)).worked?.inForce).toEqual(near?.inForce)
    world.clock.advance(day)
    await world.sweep()
    const taken = (await world.room.get(made._id)).worked
    expect(taken).toMatchObject({ adoptedAt: taken?.at, inForce: { limits: [90_001] }, waiting: null })
  })

  it('with fewer than 50 buyers the limits somebody set hold', async () => {
    await world.room.begin(undefined)
    await world.buyers(49, (i) => (i + 1) * 1_000)
    const made = await world.room.create(quantile, '王敏')
    await world.drain()
    expect((await world.room.get(made._id)).worked).toMatchObject({ buyers: 49, cuts: null, inForce: null })
    expect((await world.room.definitions())[1]).toMatchObject({ how: { limits: [50_000] } })
  })

  it('a count that was cut short goes on where it was, and one lost nudge is made up for', async () => {
    await world.room.begin(undefined)
    await world.buyers(30, (i) => (i + 1) * 1_000)
    await world.room.count(60)
    const job = world.jobs.shift()
    if (job === undefined) throw new Error('nothing was asked for')
    await world.room.jobs['tiers.work'](job)
    // The same batch again, by a worker that was thought dead: nobody is counted twice.
    await Promise.all([world.room.jobs['tiers.work'](job), world.room.jobs['tiers.work'](job)])
    world.jobs.length = 0
    world.clock.advance(21_000)
    await world.sweep()
    expect((await world.room.distribution(60))?.kept).toMatchObject({ buyers: 30, customers: 30 })
  })
})

describe('a preview', () => {
  it('counts levels and moves over the kept distribution', async () => {
    await world.room.begin(undefined)
    await world.buyers(20, (i) => (i + 1) * 10_000)
    const made = await world.room.create(spenders, '王敏')
    expect(
      await world.room.preview(made._id, {
        ...spenders,
        how: bySpend({ windowDays: 61 }),
      }),
    ).toMatchObject({ at: null })
    await world.drain()
    const draft = { ...spenders, how: bySpend({ limits: [100_000] }) }
    expect(await world.room.preview(made._id, draft)).toMatchObject({
      customers: 20,
      buyers: 20,
      levels: [
        { key: 'high', customers: 11 },
        { key: 'low', customers: 9 },
      ],
      moved: 5,
    })
    await expect(world.room.preview(made._id, { ...draft, levels: spenders.levels.slice(0, 1) })).rejects.toMatchObject(
      {
        code: 'scheme.limit_count',
      },
    )
  })

  it('counts stages and rows of a table in the database', async () => {
    await world.room.begin(undefined)
    await world.buyers(6, (i) => (i < 2 ? 10_000 : null))
    const levels: SchemeInput['levels'] = [
      { key: 'bought', name: '买过', tier: 'A' },
      { key: 'not', name: '没买过', tier: 'C' },
    ]
    const table: SchemeInput = {
      name: '买没买',
      levels,
      how: {
        type: 'table',
        rows: [{ level: 'bought', condition: { type: 'orders', op: 'gte', value: 1 } }],
        otherwise: 'not',
      },
      holdDays: 0,
    }
    const counts = [
      { key: 'bought', customers: 2 },
      { key: 'not', customers: 4 },
    ]
    expect(await world.room.preview(null, table)).toMatchObject({ customers: 6, levels: counts, moved: null })
    const stages: SchemeInput = {
      ...table,
      how: {
        type: 'lifecycle',
        levels: {
          potential: 'not',
          new: 'bought',
          active: 'bought',
          mature: 'bought',
          silent: 'bought',
          lost: 'bought',
        },
      },
    }
    expect(await world.room.preview(null, stages)).toMatchObject({ levels: counts })
  })
})

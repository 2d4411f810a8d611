import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import { useMongo } from '../../support/mongo.ts'
import { bySpend, day, emptied, spenders, tiersHarness } from './harness.ts'

const mongo = useMongo()
let world: ReturnType<typeof tiersHarness>

const unheld: SchemeInput = { ...spenders, holdDays: 0 }

beforeAll(async () => {
  tiersHarness(mongo.get())
  await mongo.indexes()
})
beforeEach(async () => {
  await emptied(mongo.get())
  world = tiersHarness(mongo.get())
  await world.room.begin(undefined)
})

describe('the monthly review', () => {
  it('is made on the first, with what the month moved, proposes limits and lists the moves they cause', async () => {
    const made = await world.room.create(unheld, '王敏')
    // Before the month: 10 June.
    const old = await world.buyers(60, (i) => (i + 1) * 500)
    await world.settle()
    await world.sweep()
    // July: one goes up, one comes new.
    world.clock.set(new Date('2026-07-05T02:00:00Z'))
    await world.engine.sweep()
    await world.engine.tell(world.ordered(old[0] ?? '', 0, 60_000))
    const [fresh = ''] = await world.buyers(1, () => 70_000)
    await world.settle()
    expect(await world.levelOf(fresh, made._id)).toBe('high')
    world.clock.set(new Date('2026-07-31T20:00:00Z'))
    await world.sweep()
    // 04:31 of 1 August.
    world.clock.set(new Date('2026-07-31T20:31:00Z'))
    await world.sweep()
    const [review] = await world.room.trials.reviews(made._id, 5)
    expect(review).toMatchObject({
      _id: `${made._id}:2026-07`,
      state: 'done',
      month: { name: '2026-07' },
      done: 61,
      levels: { high: 2, low: 59 },
      monthMoves: { 'low>high': 1, '>high': 1 },
      inForce: { limits: [50_000] },
      why: null,
    })
    if (review === undefined || review.proposed?.type !== 'value') throw new Error('no review')
    const [limit = 0] = review.proposed.limits
    expect(limit).toBeLessThan(50_000)
    expect(review.moves).toEqual({ 'low>high': review.moved })
    // The list is whole, in pages.
    const first = await world.room.trials.listed(review._id, { after: null, limit: 4 })
    const rest = await world.room.trials.listed(review._id, { after: first.next, limit: 100 })
    const listed = [...first.items, ...rest.items].map(({ customerId }) => customerId)
    expect(new Set(listed).size).toBe(review.moved)
    // Adopting causes just these moves.
    await world.room.reviews.adopt(review._id, '王敏')
    await world.settle()
    for (const id of old)
      expect(await world.levelOf(id, made._id)).toBe(listed.includes(id) || id === old[0] ? 'high' : 'low')
    expect((await world.room.get(made._id)).how).toMatchObject({ limits: [limit], mode: 'fixed' })
    await expect(world.room.reviews.adopt(review._id, '王敏')).rejects.toMatchObject({ code: 'trial.state' })
    // Nothing is made twice.
    await world.sweep()
    expect(await world.room.trials.reviews(made._id, 5)).toHaveLength(1)
  })

  it('missed for two months is made of the last one, under its name', async () => {
    const made = await world.room.create(unheld, '王敏')
    await world.sweep()
    world.clock.set(new Date('2026-09-10T02:00:00Z'))
    await world.sweep()
    await world.sweep()
    const reviews = await world.room.trials.reviews(made._id, 5)
    expect(reviews.map(({ month }) => month)).toEqual([
      { name: '2026-08', from: new Date('2026-07-31T16:00:00Z'), to: new Date('2026-08-31T16:00:00Z') },
    ])
  })

  it('proposes the same limit twice where most have one order, and the scheme that takes it can be edited on', async () => {
    const [rfm] = await world.room.all()
    if (rfm?.how.type !== 'rfm') throw new Error('the first scheme is RFM')
    const how = { ...rfm.how, mode: 'fixed' as const }
    const { name, levels, holdDays, _id, version } = rfm
    await world.room.update(_id, version, { name, levels, holdDays, how }, '王敏')
    const ids = await world.buyers(60, () => 9_900)
    await world.engine.tell(...ids.slice(0, 10).map((id) => world.ordered(id, 0, 5_000)))
    await world.settle()
    const { _id: review } = await world.room.reviews.now(_id, '王敏')
    await world.drain()
    await world.room.reviews.adopt(review, '王敏')
    const taken = await world.room.get(_id)
    expect(taken.how).toMatchObject({ frequency: [2, 2, 2, 2] })
    await world.settle()
    // Two orders are what all limits ask for: the best score.
    expect((await world.engine.read.view(ids[0] ?? ''))?.levels[0]?.rfm?.scores.f).toBe(5)
    expect((await world.engine.read.view(ids[20] ?? ''))?.levels[0]?.rfm?.scores.f).toBe(1)
    expect((await world.room.preview(_id, { name, levels, holdDays, how: taken.how })).buyers).toBe(60)
    await world.room.update(_id, taken.version, { name: '改名', levels, holdDays, how: taken.how }, '王敏')
  })

  it('can be asked for at any time and left; a scheme changed since is not overwritten', async () => {
    const made = await world.room.create(unheld, '王敏')
    await world.buyers(60, (i) => (i + 1) * 500)
    await world.settle()
    const { _id: first } = await world.room.reviews.now(made._id, '王敏')
    await world.drain()
    expect(await world.room.trials.get(first)).toMatchObject({ state: 'done', month: { name: '2026-06' }, buyers: 60 })
    expect(await world.room.reviews.dismiss(first, '王敏')).toMatchObject({ state: 'dismissed', decidedBy: '王敏' })
    await expect(world.room.reviews.dismiss(first, '王敏')).rejects.toMatchObject({ code: 'trial.state' })
    const { _id: second } = await world.room.reviews.now(made._id, '王敏')
    await world.drain()
    await world.room.update(made._id, made.version, { ...unheld, name: '新名' }, '李娜')
    await expect(world.room.reviews.adopt(second, '王敏')).rejects.toMatchObject({ code: 'conflict.changed' })
  })

  it('says why it proposes nothing', async () => {
    const [rfm] = await world.room.all()
    await world.buyers(3, () => 1_000)
    const { _id: few } = await world.room.reviews.now(rfm?._id ?? '', '王敏')
    await world.drain()
    expect(await world.room.trials.get(few)).toMatchObject({ state: 'done', proposed: null, why: 'few', buyers: 3 })
    const none = await world.room.create({ ...unheld, how: bySpend({ shares: [] }) }, '王敏')
    await world.buyers(50, () => 1_000)
    await world.room.count(60)
    await world.drain()
    const { _id: without } = await world.room.reviews.now(none._id, '王敏')
    await world.drain()
    expect(await world.room.trials.get(without)).toMatchObject({ proposed: null, why: 'no_shares' })
    await expect(world.room.reviews.adopt(without, '王敏')).rejects.toMatchObject({ code: 'trial.nothing' })
  })
})

describe('a draft tried over everybody', () => {
  it('tells every move it would cause, holds included, in batches that bear repetition', async () => {
    const made = await world.room.create(spenders, '王敏')
    await world.buyers(30, (i) => (i + 1) * 4_000)
    await world.settle()
    const draft = { ...unheld, how: bySpend({ limits: [100_000] }) }
    const { _id } = await world.room.trials.draft(made._id, draft, '王敏')
    const job = world.jobs.shift()
    if (job === undefined) throw new Error('nothing was asked for')
    await world.room.jobs['tiers.work'](job)
    await Promise.all([world.room.jobs['tiers.work'](job), world.room.jobs['tiers.work'](job)])
    await world.drain()
    const trial = await world.room.trials.get(_id)
    expect(trial).toMatchObject({
      state: 'done',
      done: 30,
      moved: 12,
      moves: { 'high>low': 12 },
      levels: { high: 18, low: 12 },
    })
    // Forgotten after a day.
    world.clock.advance(day + 1)
    await world.sweep()
    await expect(world.room.trials.get(_id)).rejects.toMatchObject({ code: 'not_found' })
    expect(await mongo.get().connection.collection('tierTrialMoves').countDocuments({})).toBe(0)
  })
})

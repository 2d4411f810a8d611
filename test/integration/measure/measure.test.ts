import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { RuleInput } from '@zhiyin/shared/rule'
import { createMeasurePersonal } from '../../../server/measure/personal.ts'
import { createMeasure } from '../../../server/measure/room.ts'
import type { Entered, RuleTerms } from '../../../server/measure/types.ts'
import { matchesEvent } from '../../../server/rules/event-match.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const hour = 3_600_000
const day = 24 * hour
const start = new Date('2026-03-02T04:00:00Z')

const send = { type: 'send', channel: 'mass', contentId: 'cnt' }
const ruleOf = (over: Record<string, unknown> = {}): RuleTerms =>
  RuleInput.parse({
    name: '召回',
    trigger: { type: 'manual' },
    steps: [{ ...send, id: 's1' }],
    goal: { on: 'ordered', withinDays: 14 },
    limits: { holdoutPercent: 20 },
    ...over,
  })

const setUp = () => {
  const clock = movableClock(start)
  const engine = customerEngine(mongo.get(), clock)
  const versions = new Map<string, RuleTerms>()
  const measure = createMeasure({
    mongo: mongo.get(),
    clock,
    newId: engine.newId,
    version: async (ruleId, version) => versions.get(`${ruleId}:${version}`) ?? null,
    rulesOn: async () => [...versions.values()],
    boughtOf: engine.read.bought,
    matches: matchesEvent,
    factsOf: (customerId, type, since) => engine.timeline.list(customerId, { types: [type], since }),
  })
  /** Tells facts to the profile, and then what the profile hands on to the log. */
  const tell = async (...facts: NewFact[]): Promise<void> => {
    engine.matched.length = 0
    await engine.tell(...facts)
    const customers = new Set(engine.matched.map(({ customerId }) => customerId))
    for (const id of customers)
      await measure.match(
        id,
        engine.matched.filter((fact) => fact.customerId === id),
      )
  }
  let count = 0
  const base = (customerId: string) => ({
    id: `f${(count += 1)}:${customerId}`,
    customerId,
    at: clock.date(),
    source: 'ingest' as const,
  })
  const order = (customerId: string, amount: number, orderId = `o${count}`, at = clock.date()): NewFact => ({
    ...base(customerId),
    at,
    type: 'order.completed',
    payload: { orderId, amount, currency: 'CNY', products: [] },
  })
  const refund = (customerId: string, orderId: string, amount: number): NewFact => ({
    ...base(customerId),
    type: 'order.refunded',
    payload: { orderId, amount, currency: 'CNY' },
  })
  const reply = (customerId: string): NewFact => ({
    ...base(customerId),
    type: 'customer.replied',
    payload: { via: 'ingest' },
  })
  const customer = (key: string): Promise<string> =>
    engine.profile.ensureCustomer([{ kind: 'external_userid', value: `wm_${key}` }])
  const entered = (id: string, customerId: string, over: Partial<Entered> = {}): Entered => ({
    id,
    ruleId: 'r1',
    version: 1,
    customerId,
    at: clock.date(),
    arm: 'treated',
    splits: [],
    ...over,
  })
  const rows = (customerId: string) =>
    mongo.get().connection.collection('exposures').find({ customerId }).sort({ _id: 1 }).toArray()
  return { clock, engine, measure, versions, tell, order, refund, reply, customer, entered, rows }
}
type Rooms = ReturnType<typeof setUp>
let rooms: Rooms

beforeAll(async () => {
  setUp()
  await mongo.indexes()
})
beforeEach(async () => {
  for (const model of Object.values(mongo.get().connection.models)) await model.deleteMany({})
  rooms = setUp()
  rooms.versions.set('r1:1', ruleOf())
})

describe('the log', () => {
  it('has one row for an entry told twice, with the goal and the window it had then', async () => {
    const { measure, entered, rows, customer, clock } = rooms
    const id = await customer('a')
    await Promise.all([measure.record([entered('run1', id)]), measure.record([entered('run1', id)])])
    clock.advance(hour)
    await measure.record([entered('run1', id, { arm: 'holdout' })])
    expect(await rows(id)).toMatchObject([
      { _id: 'run1', arm: 'treated', at: start, until: new Date(start.getTime() + 14 * day), goalAt: null, spent: 0 },
    ])
  })

  it('counts orders of the window that stand, of those left alone too, and takes back what is given back', async () => {
    const { measure, entered, rows, customer, tell, order, refund, clock } = rooms
    const [reached, alone] = [await customer('a'), await customer('b')]
    await tell(order(reached, 99_900, 'before', new Date(start.getTime() - day)))
    await measure.record([entered('run1', reached), entered('run2', alone, { arm: 'holdout' })])
    clock.advance(day)
    await tell(order(reached, 10_000, 'x'), order(alone, 7_000, 'y'))
    const at = clock.date()
    expect(await rows(reached)).toMatchObject([{ orders: 1, spent: 10_000, goalAt: at }])
    expect(await rows(alone)).toMatchObject([{ orders: 1, spent: 7_000, goalAt: at }])
    clock.advance(day)
    await tell(refund(reached, 'x', 4_000))
    expect(await rows(reached)).toMatchObject([{ orders: 1, spent: 6_000, goalAt: at }])
    clock.advance(20 * day)
    await measure.sweep.run(clock.date())
    await tell(refund(reached, 'x', 6_000), order(alone, 500, 'late'))
    expect(await rows(reached)).toMatchObject([{ orders: 0, spent: 0, goalAt: null }])
    expect(await rows(alone)).toMatchObject([{ orders: 1, spent: 7_000 }])
  })

  it('finds when a window is over what crossed with the entry, once', async () => {
    const { measure, entered, rows, customer, tell, order, reply, clock } = rooms
    rooms.versions.set('r1:2', ruleOf({ goal: { on: 'replied', withinDays: 3 } }))
    const id = await customer('a')
    clock.advance(hour)
    await tell(order(id, 3_000), reply(id))
    await measure.record([entered('run1', id, { at: start }), entered('run2', id, { at: start, version: 2 })])
    expect(await rows(id)).toMatchObject([{ spent: 0 }, { goalAt: null }])
    clock.advance(15 * day)
    expect((await measure.backlog.count(clock.date())).due).toBe(2)
    expect(await measure.sweep.run(clock.date())).toBe(2)
    const at = new Date(start.getTime() + hour)
    expect(await rows(id)).toMatchObject([
      { spent: 3_000, goalAt: at },
      { spent: 3_000, goalAt: at },
    ])
    expect(await measure.sweep.run(clock.date())).toBe(0)
  })

  it('knows a goal that is an event with fields, and asks for such events only', async () => {
    const { measure, entered, rows, customer, tell, clock, order } = rooms
    const event = {
      event: 'behavior.tracked',
      name: 'Booked',
      where: [{ field: 'seats', test: { op: 'at_least', value: 2 } }],
    }
    rooms.versions.set('r1:1', ruleOf({ goal: { on: 'event', event, withinDays: 7 } }))
    const id = await customer('a')
    await measure.record([entered('run1', id)])
    clock.advance(hour)
    const booked = (key: string, seats: number): NewFact => ({
      id: `b:${key}`,
      customerId: id,
      at: clock.date(),
      source: 'ingest',
      type: 'behavior.tracked',
      payload: { name: 'Booked', properties: { seats } },
    })
    await tell(booked('1', 1), order(id, 100))
    expect(await rows(id)).toMatchObject([{ goalAt: null, spent: 100 }])
    clock.advance(hour)
    await tell(booked('2', 2))
    expect(await rows(id)).toMatchObject([{ goalAt: clock.date() }])
    const concerned = await measure.concerns()
    expect(concerned(booked('3', 2))).toBe(true)
    expect(concerned({ ...booked('4', 2), type: 'link.opened', payload: { linkId: 'l', url: 'u' } })).toBe(false)
  })

  it('goes with customers who become one, and comes back with them; is forgotten with a person', async () => {
    const { measure, entered, rows, customer } = rooms
    const [a, b] = [await customer('a'), await customer('b')]
    await measure.record([entered('run1', a), entered('run2', b)])
    await measure.owned.handOn({ from: b, to: a })
    expect(await rows(a)).toHaveLength(2)
    await measure.owned.giveBack({ whole: a, to: b, parts: [b] })
    expect(await rows(b)).toMatchObject([{ _id: 'run2' }])
    const personal = createMeasurePersonal(mongo.get())
    const person = {
      customerId: b,
      ids: [b],
      keys: [],
      externalUserIds: [],
      contacts: [],
      userids: [],
      names: [],
      indexes: [],
    }
    expect(await personal.collect(person)).toMatchObject({ exposures: [{ _id: 'run2' }] })
    expect(await personal.forget(person)).toEqual({ exposures: 1 })
    expect(await rows(b)).toEqual([])
  })
})

describe('comparisons', () => {
  it('take each customer once, by the first entry, after the window, and never mix settings', async () => {
    const { measure, entered, customer, tell, order, clock, versions } = rooms
    const ids = await Promise.all(Array.from({ length: 40 }, (_, i) => customer(`k${i}`)))
    const armOf = (i: number) => (i % 4 === 0 ? 'holdout' : 'treated')
    await measure.record(ids.map((id, i) => entered(`run${i}`, id, { arm: armOf(i) })))
    clock.advance(day)
    await tell(...ids.flatMap((id, i) => (i % 4 === 1 ? [order(id, 20_000, `first${i}`)] : [])))
    clock.advance(20 * day)
    await measure.record(ids.map((id, i) => entered(`again${i}`, id, { arm: armOf(i) })))
    versions.set('r1:2', ruleOf({ limits: { holdoutPercent: 50 } }))
    await measure.record([entered('other', ids[0] ?? '', { version: 2, arm: 'treated' })])
    await tell(...ids.map((id, i) => order(id, 100, `second${i}`)))

    const { comparisons, spans } = await measure.results.measured('r1', 1, 0.2)
    expect(comparisons).toHaveLength(1)
    expect(comparisons[0]?.arms).toMatchObject([
      { arm: 'treated', customers: 30, open: 0, met: 10, buyers: 10, spent: 200_000 },
      { arm: 'holdout', customers: 10, open: 0, met: 0, spent: 0 },
    ])
    expect(comparisons[0]?.lifts).toMatchObject([{ arm: 'treated', relative: null, points: { at: 1 / 3 } }])
    expect(spans).toEqual([
      { from: 2, to: 2, entries: 1 },
      { from: 1, to: 1, entries: 80 },
    ])
    const second = await measure.results.measured('r1', 2, 0.2)
    expect(second.comparisons[0]?.arms).toMatchObject([{ customers: 0, open: 1 }, { customers: 0 }])
    expect(second.comparisons[0]?.lifts).toMatchObject([{ verdict: 'no_base', points: null }])
    await expect(measure.results.measured('r1', 9, 0.2)).rejects.toMatchObject({ status: 404 })
  })

  it('show each split with its arms, the first as the base', async () => {
    const { measure, entered, customer, versions, clock, tell, order } = rooms
    const arms = ['a', 'b', 'c'].map((id) => ({
      id,
      name: id.toUpperCase(),
      percent: id === 'a' ? 34 : 33,
      next: 's1',
    }))
    versions.set(
      'r1:1',
      ruleOf({
        steps: [
          { id: 'ab', type: 'split', arms },
          { ...send, id: 's1' },
        ],
      }),
    )
    const ids = await Promise.all(Array.from({ length: 12 }, (_, i) => customer(`k${i}`)))
    const at = clock.date()
    await measure.record(
      ids.map((id, i) =>
        entered(`run${i}`, id, { splits: [{ stepId: 'ab', arm: ['a', 'b', 'c'][i % 3] ?? 'a', at }] }),
      ),
    )
    clock.advance(hour)
    await tell(order(ids[1] ?? '', 5_000, 'one'))
    clock.advance(15 * day)
    const { comparisons } = await measure.results.measured('r1', 1, 0.2)
    expect(comparisons[1]).toMatchObject({ kind: 'split', stepId: 'ab', base: 'a', days: 14 })
    expect(comparisons[1]?.arms).toMatchObject([
      { arm: 'a', name: 'A', customers: 4, met: 0 },
      { arm: 'b', name: 'B', customers: 4, met: 1, spent: 5_000 },
      { arm: 'c', name: 'C', customers: 4, met: 0 },
    ])
    expect(comparisons[1]?.lifts.map(({ arm }) => arm)).toEqual(['b', 'c'])
    expect(await measure.ofCustomer(ids[1] ?? '')).toMatchObject([{ arm: 'treated' }, { arm: 'b' }])
  })
})

describe('the global holdout', () => {
  it('keeps the same customers for a season, more as the percent grows, others in the next', async () => {
    const { measure, clock } = rooms
    const ids = Array.from({ length: 2000 }, (_, i) => `cus_${i}`)
    const out = async () => {
      clock.advance(3_000)
      return new Set(ids.filter(await measure.seasons.heldOut()))
    }
    expect((await out()).size).toBe(0)
    expect(await measure.seasons.setPercent(5)).toBe(false)
    await measure.seasons.begin('春季', 5)
    const first = await out()
    expect(first.size).toBeGreaterThan(60)
    expect(first.size).toBeLessThan(140)
    expect(await out()).toEqual(first)
    await measure.seasons.setPercent(10)
    const more = await out()
    expect(more.size).toBeGreaterThan(first.size)
    expect([...first].every((id) => more.has(id))).toBe(true)
    await measure.seasons.begin('夏季', 10)
    const next = await out()
    expect([...next].filter((id) => more.has(id)).length).toBeLessThan(60)
    expect((await measure.seasons.list()).map(({ name, until }) => [name, until === null])).toEqual([
      ['夏季', true],
      ['春季', false],
    ])
  })

  it('follows each customer once from the first time anything wanted to reach them', async () => {
    const { measure, entered, customer, clock, tell, order } = rooms
    const season = await measure.seasons.begin('春季', 20)
    const ids = await Promise.all(Array.from({ length: 50 }, (_, i) => customer(`k${i}`)))
    const isOut = await measure.seasons.heldOut()
    const held = ids.filter(isOut)
    await measure.record(
      ids.map((id, i) => entered(`run${i}`, id, { arm: isOut(id) ? 'global_holdout' : i % 2 ? 'treated' : 'holdout' })),
    )
    clock.advance(day)
    await measure.record(ids.map((id, i) => entered(`again${i}`, id)))
    await tell(order(held[0] ?? '', 1_000, 'h'))
    clock.advance(90 * day)
    const { arms, base } = await measure.results.ofSeason(season, 0.2)
    expect(base).toBe('global_holdout')
    expect(arms).toMatchObject([
      { arm: 'treated', customers: 50 - held.length, met: 0 },
      { arm: 'global_holdout', customers: held.length, met: 1, spent: 1_000 },
    ])
  })
})

it('writes the log as a file: in clear, or with marks that lead to nobody', async () => {
  const { measure, entered, customer } = rooms
  const id = await customer('a')
  await measure.record([entered('run1', id), entered('run2', id, { arm: 'holdout' })])
  const text = async (clear: boolean) => {
    const pieces: Uint8Array[] = []
    for await (const piece of measure.log('r1', clear, 'zh')) pieces.push(piece)
    return Buffer.concat(pieces).toString('utf8')
  }
  const open = await text(true)
  expect(open.split('\r\n')).toHaveLength(4)
  expect(open).toContain(`run1,1,,触达,${id},2026-03-02T04:00:00.000Z`)
  const masked = await text(false)
  expect(masked).not.toContain(id)
  expect(masked).not.toContain('run1')
  const marks = masked
    .split('\r\n')
    .slice(1, 3)
    .map((line) => line.split(',')[4])
  expect(new Set(marks).size).toBe(1)
})

import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FactType, NewFact } from '@zhiyin/shared/fact'
import { identity, type Identity } from '../../../server/profile/read.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const day = 86_400_000
const mongo = useMongo()
const who = (value: string): Identity[] => [identity('external_userid', value)].filter((one) => one !== null)

let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let serial = 0

beforeAll(async () => {
  customerEngine(mongo.get(), movableClock())
  await mongo.indexes()
})
beforeEach(() => {
  clock = movableClock()
  engine = customerEngine(mongo.get(), clock)
})

const person = (): Promise<string> => engine.profile.ensureCustomer(who(`wm${++serial}`))

const added = (customerId: string, userid = 'lina'): NewFact => ({
  id: `added:${customerId}:${userid}:${clock.now()}`,
  customerId,
  type: 'contact.added',
  at: clock.date(),
  source: 'wecom',
  payload: { userid },
})
const ordered = (customerId: string, amount: number, orderId = `o${++serial}`, ...names: string[]): NewFact => ({
  id: `order:${orderId}`,
  customerId,
  type: 'order.completed',
  at: clock.date(),
  source: 'ingest',
  payload: { orderId, amount, currency: 'CNY', products: names.map((name) => ({ name })) },
})
const told = async (customerId: string, types: FactType[]) =>
  (await engine.timeline.list(customerId, { types })).reverse().map(({ at, payload }) => ({
    at: at.getTime(),
    to: 'to' in payload ? payload.to : null,
    from: 'from' in payload ? payload.from : undefined,
  }))

describe('a customer’s life', () => {
  it('has a stage and a tier from creation, and is told of both with the first fact', async () => {
    const id = await person()
    expect(await engine.read.view(id)).toMatchObject({ stage: { stage: 'potential' }, tier: { tier: 'C' } })
    await engine.tell(added(id))
    expect(await engine.read.view(id)).toMatchObject({ stage: { stage: 'new' }, tier: { tier: 'C' } })
    expect(await told(id, ['stage.entered'])).toEqual([{ at: clock.now(), from: null, to: 'new' }])
    expect(await told(id, ['tier.changed'])).toEqual([{ at: clock.now(), from: null, to: 'C' }])
  })

  it('a record that a dead process keeps locked holds up nobody else', async () => {
    const [locked, free] = [await person(), await person()]
    const { connection } = mongo.get()
    const dead = await connection.startSession()
    dead.startTransaction()
    await connection
      .collection<{ _id: string; rev: number }>('customers')
      .updateOne({ _id: locked }, { $inc: { rev: 1 } }, { session: dead })
    await engine.facts.append([added(locked), added(free)])
    await expect(engine.drain()).rejects.toThrow('written elsewhere')
    const stages = async () => [
      (await engine.read.view(locked))?.stage.stage,
      (await engine.read.view(free))?.stage.stage,
    ]
    expect(await stages()).toEqual(['potential', 'new'])
    // The server gives the transaction up; the sweep finds what waits.
    await dead.abortTransaction()
    await dead.endSession()
    clock.advance(30_000)
    await engine.sweep()
    expect(await stages()).toEqual(['new', 'new'])
  })

  it('changes tier with an order at once, with the numbers', async () => {
    const id = await person()
    await engine.tell(added(id))
    clock.advance(1000)
    await engine.tell(ordered(id, 30_000))
    const view = await engine.read.view(id)
    expect(view).toMatchObject({
      orders: 1,
      spend: 30_000,
      tier: { tier: 'B' },
      levels: [{ scheme: 'rfm', level: 'b', rfm: { scores: { r: 5, f: 2, m: 2 } } }],
    })
    expect(view?.levels[0]?.because).toEqual([
      { code: 'tier.rfm', params: { r: 5, f: 2, m: 2, days: 0, window: 365, orders: 1, amount: 30_000 } },
      { code: 'tier.next', params: { amount: 20_000, to: 'A' } },
    ])
  })

  it('knows the product bought last, whichever order is told of first, and forgets one sent back', async () => {
    const id = await person()
    const first = ordered(id, 10_000, 'first', '洁面乳')
    clock.advance(day)
    const second = ordered(id, 20_000, 'second', '舒缓精华', '面霜')
    await engine.tell(second, first, ordered(id, 0, 'nameless'))
    expect(await engine.read.view(id)).toMatchObject({ lastProduct: '舒缓精华' })
    await engine.tell({
      ...second,
      id: 'refund:second',
      type: 'order.refunded',
      payload: { orderId: 'second', amount: 20_000, currency: 'CNY' },
    })
    expect(await engine.read.view(id)).toMatchObject({ lastProduct: '洁面乳' })
  })

  it('falls silent at day 30 and is lost at day 90, each at its own moment, when the clock jumps 90 days', async () => {
    const id = await person()
    const start = clock.now()
    await engine.tell(added(id))
    clock.advance(90 * day)
    await engine.sweep()
    expect(await told(id, ['stage.entered'])).toEqual([
      { at: start, from: null, to: 'new' },
      { at: start + 30 * day, from: 'new', to: 'silent' },
      { at: start + 90 * day, from: 'silent', to: 'lost' },
    ])
    expect(engine.matched.filter(({ type, customerId }) => type === 'stage.entered' && customerId === id)).toHaveLength(
      3,
    )
    expect(await engine.read.view(id)).toMatchObject({
      stage: { stage: 'lost', since: new Date(start + 90 * day), because: [{ params: { days: 90, limit: 90 } }] },
    })
  })

  it('tells of the silence before an order that came after it, whichever is worked through first', async () => {
    const id = await person()
    const start = clock.now()
    await engine.tell(added(id))
    clock.advance(40 * day)
    await engine.tell(ordered(id, 10_000))
    expect((await told(id, ['stage.entered'])).map(({ at, to }) => [to, (at - start) / day])).toEqual([
      ['new', 0],
      ['silent', 30],
      ['new', 40],
    ])
  })

  it('folds a fact once, however often it comes and whoever folds at the same time', async () => {
    const id = await person()
    const order = ordered(id, 10_000)
    await Promise.all([engine.facts.append([order]), engine.facts.append([order]), engine.facts.append([order])])
    await Promise.all(Array.from({ length: 6 }, () => engine.deliver([id])))
    expect(await engine.read.view(id)).toMatchObject({ orders: 1, spend: 10_000 })
    expect(await told(id, ['tier.changed', 'stage.entered'])).toHaveLength(2)
    expect(await engine.timeline.awaiting([id], 'rules', 10)).toEqual([])
  })

  it('loses nothing when every nudge is lost: the sweep finds what waits', async () => {
    const id = await person()
    await engine.facts.append([ordered(id, 10_000)])
    engine.nudged.length = 0
    await engine.sweep()
    expect(await engine.read.view(id)).toMatchObject({ orders: 0 })
    clock.advance(6_000)
    await engine.sweep()
    expect(await engine.read.view(id)).toMatchObject({ orders: 1 })
    expect(await engine.backlogs[0]?.count(clock.date())).toMatchObject({ pending: 0 })
  })

  it('nudges after the commit of the transaction it was appended in, and not at all for an unknown one', async () => {
    const id = await person()
    await mongo.get().transaction(async (session) => {
      await engine.facts.append([ordered(id, 10_000)], session)
      expect(engine.nudged).toEqual([])
    })
    expect(engine.nudged).toEqual([{ name: 'facts.deliver', payload: { customerIds: [id] } }])
    await engine.drain()
    expect(await engine.read.view(id)).toMatchObject({ orders: 1 })
  })

  it('works everybody out anew after a change of settings, from now on', async () => {
    const id = await person()
    await engine.tell(added(id))
    clock.advance(20 * day)
    await engine.sweep()
    expect(await engine.read.view(id)).toMatchObject({ stage: { stage: 'new' } })
    const { stages } = await engine.settings.fresh()
    await engine.settings.update({ stages: { ...stages, silentDays: 10 } })
    clock.advance(3_000)
    await engine.sweep()
    expect(await engine.read.view(id)).toMatchObject({ stage: { stage: 'silent', since: clock.date() } })
    await engine.settings.update({ stages })
    clock.advance(3_000)
    await engine.sweep()
    expect(await engine.read.view(id)).toMatchObject({ stage: { stage: 'new' } })
  })
})

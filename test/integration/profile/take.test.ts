import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { identity, type Identity } from '../../../server/profile/read.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let broken = false
let serial = 0

beforeAll(async () => {
  customerEngine(mongo.get(), movableClock())
  await mongo.indexes()
})
beforeEach(() => {
  clock = movableClock()
  engine = customerEngine(mongo.get(), clock, {}, async () => {
    if (broken) throw new Error('no definitions')
    return {}
  })
})

const named = (name: string): Identity[] => [identity('user_id', name)].flatMap((one) => one ?? [])
const person = (): Promise<string> => engine.profile.ensureCustomer(named(`take-${++serial}`))
const ordered = (customerId: string, amount = 30_000, at = clock.date()): NewFact => ({
  id: `take-${++serial}`,
  customerId,
  type: 'order.completed',
  at,
  source: 'ingest',
  payload: { orderId: `take-${serial}`, amount, currency: 'CNY', products: [] },
})
const spendOf = async (id: string): Promise<number | undefined> => (await engine.read.view(id))?.spend
const storedOf = async (id: string): Promise<number> =>
  (await engine.timeline.list(id, { types: ['order.completed'] })).length
const seenOf = (id: string): string[] =>
  engine.matched.filter((fact) => fact.customerId === id && fact.type === 'order.completed').map((fact) => fact.id)

it('counts a fact in the transaction that stores it, and shows it to the rules once', async () => {
  const id = await person()
  const order = ordered(id)
  await engine.profile.take([order])
  expect(await engine.read.view(id)).toMatchObject({ spend: 30_000, tier: { tier: 'B' } })
  expect(await storedOf(id)).toBe(1)
  expect(seenOf(id)).toEqual([])
  await engine.drain()
  await engine.sweep()
  expect(seenOf(id)).toEqual([order.id])
  expect(await spendOf(id)).toBe(30_000)
})

it('shows the rules what waits for them though the process died before it told the queue', async () => {
  const id = await person()
  const order = ordered(id)
  await engine.profile.take([order])
  engine.nudged.length = 0
  clock.advance(10_000)
  await engine.sweep()
  expect(seenOf(id)).toEqual([order.id])
  expect(await spendOf(id)).toBe(30_000)
})

it('counts what comes twice once, together and one after the other, and what comes with it', async () => {
  const [id, other] = [await person(), await person()]
  const order = ordered(id, 100)
  await engine.profile.take([order, order])
  await Promise.all([engine.profile.take([order]), engine.profile.take([order, ordered(id, 20), ordered(other, 3)])])
  await engine.drain()
  expect([await spendOf(id), await spendOf(other)]).toEqual([120, 3])
  expect([await storedOf(id), await storedOf(other)]).toEqual([2, 1])
})

it('lets what is dated ahead wait for its moment', async () => {
  const id = await person()
  await engine.profile.take([ordered(id, 500, new Date(clock.now() + 60_000)), ordered(id, 7)])
  await engine.drain()
  expect(await spendOf(id)).toBe(7)
  clock.advance(60_000)
  await engine.sweep()
  expect(await spendOf(id)).toBe(507)
})

it('brings what is told of a part to who stands for it now', async () => {
  const [whole, part] = [await person(), await person()]
  await engine.profile.identities.merge({ keep: whole, other: part, by: 'lina', note: '' })
  await engine.drain()
  await engine.profile.take([ordered(part, 40), ordered(whole, 2)])
  await engine.drain()
  expect(await spendOf(whole)).toBe(42)
})

it('stores what it cannot fold, and a job folds it', async () => {
  const id = await person()
  broken = true
  // Definitions are kept for two seconds.
  clock.advance(10_000)
  await engine.profile.take([ordered(id, 60)])
  broken = false
  expect([await storedOf(id), await spendOf(id)]).toEqual([1, 0])
  await engine.drain()
  expect(await spendOf(id)).toBe(60)
})

it('does not wait for a customer whom somebody else keeps locked', async () => {
  const [locked, free] = [await person(), await person()]
  const { connection } = mongo.get()
  const dead = await connection.startSession()
  dead.startTransaction()
  await connection
    .collection<{ _id: string; rev: number }>('customers')
    .updateOne({ _id: locked }, { $inc: { rev: 1 } }, { session: dead })
  await engine.profile.take([ordered(locked, 5), ordered(free, 6)])
  expect([await storedOf(locked), await storedOf(free)]).toEqual([1, 1])
  await dead.abortTransaction()
  await dead.endSession()
  await engine.drain()
  expect([await spendOf(locked), await spendOf(free)]).toEqual([5, 6])
})

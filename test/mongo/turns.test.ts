import type { Collection, Document } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rejection, running, type Running } from './harness.ts'

const many = 20_000
let run: Running
let items: Collection<Document & { _id: number }>

beforeAll(async () => {
  run = await running('no')
  items = run.client.db('turns').collection('items')
})
afterAll(() => run.stop())
beforeEach(async () => {
  await items.drop()
  await items.createIndex({ even: 1 })
  await items.insertMany(Array.from({ length: many }, (_each, i) => ({ _id: i, even: i % 2 === 0, n: i % 100 })))
})

const together = 8

/** Which is over first: several long commands, sent first and together longer than one turn on any machine, or a short one behind them. */
const first = async (long: () => Promise<unknown>, short: () => Promise<unknown>): Promise<string> => {
  const all = (times: number, command: () => Promise<unknown>) => Promise.all(Array.from({ length: times }, command))
  // Each has its connection before the race.
  await all(together + 1, () => items.countDocuments({ even: true, n: 1000 }))
  const longs = all(together, long)
  const one = short()
  const over = await Promise.race([longs.then(() => 'long'), one.then(() => 'short')])
  await Promise.all([longs, one])
  return over
}
const short = (): Promise<unknown> => items.updateOne({ _id: 7 }, { $set: { n: -1 } })

it.each([
  ['count', () => items.countDocuments({ n: { $gt: 1000 } })],
  ['find', () => items.find({ n: 5 }, { batchSize: many }).toArray()],
  ['sorted find', () => items.find({ n: 5 }).sort({ n: -1 }).toArray()],
  ['distinct', () => items.distinct('n')],
])('a long %s lets a write pass', async (_name, long) => {
  expect(await first(long, short)).toBe('short')
})

it('a long count in an index lets a write pass', async () => {
  // An index is read so quickly that only a large one takes many turns.
  const large = run.client.db('turns').collection<Document & { _id: number }>('large')
  await large.createIndex({ even: 1 })
  await large.insertMany(Array.from({ length: 15 * many }, (_each, i) => ({ _id: i, even: i % 2 === 0 })))
  expect(await first(() => large.countDocuments({ even: { $in: [true, false] } }), short)).toBe('short')
})

it('what is read in turns is whole', async () => {
  const found = items.find({ n: { $gte: 0 } }, { batchSize: 1000 }).toArray()
  await Promise.all(Array.from({ length: 50 }, () => short()))
  const ids = new Set((await found).map(({ _id }) => _id))
  expect(ids.size).toBeGreaterThanOrEqual(many - 1)
  expect(await items.countDocuments({ n: { $gte: 0 } })).toBe(many - 1)
})

it('a read ends when the index or the collection it reads is dropped', async () => {
  const counting = rejection(items.countDocuments({ even: true, n: 1000 }))
  await items.dropIndex('even_1')
  expect(await counting).toMatchObject({ code: 175 })
  const again = rejection(items.countDocuments({ n: 1000 }))
  await items.drop()
  expect(await again).toMatchObject({ code: 175 })
})

it('a cursor answers one getMore at a time', async () => {
  const { cursor } = await run.client.db('turns').command({ find: 'items', filter: { n: { $ne: 5 } }, batchSize: 1 })
  const more = () => run.client.db('turns').command({ getMore: cursor.id, collection: 'items' })
  const both = await Promise.allSettled([more(), more()])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 12051 } })
})

import { rm } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { MongoServerError, type Collection, type Document } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Engine } from '../../sandbox/mongo/store/engine.ts'
import { rejection, running, type Running } from './harness.ts'

/** Enough for many turns. */
const many = 20_000
let run: Running
let items: Collection<Document & { _id: number }>

beforeAll(async () => {
  run = await running()
  items = run.client.db('builds').collection('items')
})
afterAll(() => run.stop())
beforeEach(async () => {
  await items.drop()
  await items.insertMany(
    Array.from({ length: many }, (_each, i) => ({ _id: i, n: i, even: i % 2 === 0, tags: [i % 3, i % 5] })),
  )
})

/** Begins a build and does the rest while it is at work; tells whether it still was at the end. */
const amid = async (build: Promise<unknown>, work: () => Promise<unknown>): Promise<boolean> => {
  let over = false
  const built = build.finally(() => (over = true))
  built.catch(() => undefined)
  await work()
  const amidst = !over
  await built
  return amidst
}
const valid = async (): Promise<void> =>
  expect(await run.client.db('builds').command({ validate: 'items' })).toMatchObject({ valid: true, errors: [] })
const names = async (): Promise<unknown[]> => (await items.indexes()).map(({ name }) => name)

/** Whether an index that is there or being built is so no more. */
const dropped = (name: string): Promise<boolean> =>
  items.dropIndex(name).then(
    () => true,
    (error: unknown) => {
      if (error instanceof MongoServerError && error.code === 27) return false
      throw error
    },
  )

describe('an index being built', () => {
  it('lets others pass and has what they write', async () => {
    const build = items.createIndexes([{ key: { n: 1 }, unique: true }, { key: { tags: 1, even: -1 } }])
    const within = await amid(build, async () => {
      await run.client.db('admin').command({ ping: 1 })
      await items.insertMany([
        { _id: -1, n: -1, tags: [9] },
        { _id: many, n: many, tags: [9] },
      ])
      await items.updateMany({ _id: { $in: [3, many - 3] } }, { $inc: { n: 5 * many }, $set: { tags: [] } })
      await items.deleteMany({ _id: { $in: [4, many - 4] } })
      expect(await names()).toEqual(['_id_'])
    })
    expect(within).toBe(true)
    expect(await names()).toEqual(['_id_', 'n_1', 'tags_1_even_-1'])
    expect((await items.find({ tags: 9 }).toArray()).map(({ _id }) => _id)).toEqual([-1, many])
    await valid()
  })

  it('of a unique key fails in the end over two documents that have it, and is not there', async () => {
    await items.updateOne({ _id: 9 }, { $set: { n: many - 1 } })
    expect(await rejection(items.createIndex({ n: 1 }, { unique: true }))).toMatchObject({
      code: 11000,
      message: `E11000 duplicate key error collection: builds.items index: n_1 dup key: { n: ${many - 1} }`,
      keyPattern: { n: 1 },
      keyValue: { n: many - 1 },
    })
    expect(await names()).toEqual(['_id_'])
    await items.insertOne({ _id: many, n: 5 })
    await valid()
  })

  it('of a unique key takes what is written twice meanwhile, and fails over it in the end', async () => {
    const build = items.createIndex({ n: 1 }, { unique: true })
    expect(await rejection(amid(build, () => items.insertOne({ _id: -1, n: many - 1 })))).toMatchObject({ code: 11000 })
    expect(await items.countDocuments({ _id: -1 })).toBe(1)
    expect(await names()).toEqual(['_id_'])
  })

  it.each([
    ['is deleted', (_id: number) => items.deleteOne({ _id })],
    ['is changed', (_id: number) => items.updateOne({ _id }, { $set: { n: 7 * many } })],
  ])('of a unique key does not mind what was there twice and %s before the end', async (_how, away) => {
    for (const mended of [5, many - 5]) {
      await items.updateOne({ _id: 5 }, { $set: { n: many - 5 } })
      expect(await amid(items.createIndex({ n: 1 }, { unique: true }), () => away(mended))).toBe(true)
      await valid()
      expect(await rejection(items.insertOne({ _id: -1, n: 6 }))).toMatchObject({ code: 11000 })
      await items.dropIndex('n_1')
      await items.replaceOne({ _id: mended }, { n: mended }, { upsert: true })
    }
  })

  it('is waited for by whoever asks for it too', async () => {
    const twice = await Promise.all([items.createIndex({ n: 1 }), items.createIndex({ n: 1 })])
    expect(twice).toEqual(['n_1', 'n_1'])
    expect(await names()).toEqual(['_id_', 'n_1'])
    await valid()
  })

  it('is given up when it or its collection is dropped', async () => {
    const first = rejection(items.createIndex({ n: 1 }))
    while (!(await dropped('n_1')));
    expect(await first).toMatchObject({ code: 276 })
    expect(await names()).toEqual(['_id_'])
    const second = rejection(items.createIndex({ n: 1 }))
    await items.drop()
    expect(await second).toMatchObject({ code: 276 })
  })

  it('is not seen by a transaction from before its end, which is told to begin again', async () => {
    const session = run.client.startSession()
    try {
      session.startTransaction()
      await items.updateOne({ _id: 1 }, { $set: { n: 2 } }, { session })
      await items.createIndex({ n: 1 }, { unique: true })
      expect(await rejection(session.commitTransaction())).toMatchObject({ code: 112 })
      session.startTransaction()
      await items.findOne({ _id: 1 }, { session })
      await items.createIndex({ even: 1 })
      const late = await rejection(items.countDocuments({ even: true }, { session }))
      expect(late).toMatchObject({ code: 246 })
    } finally {
      await session.endSession()
    }
    await valid()
  })
})

it('what a build leaves behind when the server ends is swept', async () => {
  const other = await running()
  const docs = other.client.db('builds').collection('items')
  await docs.insertMany(Array.from({ length: many }, (_each, n) => ({ n })))
  const build = rejection(docs.createIndex({ n: 1 }))
  await other.client.db('admin').command({ ping: 1 })
  await other.server.close()
  await build
  const fail = (cause: unknown): never => {
    throw cause
  }
  const before = new Engine(other.folder, fail)
  expect(before.catalog.garbage()).toHaveLength(1)
  expect(before.catalog.get('builds.items')?.indexes).toEqual([])
  before.sweepInBackground()
  await before.close()
  const after = new Engine(other.folder, fail)
  after.sweepInBackground()
  while (after.catalog.garbage().length > 0) await nextTurn()
  expect([...after.storage.index.getKeys({ limit: 1 })]).toEqual([])
  await after.close()
  await other.client.close()
  await rm(other.folder, { recursive: true })
})

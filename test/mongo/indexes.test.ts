import * as fc from 'fast-check'
import type { Db, Document } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseSort, sortBy } from '../../sandbox/mongo/query/sort.ts'
import { rejection, running, type Running } from './harness.ts'

const RUNS = Number(process.env.INDEX_RUNS ?? 60)

let run: Running
let db: Db

beforeAll(async () => {
  run = await running()
  db = run.client.db('indexes')
})
afterAll(() => run.stop())
beforeEach(() => db.dropDatabase())

const scalar = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('a', 'b', 'ab', '', null, true, 1.5, NaN))
const value = fc.oneof({ weight: 5, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) })
const doc = fc.record(
  { a: value, b: scalar, c: scalar, s: fc.array(fc.record({ x: scalar, y: scalar }), { maxLength: 2 }) },
  { requiredKeys: [] },
)
const condition = fc.oneof(
  scalar,
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), scalar)
    .map(([op, operand]): Document => ({ [op]: operand })),
  fc.tuple(scalar, scalar).map(([low, high]): Document => ({ $gte: low, $lt: high })),
  fc.constantFrom<Document>({ $exists: true }, { $exists: false }, { $regex: '^a' }, { $not: { $gt: 1 } }),
  fc.array(scalar, { minLength: 1, maxLength: 2 }).map((list): Document => ({ $all: list })),
  fc.array(scalar, { maxLength: 2 }).map((list): Document => ({ $nin: list })),
  fc.nat(2).map((n): Document => ({ $size: n })),
  fc.tuple(scalar, scalar).map(([low, high]): Document => ({ $elemMatch: { $gte: low, $lte: high } })),
  fc.array(scalar, { maxLength: 2 }).map((list): Document => ({ $eq: list })),
)
const fields = fc.constantFrom('a', 'b', 'c', 's.x', 's.y')
const flat = fc.dictionary(fields, condition, { maxKeys: 3, noNullPrototype: true })
const filter = fc.oneof(
  { weight: 4, arbitrary: flat },
  {
    weight: 1,
    arbitrary: fc.array(flat, { minLength: 1, maxLength: 2 }).map((clauses): Document => ({ $or: clauses })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('$and', '$nor'), fc.array(flat, { minLength: 1, maxLength: 2 }))
      .map(([name, clauses]): Document => ({ [name]: clauses })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(flat, flat, flat).map(([both, one, other]): Document => ({ ...both, $or: [one, other] })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ x: scalar, y: condition }).map((inner): Document => ({ s: { $elemMatch: inner } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.record({ x: scalar, y: condition }), { minLength: 2, maxLength: 2 })
      .map((both): Document => ({ $and: both.map((inner) => ({ s: { $elemMatch: inner } })) })),
  },
)
const sort = fc.dictionary(fields, fc.constantFrom(1, -1), { maxKeys: 2, noNullPrototype: true })

/** The documents sorted in memory; those of equal keys stay as they lie, so a list in order comes back unchanged. */
const inOrder = (docs: readonly Document[], order: Document): Document[] =>
  sortBy(docs, parseSort(order), (item) => item)

/** Whether two documents have the same sort keys. */
function ties(one: Document, other: Document | undefined, order: Document): boolean {
  if (other === undefined) return false
  return inOrder([one, other], order)[0] === one && inOrder([other, one], order)[0] === other
}

describe('indexes', () => {
  it('never change what a query finds, nor its order', async () => {
    const plain = db.collection<Document & { _id: number }>('plain')
    const indexed = db.collection<Document & { _id: number }>('indexed')
    await indexed.createIndexes([
      { key: { a: 1, b: -1 } },
      { key: { b: 1, c: 1 } },
      { key: { c: -1 } },
      { key: { 's.x': 1, 's.y': 1 } },
      { key: { a: -1 }, sparse: true, name: 'sparse' },
      { key: { b: 1, a: 1 }, partialFilterExpression: { c: { $gt: 0 } }, name: 'partial' },
    ])
    await fc.assert(
      fc.asyncProperty(
        fc.array(doc, { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(filter, sort, fc.integer({ min: 1, max: 5 })), { minLength: 6, maxLength: 6 }),
        async (docs, queries) => {
          const stored = docs.map((item, _id) => ({ _id, ...item }))
          for (const coll of [plain, indexed]) {
            await coll.deleteMany({})
            await coll.insertMany(stored)
          }
          for (const [query, order, limit] of queries) {
            // What an expression asks of the whole document makes all of it be read.
            const whole = { $and: [query, { $expr: { $ne: ['$$ROOT', null] } }] }
            const expected = await plain.find(whole).sort({ _id: 1 }).toArray()
            const found = await indexed.find(query).toArray()
            expect(await indexed.countDocuments(query), JSON.stringify(query)).toBe(expected.length)
            expect(
              found.sort((x, y) => x._id - y._id),
              JSON.stringify(query),
            ).toEqual(expected)
            if (Object.keys(order).length === 0) continue
            const [all, some, top] = await Promise.all([
              indexed.find(query).sort(order).toArray(),
              indexed.find(query).sort(order).limit(limit).toArray(),
              plain.find(query).sort(order).limit(limit).toArray(),
            ])
            expect(inOrder(all, order), JSON.stringify([query, order])).toEqual(all)
            expect(all.map(({ _id }) => _id).sort((x, y) => x - y)).toEqual(expected.map(({ _id }) => _id))
            expect(some).toHaveLength(top.length)
            some.forEach((item, i) =>
              expect(ties(item, top[i], order), JSON.stringify([query, order, limit])).toBe(true),
            )
          }
        },
      ),
      { numRuns: RUNS },
    )
    expect(await db.command({ validate: 'indexed' })).toMatchObject({ valid: true, errors: [] })
  })

  it('word duplicate keys as MongoDB does', async () => {
    const items = db.collection('items')
    await items.createIndex({ corp: 1, key: 1 }, { unique: true })
    await items.insertOne({ corp: 'c', key: 5 })
    expect(await rejection(items.insertOne({ corp: 'c', key: 5 }))).toMatchObject({
      code: 11000,
      message:
        'E11000 duplicate key error collection: indexes.items index: corp_1_key_1 dup key: { corp: "c", key: 5 }',
      keyPattern: { corp: 1, key: 1 },
      keyValue: { corp: 'c', key: 5 },
    })
    const many = await rejection(
      items.insertMany([{ corp: 'd' }, { corp: 'c', key: 5 }, { corp: 'e' }], { ordered: false }),
    )
    expect(many).toMatchObject({ code: 11000 })
    expect(await items.countDocuments()).toBe(3)
    await items.insertOne({ corp: 'c', key: 6 })
    expect(await rejection(items.createIndex({ corp: 1 }, { unique: true }))).toMatchObject({ code: 11000 })
    expect(
      await rejection(items.createIndex({ corp: 1 }, Object.assign({}, { sparse: true, partialFilterExpression: {} }))),
    ).toMatchObject({ code: 67 })
    expect(await rejection(items.createIndex({ corp: 1, key: 1 }, { name: 'other' }))).toMatchObject({ code: 85 })
  })

  it('are unique among the documents of a partial filter only', async () => {
    const items = db.collection('items')
    await items.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { open: true } })
    await items.insertMany([{ key: 1, open: true }, { key: 1, open: false }, { key: 1 }])
    expect(await rejection(items.updateOne({ open: false }, { $set: { open: true } }))).toMatchObject({ code: 11000 })
    await items.updateOne({ open: true }, { $set: { open: false } })
    await items.updateOne({ open: { $exists: false } }, { $set: { open: true } })
    expect(
      await items
        .find({ key: 1, open: true })
        .explain()
        .then(({ queryPlanner }: Document) => String(queryPlanner.winningPlan.inputStage.indexName)),
    ).toBe('key_1')
  })

  it('make documents expire', async () => {
    const items = db.collection('items')
    await items.createIndex({ at: 1 }, { expireAfterSeconds: 60 })
    await items.insertMany([
      { at: new Date(Date.now() - 61_000) },
      { at: new Date() },
      { at: 'never' },
      { at: [new Date(5), new Date()] },
      {},
    ])
    await run.client.db('admin').command({ setParameter: 1, ttlMonitorSleepSecs: 1 })
    for (let i = 0; i < 60 && (await items.countDocuments()) > 3; i++)
      await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await items.countDocuments()).toBe(3)
    expect((await db.command({ validate: 'items' })).valid).toBe(true)
  })

  it('let a limited query read only what it needs', async () => {
    const items = db.collection('items')
    await items.insertMany(
      Array.from({ length: 5000 }, (_, n) => ({ state: n % 2 === 0 ? 'x' : 'y', dueAt: new Date(n) })),
    )
    await items.createIndex({ state: 1, dueAt: 1 })
    const query = { state: { $in: ['x', 'y'] }, dueAt: { $lte: new Date(4000) } }
    const found = await items
      .find(query)
      .sort({ dueAt: -1 })
      .limit(4)
      .map(({ dueAt }) => Number(dueAt))
      .toArray()
    expect(found).toEqual([4000, 3999, 3998, 3997])
  })
})

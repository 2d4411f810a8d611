import {
  Decimal128,
  Double,
  Int32,
  Long,
  MongoClient,
  ObjectId,
  Timestamp,
  UUID,
  type Collection,
  type Db,
  type Document,
} from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rejection, running, type Running } from './harness.ts'

let run: Running
let db: Db
let things: Collection

beforeAll(async () => {
  run = await running()
  db = run.client.db('driver')
})
afterAll(() => run.stop())
beforeEach(async () => {
  await db.dropDatabase()
  things = db.collection('things')
})

describe('connecting', () => {
  it('works with and without the replica set in the connection string', async () => {
    for (const query of ['?replicaSet=zhiyin&directConnection=true', '?replicaSet=zhiyin', '']) {
      const client = await MongoClient.connect(`mongodb://127.0.0.1:${run.server.port}/x${query}`)
      expect((await client.db().command({ ping: 1 })).ok).toBe(1)
      expect((await client.db('admin').command({ hello: 1 })).setName).toBe('zhiyin')
      await client.close()
    }
  })

  it('is watched with one question that is answered again and again, until the server leaves', async () => {
    const watched = await running()
    const told: string[] = []
    const client = new MongoClient(watched.server.uri, { heartbeatFrequencyMS: 500 })
    client.on('serverHeartbeatSucceeded', ({ awaited }) => void told.push(`ok ${awaited}`))
    const failed = new Promise<number>((resolve) => client.once('serverHeartbeatFailed', () => resolve(Date.now())))
    await client.connect()
    await expect.poll(() => told.slice(0, 3), { timeout: 10_000 }).toEqual(['ok true', 'ok true', 'ok true'])
    const stoppedAt = Date.now()
    await watched.server.close()
    expect((await failed) - stoppedAt).toBeLessThan(400)
    await client.close()
    await watched.stop()
  })

  it('names what it does not know', async () => {
    expect(await rejection(db.command({ fly: 1 }))).toMatchObject({
      code: 59,
      codeName: 'CommandNotFound',
      message: `no such command: 'fly'`,
    })
    expect(await rejection(db.command({ find: 'things', flter: {} }))).toMatchObject({
      code: 40415,
      message: `BSON field 'find.flter' is an unknown field.`,
    })
    expect(await rejection(things.watch().next())).toMatchObject({ code: 40573 })
    expect(await rejection(things.find({ $text: { $search: 'x' } }).toArray())).toMatchObject({ code: 238 })
  })
})

describe('documents', () => {
  it('come back with every BSON type as it was', async () => {
    const doc = {
      _id: new ObjectId(),
      int: new Int32(1),
      double: new Double(1),
      long: Long.fromString('9007199254740993'),
      decimal: Decimal128.fromString('1.10'),
      date: new Date(5),
      uuid: new UUID(),
      stamp: new Timestamp({ t: 5, i: 1 }),
      list: [1, [2], { a: null }],
      text: '知音😀\0x',
      pattern: /^a.b/i,
    }
    await things.insertOne(doc)
    await things.updateOne({ _id: doc._id }, { $set: { extra: true }, $inc: { int: 1 } })
    const back = await things.findOne({ _id: doc._id }, { promoteValues: false, promoteLongs: false })
    expect(back).toEqual({ ...doc, int: new Int32(2), list: [new Int32(1), [new Int32(2)], { a: null }], extra: true })
  })

  it('come back whole at every size, by _id, by index and from a scan', async () => {
    const sizes = [0, 1, 100, 4_000, 5_000, 40_000, 140_000, 1_000_000, 9_000_000]
    const docs = sizes.map((size, i) => ({
      _id: new ObjectId(),
      i,
      text: '知'.repeat(size / 3) + 'x'.repeat(size % 3),
    }))
    for (const doc of docs) await things.insertOne(doc)
    await things.createIndex({ i: 1 })
    for (const doc of docs) {
      expect(await things.findOne({ _id: doc._id })).toEqual(doc)
      expect(await things.findOne({ i: doc.i })).toEqual(doc)
    }
    expect(
      await things
        .find({ i: { $gte: 3 } })
        .sort({ i: -1 })
        .toArray(),
    ).toEqual(docs.slice(3).reverse())
    expect(await things.find({ text: { $type: 'string' } }).toArray()).toEqual(docs)
  })

  it('are refused with MongoDB codes', async () => {
    await things.insertOne({ a: { b: 1 }, s: 'text' })
    const update = (change: Document): Promise<unknown> => things.updateOne({ a: { b: 1 } }, change)
    expect(await rejection(update({ $set: { _id: 2 } }))).toMatchObject({ code: 66 })
    expect(await rejection(update({ $set: { a: 1, 'a.b': 2 } }))).toMatchObject({ code: 40 })
    expect(await rejection(update({ $fly: { a: 1 } }))).toMatchObject({ code: 9 })
    expect(await rejection(update({ $inc: { s: 1 } }))).toMatchObject({ code: 14 })
    expect(await rejection(update({ $set: { 's.x': 1 } }))).toMatchObject({ code: 28 })
    expect(await rejection(update({ $push: { s: 1 } }))).toMatchObject({ code: 2 })
    expect(await rejection(things.insertOne({ big: 'x'.repeat(17 * 1024 * 1024) }))).toBeDefined()
    expect(await rejection(things.find({ a: { $fly: 1 } }).toArray())).toMatchObject({
      code: 2,
      message: 'unknown operator: $fly',
    })
    expect(await things.findOne({}, { projection: { _id: 0 } })).toEqual({ a: { b: 1 }, s: 'text' })
  })

  it('are found by null, arrays and nested arrays as MongoDB finds them', async () => {
    await things.insertMany([
      { n: 1, a: null },
      { n: 2 },
      { n: 3, a: [1, 5] },
      { n: 4, a: [{ b: 1 }, {}] },
      { n: 5, a: [] },
      { n: 6, a: 7 },
    ])
    const found = async (filter: Document): Promise<number[]> =>
      (await things.find(filter).sort({ n: 1 }).toArray()).map(({ n }) => Number(n))
    expect(await found({ a: null })).toEqual([1, 2])
    expect(await found({ 'a.b': null })).toEqual([1, 2, 4, 6])
    expect(await found({ a: { $gt: 4 } })).toEqual([3, 6])
    expect(await found({ a: { $gt: 4, $lt: 2 } })).toEqual([3])
    expect(await found({ a: { $elemMatch: { $gt: 4, $lt: 6 } } })).toEqual([3])
    expect(await found({ a: [1, 5] })).toEqual([3])
    expect(await found({ a: { $size: 0 } })).toEqual([5])
    expect(await found({ 'a.0': 1 })).toEqual([3])
    expect(await found({ a: { $exists: false } })).toEqual([2])
    expect(await found({ a: { $ne: null } })).toEqual([3, 4, 5, 6])
    expect(await found({ a: { $type: 'array' } })).toEqual([3, 4, 5])
    expect(await found({ $expr: { $gt: ['$n', 4] } })).toEqual([5, 6])
  })
})

describe('updates', () => {
  it('mean the element that was found, also when they change what it was found by', async () => {
    await things.insertOne({ list: [{ n: 1 }, { n: 2 }] })
    await things.updateOne(
      { list: { $elemMatch: { n: 2 } } },
      { $set: { 'list.$.n': 3, 'list.$.hit': true }, $inc: { 'list.$.times': 1 } },
    )
    expect((await things.findOne({}))?.list).toEqual([{ n: 1 }, { n: 3, hit: true, times: 1 }])
  })

  it('reach into arrays by position, all and filter', async () => {
    await things.insertOne({ k: 1, list: [{ n: 1 }, { n: 2 }, { n: 3 }] })
    await things.updateOne({ 'list.n': 2 }, { $set: { 'list.$.hit': true } })
    await things.updateOne({ k: 1 }, { $inc: { 'list.$[].n': 10 } })
    await things.updateOne(
      { k: 1 },
      { $set: { 'list.$[big].big': true } },
      { arrayFilters: [{ 'big.n': { $gte: 13 } }] },
    )
    expect((await things.findOne({}))?.list).toEqual([{ n: 11 }, { n: 12, hit: true }, { n: 13, big: true }])
    const lists = db.collection<{ list: { n: number }[]; set?: number[] }>('things')
    await lists.updateOne(
      {},
      { $push: { list: { $each: [{ n: 0 }], $sort: { n: 1 }, $slice: 2 } }, $addToSet: { set: { $each: [1, 1, 2] } } },
    )
    expect(await things.findOne({}, { projection: { _id: 0, list: 1, set: 1 } })).toEqual({
      list: [{ n: 0 }, { n: 11 }],
      set: [1, 2],
    })
  })

  it('upsert with what the filter says, once under concurrency', async () => {
    await things.createIndex({ key: 1 }, { unique: true })
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        things.findOneAndUpdate(
          { key: 'k', 'sub.x': 1 },
          { $inc: { n: 1 }, $setOnInsert: { first: true } },
          { upsert: true, returnDocument: 'after' },
        ),
      ),
    )
    expect(await things.findOne({}, { projection: { _id: 0 } })).toEqual({
      key: 'k',
      sub: { x: 1 },
      n: 20,
      first: true,
    })
    expect(new Set(results.map((doc) => Number(doc?.n))).size).toBe(20)
  })

  it('run pipelines and leave number classes alone', async () => {
    await things.insertOne({ a: new Double(2), b: new Int32(3), c: Long.fromNumber(4) })
    await things.updateMany({}, [{ $set: { sum: { $add: ['$a', '$b'] }, copy: '$c' } }, { $unset: 'b' }])
    expect(await things.findOne({}, { promoteValues: false, promoteLongs: false, projection: { _id: 0 } })).toEqual({
      a: new Double(2),
      c: Long.fromNumber(4),
      sum: new Int32(5),
      copy: new Int32(4),
    })
  })

  it('change by a pipeline what is nested, and leave the rest of it', async () => {
    await things.insertOne({ in: { a: new Double(2), b: 3, gone: 4 }, list: [{ n: 1 }], x: 1 })
    const doubled = { $map: { input: '$list', as: 'one', in: { $mergeObjects: [{ m: 2 }, '$$one'] } } }
    await things.updateMany({}, [{ $set: { 'in.b': 5, 'in.c': [], list: doubled } }, { $unset: 'in.gone' }])
    expect(await things.findOne({}, { promoteValues: false, projection: { _id: 0 } })).toEqual({
      in: { a: new Double(2), b: new Int32(5), c: [] },
      list: [{ m: new Int32(2), n: new Int32(1) }],
      x: new Int32(1),
    })
  })

  it('come as bulkWrite of a collection and of the client', async () => {
    const result = await things.bulkWrite([
      { insertOne: { document: { n: 1 } } },
      { updateOne: { filter: { n: 1 }, update: { $set: { m: 1 } } } },
      { replaceOne: { filter: { n: 2 }, replacement: { n: 2 }, upsert: true } },
      { deleteOne: { filter: { n: 1 } } },
    ])
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 })
    const both = await run.client.bulkWrite([
      { namespace: 'driver.a', name: 'insertOne', document: { n: 1 } },
      { namespace: 'driver.b', name: 'updateOne', filter: { n: 1 }, update: { $set: { m: 1 } }, upsert: true },
    ])
    expect(both).toMatchObject({ insertedCount: 1, upsertedCount: 1 })
  })
})

describe('cursors', () => {
  it('walk through ten thousand documents and can be closed', async () => {
    await things.insertMany(Array.from({ length: 10_000 }, (_, n) => ({ n, pad: 'x'.repeat(50) })))
    await things.createIndex({ n: 1 })
    let next = 9_999
    for await (const { n } of things
      .find({ n: { $gte: 0 } })
      .sort({ n: -1 })
      .batchSize(700))
      expect(n).toBe(next--)
    expect(next).toBe(-1)
    const cursor = things.find().batchSize(10)
    await cursor.next()
    await cursor.close()
    expect(await rejection(db.command({ getMore: Long.fromNumber(99), collection: 'things' }))).toMatchObject({
      code: 43,
    })
    expect(
      await things
        .find({ n: { $gt: 10 } })
        .sort({ n: 1 })
        .skip(5)
        .limit(3)
        .map(({ n }) => Number(n))
        .toArray(),
    ).toEqual([16, 17, 18])
  })
})

describe('aggregation', () => {
  it('joins, groups, splits and writes', async () => {
    await things.insertMany([
      { k: 1, who: 'a', n: 2 },
      { k: 2, who: 'b', n: 3 },
      { k: 3, who: 'a', n: 4 },
    ])
    await db.collection('people').insertMany([
      { code: 'a', name: 'Ann' },
      { code: 'b', name: 'Bob' },
    ])
    const joined = await things
      .aggregate([
        { $group: { _id: '$who', total: { $sum: '$n' } } },
        { $lookup: { from: 'people', localField: '_id', foreignField: 'code', as: 'person' } },
        { $unwind: '$person' },
        { $sort: { total: -1 } },
        { $project: { _id: 0, name: '$person.name', total: 1 } },
      ])
      .toArray()
    expect(joined).toEqual([
      { name: 'Ann', total: 6 },
      { name: 'Bob', total: 3 },
    ])
    const [facets] = await things
      .aggregate([
        { $facet: { count: [{ $count: 'n' }], top: [{ $sort: { n: -1 } }, { $limit: 1 }, { $unset: '_id' }] } },
      ])
      .toArray()
    expect(facets).toEqual({ count: [{ n: 3 }], top: [{ k: 3, who: 'a', n: 4 }] })
    await things.aggregate([{ $match: { who: 'a' } }, { $out: 'copy' }]).toArray()
    expect(await db.collection('copy').countDocuments()).toBe(2)
    await things.aggregate([{ $set: { seen: true } }, { $merge: { into: 'copy', whenMatched: 'merge' } }]).toArray()
    expect(await db.collection('copy').countDocuments({ seen: true })).toBe(3)
    expect(
      await things.aggregate([{ $match: { n: { $gt: 2 } } }, { $unionWith: 'people' }, { $count: 'all' }]).toArray(),
    ).toEqual([{ all: 4 }])
    expect(await things.distinct('who')).toEqual(['a', 'b'])
  })
})

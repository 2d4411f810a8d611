import { connect } from 'node:net'
import { BSON, Long, UUID, type Db, type Document } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rejection, running, sendRaw, type Running } from './harness.ts'

let run: Running
let db: Db

beforeAll(async () => {
  run = await running()
  db = run.client.db('behaviour')
})
afterAll(() => run.stop())
beforeEach(() => db.dropDatabase())

/** Sends the old OP_QUERY that drivers begin with, and reads the OP_REPLY. */
async function legacy(command: Document): Promise<Document> {
  const body = BSON.serialize(command)
  const name = Buffer.from('admin.$cmd\0')
  const head = Buffer.alloc(20)
  head.writeInt32LE(28 + name.length + body.length, 0)
  head.writeInt32LE(7, 4)
  head.writeInt32LE(2004, 12)
  const socket = connect(run.server.port, '127.0.0.1')
  socket.write(Buffer.concat([head, name, Buffer.from([0, 0, 0, 0, 255, 255, 255, 255]), body]))
  for await (const chunk of socket) {
    if (!Buffer.isBuffer(chunk)) continue
    expect([chunk.readInt32LE(8), chunk.readInt32LE(12), chunk.readInt32LE(32)]).toEqual([7, 1, 1])
    return BSON.deserialize(chunk.subarray(36))
  }
  throw new Error('no answer')
}

describe('talking', () => {
  it('begins with the old opcode as well', async () => {
    expect(await legacy({ isMaster: 1, helloOk: true })).toMatchObject({
      ismaster: true,
      helloOk: true,
      setName: 'zhiyin',
      maxBsonObjectSize: 16777216,
      ok: 1,
    })
    expect(await legacy({ fly: 1 })).toMatchObject({ ok: 0, code: 59 })
  })

  it('takes messages in pieces and several in one', async () => {
    const body = BSON.serialize({ ping: 1, $db: 'admin' })
    const head = Buffer.alloc(21)
    head.writeInt32LE(21 + body.length, 0)
    head.writeInt32LE(2013, 12)
    const one = Buffer.concat([head, body])
    const socket = connect(run.server.port, '127.0.0.1')
    const bytes = Buffer.concat([one, one, one])
    for (const at of [0, 3, 30]) {
      socket.write(bytes.subarray(at, at === 0 ? 3 : at === 3 ? 30 : bytes.length))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    let seen = 0
    for await (const chunk of socket) {
      seen += Buffer.isBuffer(chunk) ? chunk.length : 0
      if (seen >= 3 * 34) break
    }
    expect(seen).toBe(3 * 34)
  })

  it('keeps cursors until they are read, killed or their session ends', async () => {
    await db.collection('things').insertMany(Array.from({ length: 30 }, (_, n) => ({ n })))
    const first = await db.command({ find: 'things', batchSize: 10, sort: { n: 1 } })
    expect(first.cursor.firstBatch).toHaveLength(10)
    const second = await db.command({ getMore: first.cursor.id, collection: 'things', batchSize: 15 })
    expect(second.cursor.nextBatch.map(({ n }: Document) => Number(n))).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 10),
    )
    expect(await db.command({ killCursors: 'things', cursors: [first.cursor.id, Long.fromNumber(9)] })).toMatchObject({
      cursorsKilled: [first.cursor.id],
      cursorsNotFound: [Long.fromNumber(9).toNumber()],
    })
    const gone = rejection(db.command({ getMore: first.cursor.id, collection: 'things' }))
    expect(await gone).toMatchObject({ code: 43 })
    expect((await db.command({ find: 'things', batchSize: 0 })).cursor.firstBatch).toEqual([])
    const single = await db.command({ find: 'things', batchSize: 5, singleBatch: true })
    expect([Number(single.cursor.id), single.cursor.firstBatch.length]).toEqual([0, 5])
  })
})

describe('retried writes', () => {
  const lsid = (): Document => ({ id: new UUID() })

  it('are applied once when the retry comes while the first try is at work', async () => {
    await db.collection<Document & { _id: string }>('things').insertOne({ _id: 'a', n: 0 })
    const command = {
      update: 'things',
      updates: [{ q: { _id: 'a' }, u: { $inc: { n: 1 } } }],
      lsid: lsid(),
      txnNumber: Long.fromNumber(1),
      $db: 'behaviour',
    }
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendRaw(run.server.port, command)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ n: 1, nModified: 1, ok: 1 })]),
    )
    expect((await db.collection('things').findOne({}))?.n).toBe(1)
  })

  it('are applied once for inserts, findAndModify and bulkWrite; an older number is refused', async () => {
    const session = lsid()
    const send = (command: Document, txnNumber: number): Promise<Document> =>
      sendRaw(run.server.port, { ...command, lsid: session, txnNumber: Long.fromNumber(txnNumber), $db: 'behaviour' })
    const inserted = { insert: 'things', documents: [{ _id: 1 }, { _id: 2 }] }
    expect(await send(inserted, 1)).toEqual(await send(inserted, 1))
    const modified = { findAndModify: 'things', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true }
    expect(await send(modified, 2)).toMatchObject({ value: { _id: 1, n: 1 } })
    expect(await send(modified, 2)).toMatchObject({ value: { _id: 1, n: 1 }, lastErrorObject: { n: 1 } })
    const bulk = {
      bulkWrite: 1,
      ops: [
        { insert: 0, document: { _id: 3 } },
        { update: 0, filter: { _id: 2 }, updateMods: { $inc: { n: 1 } } },
      ],
      nsInfo: [{ ns: 'behaviour.things' }],
    }
    const sendBulk = (): Promise<Document> =>
      sendRaw(run.server.port, { ...bulk, lsid: session, txnNumber: Long.fromNumber(3), $db: 'admin' })
    expect(await sendBulk()).toMatchObject({ nInserted: 1, nModified: 1, nErrors: 0 })
    expect(await sendBulk()).toMatchObject({ nInserted: 1, nModified: 1, nErrors: 0 })
    expect(await send(modified, 2)).toMatchObject({ ok: 0, code: 225 })
    expect(await db.collection('things').find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
      { _id: 3 },
    ])
  })
})

describe('collation', () => {
  it('compares by a language where asked', async () => {
    const things = db.collection('things')
    await things.createIndex({ name: 1 })
    await things.insertMany(['émile', 'Emile', 'emil', 'item 10', 'item 9', '王', '李', '张'].map((name) => ({ name })))
    const names = async (filter: Document, collation: Document, sorted = false): Promise<string[]> => {
      const command = { find: 'things', filter, collation, ...(sorted ? { sort: { name: 1 } } : {}) }
      return (await db.command(command)).cursor.firstBatch.map(({ name }: Document) => String(name))
    }
    expect(await names({ name: 'EMILE' }, { locale: 'en', strength: 2 })).toEqual(['Emile'])
    expect(await names({ name: 'EMILE' }, { locale: 'en', strength: 1 })).toEqual(['émile', 'Emile'])
    expect(await names({ name: { $in: ['EMIL'] } }, { locale: 'en', strength: 2 })).toEqual(['emil'])
    expect(await names({ name: /^item/ }, { locale: 'en', numericOrdering: true }, true)).toEqual(['item 9', 'item 10'])
    expect(await names({ name: { $gt: '一' } }, { locale: 'simple' })).toHaveLength(3)
    expect(await names({ name: { $in: ['王', '李', '张'] } }, { locale: 'zh' }, true)).toEqual(['李', '王', '张'])
    expect(await things.countDocuments({ name: 'EMILE' }, { hint: '_id_' })).toBe(0)
    await things.updateOne({ name: 'EMILE' }, { $set: { hit: true } }, { collation: { locale: 'en', strength: 2 } })
    expect(await things.findOne({ hit: true })).toMatchObject({ name: 'Emile' })
    expect(await rejection(things.find({}, { collation: { locale: 'no such place' } }).toArray())).toMatchObject({
      code: 2,
    })
    expect(await rejection(things.distinct('name', {}, { collation: { locale: 'en' } }))).toMatchObject({ code: 238 })
  })
})

describe('telling about itself', () => {
  it('counts, measures and checks', async () => {
    const things = db.collection('things')
    await things.insertMany(Array.from({ length: 50 }, (_, n) => ({ n, pad: 'x'.repeat(100) })))
    await things.createIndex({ n: 1 })
    const stats = await db.command({ collStats: 'things' })
    expect(stats).toMatchObject({ ns: 'behaviour.things', count: 50, nindexes: 2, capped: false })
    expect(Number((await db.command({ collStats: 'things', scale: 1024 })).size)).toBe(Math.trunc(stats.size / 1024))
    expect(await db.command({ dbStats: 1 })).toMatchObject({ db: 'behaviour', collections: 1, objects: 50, indexes: 2 })
    expect(await things.aggregate([{ $collStats: { count: {}, storageStats: {} } }]).toArray()).toMatchObject([
      { ns: 'behaviour.things', count: 50, storageStats: { count: 50, size: stats.size } },
    ])
    expect(await db.command({ validate: 'things' })).toMatchObject({
      valid: true,
      nrecords: 50,
      keysPerIndex: { _id_: 50, n_1: 50 },
    })
    const status = await db.admin().command({ serverStatus: 1 })
    expect(status.opcounters.insert).toBeGreaterThan(0)
    expect(status.connections.current).toBeGreaterThan(0)
    const [listed] = await db.listCollections({ name: 'things' }).toArray()
    expect(listed).toMatchObject({ name: 'things', type: 'collection' })
  })

  it('explains which index a command uses', async () => {
    const things = db.collection('things')
    await things.insertMany(Array.from({ length: 20 }, (_, n) => ({ n, m: n % 3, tags: ['a', `t${n}`] })))
    await things.createIndexes([{ key: { m: 1, n: 1 } }, { key: { tags: 1 } }, { key: { n: 1 }, name: 'by n' }])
    const plan = async (command: Document): Promise<string> => {
      const { queryPlanner } = await db.command({ explain: command, verbosity: 'queryPlanner' })
      const stages: string[] = []
      for (let stage = queryPlanner.winningPlan; stage !== undefined; stage = stage.inputStage)
        stages.push(stage.indexName === undefined ? stage.stage : `${stage.stage} ${stage.indexName}`)
      return stages.join(' < ')
    }
    expect(await plan({ find: 'things', filter: { _id: 5 } })).toBe('IDHACK')
    expect(await plan({ find: 'things', filter: { x: 5 } })).toBe('COLLSCAN')
    expect(await plan({ find: 'things', filter: { m: 1 }, sort: { n: -1 } })).toBe('FETCH < IXSCAN m_1_n_1')
    expect(await plan({ find: 'things', filter: { tags: 'a' }, sort: { m: 1 } })).toBe('SORT < FETCH < IXSCAN tags_1')
    expect(await plan({ find: 'things', filter: { n: { $gt: 5 } } })).toBe('FETCH < IXSCAN by n')
    expect(await plan({ find: 'things', filter: { n: { $gt: 5 } }, hint: { m: 1, n: 1 } })).toBe(
      'FETCH < IXSCAN m_1_n_1',
    )
    expect(await plan({ count: 'things', query: { n: 5 } })).toBe('FETCH < IXSCAN by n')
    expect(await plan({ aggregate: 'things', pipeline: [{ $match: { n: 5 } }], cursor: {} })).toBe(
      'FETCH < IXSCAN by n',
    )
    expect(await plan({ update: 'things', updates: [{ q: { n: 5 }, u: { $set: { x: 1 } } }] })).toBe(
      'FETCH < IXSCAN by n',
    )
    expect(await plan({ find: 'things', filter: { n: 'x' }, collation: { locale: 'en' } })).toBe('COLLSCAN')
    expect(await things.aggregate([{ $match: { n: 5 } }]).explain()).toMatchObject({ executionStats: { nReturned: 1 } })
  })
})

describe('pipelines', () => {
  it('walk graphs, look through windows, take samples and put together', async () => {
    const people = db.collection<Document & { _id: string }>('people')
    await people.insertMany([
      { _id: 'a', boss: null, n: 1 },
      { _id: 'b', boss: 'a', n: 2 },
      { _id: 'c', boss: 'b', n: 3 },
      { _id: 'd', boss: 'a', n: 4 },
    ])
    const graph = [
      { $match: { _id: 'c' } },
      {
        $graphLookup: {
          from: 'people',
          startWith: '$boss',
          connectFromField: 'boss',
          connectToField: '_id',
          as: 'up',
          depthField: 'depth',
        },
      },
    ]
    const [walked] = await people.aggregate(graph).toArray()
    expect(walked?.up.map(({ _id, depth }: Document) => [_id, depth])).toEqual([
      ['b', 0],
      ['a', 1],
    ])
    const windowed = await people
      .aggregate([
        {
          $setWindowFields: {
            sortBy: { n: 1 },
            output: { sum: { $sum: '$n', window: { documents: ['unbounded', 'current'] } }, rank: { $rank: {} } },
          },
        },
        { $project: { _id: 0, sum: 1, rank: 1 } },
      ])
      .toArray()
    expect(windowed).toEqual([
      { sum: 1, rank: 1 },
      { sum: 3, rank: 2 },
      { sum: 6, rank: 3 },
      { sum: 10, rank: 4 },
    ])
    expect(await people.aggregate([{ $sample: { size: 2 } }]).toArray()).toHaveLength(2)
    const looked = await people
      .aggregate([
        {
          $lookup: {
            from: 'people',
            let: { me: '$_id' },
            pipeline: [{ $match: { $expr: { $eq: ['$boss', '$$me'] } } }, { $sort: { n: 1 } }],
            as: 'team',
          },
        },
        { $project: { team: '$team._id' } },
        { $sort: { _id: 1 } },
      ])
      .toArray()
    expect(looked).toEqual([
      { _id: 'a', team: ['b', 'd'] },
      { _id: 'b', team: ['c'] },
      { _id: 'c', team: [] },
      { _id: 'd', team: [] },
    ])
    expect(
      await people
        .aggregate([{ $bucket: { groupBy: '$n', boundaries: [0, 3, 9], output: { ids: { $push: '$_id' } } } }])
        .toArray(),
    ).toEqual([
      { _id: 0, ids: ['a', 'b'] },
      { _id: 3, ids: ['c', 'd'] },
    ])
    expect(await people.aggregate([{ $group: { _id: null, all: { $push: '$$ROOT' } } }]).toArray()).toMatchObject([
      { all: [{ _id: 'a', n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }] },
    ])
    expect(await people.aggregate([{ $sortByCount: '$boss' }, { $limit: 1 }]).toArray()).toEqual([
      { _id: 'a', count: 2 },
    ])
    expect(
      await people.aggregate([{ $set: { 'deep.n': '$n' } }, { $unset: 'n' }, { $match: { 'deep.n': 2 } }]).toArray(),
    ).toEqual([{ _id: 'b', boss: 'a', deep: { n: 2 } }])
  })

  it('merge by key in every way asked for', async () => {
    const totals = db.collection<Document & { _id: number }>('totals')
    const merge = async (docs: Document[], options: Document): Promise<Document[]> => {
      await totals.deleteMany({})
      await totals.insertOne({ _id: 1, n: 1, old: true })
      await db.aggregate([{ $documents: docs }, { $merge: { into: 'totals', ...options } }]).toArray()
      return totals.find().sort({ _id: 1 }).toArray()
    }
    const docs = [
      { _id: 1, n: 5 },
      { _id: 2, n: 6 },
    ]
    expect(await merge(docs, {})).toEqual([
      { _id: 1, n: 5, old: true },
      { _id: 2, n: 6 },
    ])
    expect(await merge(docs, { whenMatched: 'replace', whenNotMatched: 'discard' })).toEqual([{ _id: 1, n: 5 }])
    expect(await merge(docs, { whenMatched: 'keepExisting' })).toEqual([
      { _id: 1, n: 1, old: true },
      { _id: 2, n: 6 },
    ])
    const add = [{ $set: { n: { $add: ['$n', '$$new.n'] } } }]
    expect(await merge(docs, { whenMatched: add })).toEqual([
      { _id: 1, n: 6, old: true },
      { _id: 2, n: 6 },
    ])
    expect(await rejection(merge(docs, { whenNotMatched: 'fail' }))).toMatchObject({ code: 13113 })
    expect(await rejection(merge(docs, { on: 'n' }))).toMatchObject({ code: 51183 })
  })
})

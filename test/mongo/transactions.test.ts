import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Long, MongoClient, UUID, type Db } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startMongo } from '../../sandbox/mongo/server.ts'
import { rejection, running, sendRaw, type Running } from './harness.ts'

let run: Running
let db: Db

interface Counter {
  _id: string
  n: number
}

beforeAll(async () => {
  run = await running()
  db = run.client.db('tx')
})
afterAll(() => run.stop())
beforeEach(() => db.dropDatabase())

describe('transactions', () => {
  it('show their own writes inside and nothing outside until the commit', async () => {
    const items = db.collection<Counter>('items')
    await items.insertMany([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
    ])
    await items.createIndex({ n: 1 })
    const session = run.client.startSession()
    session.startTransaction()
    await items.updateOne({ _id: 'a' }, { $set: { n: 10 } }, { session })
    await items.deleteOne({ _id: 'b' }, { session })
    await items.insertOne({ _id: 'c', n: 3 }, { session })
    const inside = await items.find({ n: { $gt: 0 } }, { session, sort: { n: 1 } }).toArray()
    expect(inside.map(({ _id, n }) => [_id, n])).toEqual([
      ['c', 3],
      ['a', 10],
    ])
    expect(await items.countDocuments({ n: { $in: [1, 2] } })).toBe(2)
    await items.insertOne({ _id: 'd', n: 4 })
    expect(await items.countDocuments({}, { session })).toBe(2)
    await session.commitTransaction()
    await session.commitTransaction()
    expect((await items.find().sort({ n: 1 }).toArray()).map(({ _id }) => _id)).toEqual(['c', 'd', 'a'])
    expect((await db.command({ validate: 'items' })).valid).toBe(true)
    await session.endSession()
  })

  it('leave nothing behind when aborted', async () => {
    const items = db.collection<Counter>('items')
    await items.insertOne({ _id: 'a', n: 1 })
    const session = run.client.startSession()
    session.startTransaction()
    await items.updateOne({ _id: 'a' }, { $inc: { n: 5 } }, { session })
    const waiting = items.updateOne({ _id: 'a' }, { $inc: { n: 100 } })
    await session.abortTransaction()
    await waiting
    expect(await items.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 101 })
    expect(
      await rejection(items.findOne({}, { session: Object.assign(session) }).then(() => session.commitTransaction())),
    ).toBeDefined()
    await session.endSession()
  })

  it('conflict when the document changed after the snapshot or is being written', async () => {
    const items = db.collection<Counter>('items')
    await items.insertMany([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 1 },
    ])
    const [first, second] = [run.client.startSession(), run.client.startSession()]
    first.startTransaction()
    second.startTransaction()
    await items.findOne({ _id: 'b' }, { session: second })
    await items.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: first })
    const lost = await rejection(items.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: second }))
    expect(lost.code).toBe(112)
    expect(lost.errorLabelSet).toContain('TransientTransactionError')
    await first.commitTransaction()
    expect(await rejection(items.updateOne({ _id: 'b' }, { $inc: { n: 1 } }, { session: second }))).toMatchObject({
      code: 251,
    })
    await second.abortTransaction()
    await Promise.all([first.endSession(), second.endSession()])
    expect(await items.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 2 })
  })

  /** Runs transactions side by side, each adding one to two documents. */
  async function addUp(pairs: readonly (readonly [string, string])[]): Promise<Record<string, number>> {
    const items = db.collection<Counter>('items')
    await items.insertMany(['a', 'b', 'c'].map((_id) => ({ _id, n: 0 })))
    const one = ([first, second]: readonly [string, string]): Promise<void> =>
      run.client.withSession((session) =>
        session.withTransaction(async () => {
          await items.updateOne({ _id: first }, { $inc: { n: 1 } }, { session })
          await items.updateOne({ _id: second }, { $inc: { n: 1 } }, { session })
        }),
      )
    await Promise.all(pairs.map(one))
    return Object.fromEntries((await items.find().toArray()).map(({ _id, n }) => [_id, n]))
  }

  it('add up when a hundred of them change the same few documents', async () => {
    const sums = await addUp(Array.from({ length: 100 }, (_, i) => ['a', i % 2 === 0 ? 'b' : 'c'] as const))
    expect(sums).toEqual({ a: 100, b: 50, c: 50 })
  })

  it('add up when they take the same documents in opposite order', async () => {
    const sums = await addUp(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const))),
    )
    expect(sums).toEqual({ a: 20, b: 20, c: 0 })
  })

  it('refuse duplicate keys and are then over', async () => {
    const items = db.collection<Counter & { key?: string }>('items')
    await items.createIndex({ key: 1 }, { unique: true })
    await items.insertOne({ _id: 'a', n: 1, key: 'k' })
    const session = run.client.startSession()
    session.startTransaction()
    await items.insertOne({ _id: 'b', n: 1, key: 'l' }, { session })
    expect(await rejection(items.insertOne({ _id: 'c', n: 1, key: 'k' }, { session }))).toMatchObject({
      code: 11000,
      message: 'E11000 duplicate key error collection: tx.items index: key_1 dup key: { key: "k" }',
    })
    expect(await rejection(session.commitTransaction())).toMatchObject({ code: 251 })
    await session.endSession()
    expect(await items.countDocuments()).toBe(1)
  })
})

describe('a document everybody wants', () => {
  /** Seconds that `count` transactions take which each add one to the same document. */
  async function crowd(count: number): Promise<number> {
    const items = db.collection<Counter>('items')
    await items.updateOne({ _id: 'hot' }, { $set: { n: 0 } }, { upsert: true })
    const client = await MongoClient.connect(run.server.uri, { maxPoolSize: count })
    const add = (): Promise<unknown> =>
      client.withSession((session) =>
        session.withTransaction(() =>
          client
            .db('tx')
            .collection<Counter>('items')
            .updateOne({ _id: 'hot' }, { $inc: { n: 1 } }, { session }),
        ),
      )
    await add()
    const began = performance.now()
    await Promise.all(Array.from({ length: count - 1 }, add))
    const seconds = (performance.now() - began) / 1000
    await client.close()
    expect((await items.findOne({ _id: 'hot' }))?.n).toBe(count)
    return seconds
  }

  it('is given to one after the other, without all trying each time', async () => {
    const few = await crowd(50)
    const many = await crowd(400)
    expect(many / 400).toBeLessThan((few / 50) * 4)
  })

  it('lets plain writes and transactions through in turn', async () => {
    const items = db.collection<Counter>('items')
    await items.insertOne({ _id: 'hot', n: 0 })
    const plain = Array.from({ length: 60 }, () => items.updateOne({ _id: 'hot' }, { $inc: { n: 1 } }))
    const inside = Array.from({ length: 60 }, () =>
      run.client.withSession((session) =>
        session.withTransaction(async () => {
          await items.findOne({ _id: 'hot' }, { session })
          await items.updateOne({ _id: 'hot' }, { $inc: { n: 1 } }, { session })
        }),
      ),
    )
    await Promise.all([...plain, ...inside])
    expect((await items.findOne({ _id: 'hot' }))?.n).toBe(120)
  })
})

describe('a transaction left open', () => {
  it('is given up after the limit; who waits for it goes on', async () => {
    const items = db.collection<Counter>('items')
    await items.insertOne({ _id: 'a', n: 1 })
    const admin = run.client.db('admin')
    await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 1 })
    const session = run.client.startSession()
    session.startTransaction()
    await items.updateOne({ _id: 'a' }, { $inc: { n: 10 } }, { session })
    await items.updateOne({ _id: 'a' }, { $inc: { n: 100 } })
    expect(await items.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 101 })
    const late = await rejection(items.updateOne({ _id: 'a' }, { $inc: { n: 10 } }, { session }))
    expect(late).toMatchObject({ code: 251 })
    expect(late.errorLabelSet).toContain('TransientTransactionError')
    await session.abortTransaction()
    await session.endSession()
    await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 60 })
  })
})

describe('closing', () => {
  it('lets the writes at work finish and refuses the others; what was acknowledged is there', async () => {
    for (let round = 0; round < 5; round++) {
      const folder = await mkdtemp(join(tmpdir(), 'zhiyin-close-'))
      const server = await startMongo({ port: 0, dataDir: folder })
      const client = await MongoClient.connect(server.uri, {
        retryWrites: false,
        retryReads: false,
        serverSelectionTimeoutMS: 200,
      })
      const items = client.db('tx').collection<Counter>('items')
      const acknowledged: string[] = []
      const failures = new Set<string>()
      const lane = async (name: number): Promise<void> => {
        for (let i = 0; ; i++) {
          const _id = `${name}.${i}`
          await items.insertOne({ _id, n: i })
          acknowledged.push(_id)
          await items.updateMany({ n: { $lt: 5 } }, { $inc: { n: 1 } })
          await items.find().limit(50).toArray()
        }
      }
      const transactions = async (): Promise<void> => {
        for (;;)
          await client.withSession((session) =>
            session.withTransaction(() =>
              items.updateOne({ _id: 'hot' }, { $inc: { n: 1 } }, { session, upsert: true }),
            ),
          )
      }
      const note = (cause: unknown): void => void failures.add(cause instanceof Error ? cause.message : String(cause))
      const lanes = [...Array.from({ length: 12 }, (_, n) => lane(n).catch(note)), transactions().catch(note)]
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(0), 10_000)
      await new Promise((resolve) => setTimeout(resolve, 40 * round))
      await server.close()
      await client.close()
      await Promise.all(lanes)
      for (const message of failures)
        expect(message).toMatch(
          /shutting down|connect|closed|ECONNREFUSED|interrupted|aborted|selection|topology|pool/i,
        )
      for (const message of failures) expect(message).not.toMatch(/closed database/)
      const again = await startMongo({ port: 0, dataDir: folder })
      const reader = await MongoClient.connect(again.uri)
      const stored = await reader.db('tx').collection<Counter>('items').distinct('_id')
      const missing = acknowledged.filter((id) => !stored.includes(id))
      expect(missing).toEqual([])
      expect(acknowledged.length).toBeGreaterThan(0)
      expect((await reader.db('tx').command({ validate: 'items' })).valid).toBe(true)
      await reader.close()
      await again.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('retryable writes', () => {
  it('are applied once and answered the same, also after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhiyin-retry-'))
    const lsid = { id: new UUID() }
    const updates = [{ q: { _id: 'x' }, u: { $inc: { n: 1 } }, upsert: true }]
    const command = { update: 'retry', updates, lsid, txnNumber: Long.fromNumber(1), $db: 'tx' }
    const answers: unknown[] = []
    for (let start = 0; start < 2; start++) {
      const server = await startMongo({ port: 0, dataDir: folder })
      const client = await MongoClient.connect(server.uri)
      for (let i = 0; i < 2; i++) {
        answers.push(await sendRaw(server.port, command))
      }
      expect(await client.db('tx').collection<Counter>('retry').findOne({ _id: 'x' })).toEqual({ _id: 'x', n: 1 })
      await client.close()
      await server.close()
    }
    expect(answers).toEqual(
      Array.from({ length: 4 }, () => ({ n: 1, nModified: 0, upserted: [{ index: 0, _id: 'x' }], ok: 1 })),
    )
    await rm(folder, { recursive: true, force: true })
  })
})

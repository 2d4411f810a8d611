import * as fc from 'fast-check'
import { Decimal128, Long, ObjectId, type Document } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { running, type Running } from './harness.ts'

let mongo: Running
beforeAll(async () => {
  mongo = await running()
})
afterAll(() => mongo.stop())

/** Two ids alike for so long are in no order in an index (sandbox/mongo/README.md); those on 2 and 3 happen to be. */
const long = 'x'.repeat(1000)
const ids: readonly unknown[] = [
  'a', 'b', '上海', `${long}2`, `${long}3`, '', 1, 1.5, Long.fromNumber(7), Decimal128.fromString('0.1'), null, true, new Date(3),
  new ObjectId('0'.repeat(24)), { a: 1 }, { a: [1] },
] // prettier-ignore
const asked = fc.constantFrom<unknown>(...ids, 'none', Decimal128.fromString('7'), Long.fromNumber(1), /^x/, ['a'], {
  a: Long.fromNumber(1),
})
const filter: fc.Arbitrary<Document> = fc.oneof(
  asked.map((_id) => ({ _id })),
  fc.array(asked, { maxLength: 8 }).map(($in) => ({ _id: { $in } })),
  fc.tuple(fc.array(asked, { maxLength: 8 }), fc.integer({ min: 0, max: 20 })).map(([$in, n]) => ({
    _id: { $in },
    n: { $lt: n },
  })),
)
const options = fc.constantFrom(
  {},
  { sort: { _id: -1 } },
  { sort: { n: 1 } },
  { skip: 1, limit: 2 },
  { sort: { $natural: -1 } },
)

it('documents asked for by _id are those, in that order, that reading all of them finds', async () => {
  const coll = mongo.client.db('ids').collection('docs')
  await coll.insertMany(ids.map((_id, n): Document => ({ _id, n })))
  await fc.assert(
    fc.asyncProperty(filter, options, async (query, how) => {
      const straight = await coll.find(query, how).toArray()
      const byPlan = await coll.find(query, { ...how, hint: '_id_' }).toArray()
      expect(straight).toEqual(byPlan)
    }),
    { numRuns: 120 },
  )
})

it('a transaction finds its own versions by _id', async () => {
  const coll = mongo.client.db('ids').collection<{ _id: string; n?: number }>('versions')
  await coll.insertMany([{ _id: 'gone' }, { _id: 'changed' }, { _id: 'same' }])
  await mongo.client.withSession((session) =>
    session.withTransaction(async () => {
      await coll.deleteOne({ _id: 'gone' }, { session })
      await coll.updateOne({ _id: 'changed' }, { $set: { n: 1 } }, { session })
      await coll.insertOne({ _id: 'new' }, { session })
      const found = await coll.find({ _id: { $in: ['new', 'gone', 'changed', 'same'] } }, { session }).toArray()
      expect(found).toEqual([{ _id: 'changed', n: 1 }, { _id: 'new' }, { _id: 'same' }])
    }),
  )
})

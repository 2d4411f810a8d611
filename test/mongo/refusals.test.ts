import { Binary, Long, type Db, type Document } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rejection, running, sendRaw, type Running } from './harness.ts'

let run: Running
let db: Db

beforeAll(async () => {
  run = await running()
  db = run.client.db('refusals')
})
afterAll(() => run.stop())
beforeEach(async () => {
  await db.dropDatabase()
  await db.collection('things').insertMany([
    { n: 1, list: [1, 2], sub: { x: 1 }, s: 'text' },
    { n: 2, list: [{ x: 1 }], s: 'other' },
  ])
})

/** The code a raw command is refused with; 0 when it is not. */
async function code(command: Document): Promise<number> {
  const reply = await sendRaw(run.server.port, { ...command, $db: 'refusals' })
  return Number(reply.code ?? reply.writeErrors?.[0]?.code ?? 0)
}

describe('refused with the code MongoDB gives', () => {
  const updates: [string, Document | Document[], number][] = [
    ['a changed _id', { $set: { _id: 5 } }, 66],
    ['a part of _id', { $set: { '_id.x': 5 } }, 66],
    ['_id taken away', { $unset: { _id: 1 } }, 66],
    ['_id changed by a replacement', { _id: 5 }, 66],
    ['_id changed by a pipeline', [{ $set: { _id: 5 } }], 66],
    ['the same path twice', { $set: { n: 1 }, $inc: { n: 1 } }, 40],
    ['a path inside another', { $set: { sub: {} }, $unset: { 'sub.x': 1 } }, 40],
    ['rename onto a path written', { $rename: { n: 'sub' }, $set: { 'sub.x': 1 } }, 40],
    ['rename onto itself', { $rename: { n: 'n' } }, 2],
    ['an unknown operator', { $fly: { n: 1 } }, 9],
    ['operators and fields mixed', { $set: { n: 1 }, m: 1 }, 9],
    ['fields and operators mixed', { m: 1, $set: { n: 1 } }, 52],
    ['an operator without fields', { $set: 5 }, 9],
    ['a name that begins with a dollar', { $set: { 'sub.$x': 1 } }, 52],
    ['an empty name', { $set: { '': 1 } }, 56],
    ['an empty part of a name', { $set: { 'sub..x': 1 } }, 56],
    ['$inc of text', { $inc: { s: 1 } }, 14],
    ['$inc by text', { $inc: { n: 'x' } }, 14],
    ['$mul of text', { $mul: { s: 2 } }, 14],
    ['$push to a number', { $push: { n: 1 } }, 2],
    ['$addToSet to a number', { $addToSet: { n: 1 } }, 2],
    ['$pop by 2', { $pop: { list: 2 } }, 9],
    ['$pull from a number', { $pull: { n: 1 } }, 2],
    ['$pullAll without a list', { $pullAll: { list: 1 } }, 2],
    ['a field inside a number', { $set: { 'n.x': 1 } }, 28],
    ['a field inside a list', { $set: { 'list.x': 1 } }, 28],
    ['$bit of text', { $bit: { s: { and: 1 } } }, 2],
    ['an unknown $currentDate', { $currentDate: { at: { $type: 'year' } } }, 2],
    ['$ without an array in the query', { $set: { 'list.$': 1 } }, 2],
    ['an unnamed array filter', { $set: { 'list.$[who]': 1 } }, 2],
    ['a stage not for updates', [{ $group: { _id: 1 } }], 72],
    ['an unknown clause of $push', { $push: { list: { $each: [1], $fly: 1 } } }, 2],
  ]
  it.each(updates)('update: %s', async (_name, u, expected) => {
    expect(await code({ update: 'things', updates: [{ q: { n: 1 }, u }] })).toBe(expected)
    expect(await db.collection('things').findOne({ n: 1 }, { projection: { _id: 0 } })).toEqual({
      n: 1,
      list: [1, 2],
      sub: { x: 1 },
      s: 'text',
    })
  })

  const queries: [string, Document, number][] = [
    ['an unknown operator', { n: { $fly: 1 } }, 2],
    ['an unknown top-level operator', { $fly: 1 }, 2],
    ['$in without a list', { n: { $in: 1 } }, 2],
    ['$or without a list', { $or: {} }, 2],
    ['an empty $and', { $and: [] }, 2],
    ['$not of a number', { n: { $not: 1 } }, 2],
    ['$expr within $elemMatch', { list: { $elemMatch: { $expr: true } } }, 2],
    ['$expr deeper within $elemMatch', { list: { $elemMatch: { $or: [{ $expr: true }] } } }, 2],
    ['$size below zero', { list: { $size: -1 } }, 2],
    ['$mod by zero', { n: { $mod: [0, 1] } }, 2],
    ['an unknown type', { n: { $type: 'flower' } }, 2],
    ['a broken pattern', { s: { $regex: '(' } }, 51091],
    ['a bad flag', { s: { $regex: 'a', $options: 'q' } }, 51108],
    ['$where', { $where: 'true' }, 238],
    ['$text', { $text: { $search: 'x' } }, 238],
    ['$near', { n: { $near: [1, 2] } }, 238],
    ['$jsonSchema', { $jsonSchema: {} }, 238],
  ]
  it.each(queries)('query: %s', async (_name, filter, expected) => {
    expect(await code({ find: 'things', filter })).toBe(expected)
    expect(await code({ delete: 'things', deletes: [{ q: filter, limit: 1 }] })).toBe(expected)
    expect(await db.collection('things').countDocuments()).toBe(2)
  })

  const commands: [string, Document, number][] = [
    ['an unknown command', { fly: 1 }, 59],
    ['an unknown option', { find: 'things', flter: {} }, 40415],
    [
      'an unknown option of a statement',
      { update: 'things', updates: [{ q: {}, u: { $set: { n: 1 } }, x: 1 }] },
      40415,
    ],
    ['a name with a dollar', { create: 'a$b' }, 73],
    ['an empty name', { find: '' }, 73],
    ['a filter that is a number', { find: 'things', filter: 5 }, 14],
    ['a sort that is a number', { find: 'things', sort: 5 }, 14],
    ['a sort by 2', { find: 'things', sort: { n: 2 } }, 15975],
    ['a skip below zero', { find: 'things', skip: -1 }, 51024],
    ['a projection of both kinds', { find: 'things', projection: { n: 1, s: 0 } }, 31254],
    ['a hint to no index', { find: 'things', hint: 'none' }, 2],
    ['no documents', { insert: 'things', documents: [] }, 16],
    ['no updates', { update: 'things', updates: [] }, 16],
    ['a limit of 2', { delete: 'things', deletes: [{ q: {}, limit: 2 }] }, 9],
    ['a list as _id', { insert: 'things', documents: [{ _id: [1] }] }, 53],
    ['a pattern as _id', { insert: 'things', documents: [{ _id: /a/ }] }, 53],
    ['a collection that exists', { create: 'things' }, 48],
    ['a pipeline that is no list', { aggregate: 'things', pipeline: {}, cursor: {} }, 14],
    ['no cursor', { aggregate: 'things', pipeline: [] }, 9],
    ['an unknown stage', { aggregate: 'things', pipeline: [{ $fly: 1 }], cursor: {} }, 40324],
    ['two stages in one', { aggregate: 'things', pipeline: [{ $limit: 1, $skip: 1 }], cursor: {} }, 40323],
    ['an unknown expression', { aggregate: 'things', pipeline: [{ $project: { a: { $fly: 1 } } }], cursor: {} }, 31325],
    ['$out in the middle', { aggregate: 'things', pipeline: [{ $out: 'x' }, { $limit: 1 }], cursor: {} }, 40601],
    ['a limit of zero', { aggregate: 'things', pipeline: [{ $limit: 0 }], cursor: {} }, 15958],
    ['change streams', { aggregate: 'things', pipeline: [{ $changeStream: {} }], cursor: {} }, 40573],
    ['getMore of no cursor', { getMore: Long.fromNumber(7), collection: 'things' }, 43],
    ['no index keys', { createIndexes: 'things', indexes: [{ key: {}, name: 'x' }] }, 67],
    ['a text index', { createIndexes: 'things', indexes: [{ key: { s: 'text' }, name: 'x' }] }, 67],
    ['an unknown index option', { createIndexes: 'things', indexes: [{ key: { s: 1 }, name: 'x', fly: 1 }] }, 197],
    ['the _id index dropped', { dropIndexes: 'things', index: '_id_' }, 72],
    ['an index that is not there dropped', { dropIndexes: 'things', index: 'none' }, 27],
    ['indexes of no collection', { listIndexes: 'none' }, 26],
    ['a capped collection', { create: 'capped', capped: true, size: 5 }, 238],
    ['a view', { create: 'view', viewOn: 'things', pipeline: [] }, 238],
    ['commit without a transaction', { commitTransaction: 1 }, 125],
    ['users', { saslStart: 1, mechanism: 'PLAIN', payload: new Binary() }, 18],
    ['findAndModify that does nothing', { findAndModify: 'things', query: {} }, 9],
    ['findAndModify that does both', { findAndModify: 'things', query: {}, remove: true, update: {} }, 9],
    [
      'an array filter not used',
      { update: 'things', updates: [{ q: {}, u: { $set: { n: 1 } }, arrayFilters: [{ 'x.a': 1 }] }] },
      9,
    ],
  ]
  it.each(commands)('%s', async (_name, command, expected) => {
    expect(await code(command)).toBe(expected)
  })

  it('documents over 16 MiB, inserted, grown and put together', async () => {
    const things = db.collection('things')
    const half = 'x'.repeat(8.3 * 1024 * 1024)
    const big = await sendRaw(run.server.port, {
      insert: 'things',
      documents: [{ a: half, b: half }],
      $db: 'refusals',
    })
    expect(big).toMatchObject({ writeErrors: [{ code: 10334 }] })
    await things.insertOne({ half })
    expect(await rejection(things.updateOne({ half: { $exists: true } }, { $set: { more: half } }))).toMatchObject({
      code: 17419,
    })
    expect(
      await rejection(
        things
          .aggregate([{ $match: { half: { $exists: true } } }, { $set: { more: '$half', again: '$half' } }])
          .toArray(),
      ),
    ).toMatchObject({ code: 10334 })
  })
})

import { expect, it } from 'vitest'
import { findRaw, readDoc } from '../../server/platform/find-raw.ts'
import { useMongo } from '../support/mongo.ts'

const mongo = useMongo()

it('finds within a transaction what a cursor finds, also in more than one answer', async () => {
  const { connection, transaction } = mongo.get()
  const kept = connection.collection<{ _id: string; at: Date; n: number; list: { x: string }[]; large: string }>('raw')
  const docs = ['a', 'b', 'c', 'd', 'e'].map((_id, n) => ({
    _id,
    at: new Date(n),
    n: n + 0.5,
    list: [{ x: '上海' }],
    large: 'x'.repeat(5_000_000),
  }))
  await kept.insertMany(docs)
  const asked = { filter: { _id: { $ne: 'b' } }, projection: { n: 0 as const }, batchSize: 10 }
  const batches = await transaction(async (session) => {
    await kept.updateOne({ _id: 'c' }, { $set: { at: new Date(99) } }, { session })
    const found: Readonly<Record<string, unknown>>[][] = []
    for await (const batch of findRaw(connection, 'raw', asked, session)) found.push(batch.map(readDoc))
    return found
  })
  // Of 16 MB at most.
  expect(batches.map(({ length }) => length)).toEqual([3, 1])
  const { projection } = asked
  const found = batches.flat().toSorted((a, b) => (String(a['_id']) < String(b['_id']) ? -1 : 1))
  expect(found).toEqual(await kept.find(asked.filter, { projection, sort: { _id: 1 } }).toArray())
  expect(found[1]).toMatchObject({ _id: 'c', at: new Date(99), list: [{ x: '上海' }] })
})

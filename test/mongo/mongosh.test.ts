import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { running, type Running } from './harness.ts'

const mongosh = createRequire(import.meta.url).resolve('mongosh/bin/mongosh.js')

let run: Running

beforeAll(async () => {
  run = await running()
  await run.client
    .db('shop')
    .collection('orders')
    .insertMany([
      { customer: 'a', paid: 5, at: new Date(0) },
      { customer: 'b', paid: 7, at: new Date(0) },
      { customer: 'a', paid: 11, at: new Date(0) },
    ])
  await run.client.db('shop').createCollection('customers')
})
afterAll(() => run.stop())

/** What MongoDB's shell prints for a script; its settings and logs go to the test's own folder. */
async function shell(script: string): Promise<string> {
  const uri = `mongodb://127.0.0.1:${run.server.port}/shop?directConnection=true`
  const home = { HOME: run.folder, XDG_CONFIG_HOME: run.folder, MONGOSH_FORCE_DISABLE_TELEMETRY_FOR_TESTING: '1' }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [mongosh, uri, '--quiet', '--norc', '--eval', script],
    {
      env: { ...process.env, ...home },
    },
  )
  return stdout.trim()
}

it('mongosh shows the collections', async () => {
  expect((await shell('show collections')).split('\n')).toEqual(['customers', 'orders'])
})

it('mongosh finds, aggregates, writes and makes indexes', async () => {
  const script = `
    const answers = {
      found: db.orders.find({ paid: { $gt: 5 } }, { _id: 0, paid: 1 }).sort({ paid: -1 }).toArray(),
      sums: db.orders.aggregate([{ $group: { _id: '$customer', paid: { $sum: '$paid' } } }, { $sort: { _id: 1 } }]).toArray(),
      made: db.orders.createIndexes([{ customer: 1, at: -1 }, { paid: 1 }]),
      names: db.orders.getIndexes().map(({ name }) => name),
      plan: db.orders.find({ paid: 7 }).explain().queryPlanner.winningPlan.inputStage.indexName,
      inserted: db.orders.insertOne({ customer: 'c' }).acknowledged,
      updated: db.orders.updateMany({}, { $inc: { paid: 1 } }).modifiedCount,
      stats: db.orders.stats().count,
      objects: db.stats().objects,
      host: db.hello().isWritablePrimary,
      primary: rs.status().members.length,
      databases: db.adminCommand({ listDatabases: 1 }).databases.map(({ name }) => name),
      valid: db.orders.validate().valid,
      refused: (() => { try { db.orders.insertOne({ _id: [1] }) } catch (error) { return error.code } })(),
    }
    print(EJSON.stringify(answers))`
  expect(JSON.parse(await shell(script))).toEqual({
    found: [{ paid: 11 }, { paid: 7 }],
    sums: [
      { _id: 'a', paid: 16 },
      { _id: 'b', paid: 7 },
    ],
    made: ['customer_1_at_-1', 'paid_1'],
    names: ['_id_', 'customer_1_at_-1', 'paid_1'],
    plan: 'paid_1',
    inserted: true,
    updated: 4,
    stats: 4,
    objects: 4,
    host: true,
    primary: 1,
    databases: ['shop'],
    valid: true,
    refused: 53,
  })
})

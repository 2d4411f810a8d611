import mongoose, { type Connection } from 'mongoose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { factModel } from '../../server/events/facts.model.ts'
import { groupModel } from '../../server/groups/groups.model.ts'
import { inboxModel } from '../../server/inbox/inbox.model.ts'
import { intentModel } from '../../server/outbox/intents.model.ts'
import { customerModel } from '../../server/profile/customers.model.ts'
import { identityModel } from '../../server/profile/identities.model.ts'
import { runModel } from '../../server/rules/runs.model.ts'
import { taskModel } from '../../server/tasks/tasks.model.ts'
import { running, type Running } from './harness.ts'

const defined = [factModel, groupModel, inboxModel, intentModel, customerModel, identityModel, runModel, taskModel]

let run: Running
let connection: Connection

beforeAll(async () => {
  run = await running()
  connection = await mongoose.createConnection(run.server.uri, { dbName: 'product', autoIndex: false }).asPromise()
  for (const define of defined) define(connection)
})
afterAll(async () => {
  await connection.close()
  await run.stop()
})

it("the product's models get the indexes they declare, and each of them is used", async () => {
  for (const model of Object.values(connection.models)) {
    await model.createIndexes()
    expect(await model.diffIndexes(), model.modelName).toEqual({ toDrop: [], toCreate: [] })
    for (const [key] of model.schema.indexes()) {
      const filter = Object.fromEntries(Object.keys(key).map((field) => [field, 'x']))
      const plan = await model.collection.find(filter, { hint: key }).explain('queryPlanner')
      expect(JSON.stringify(plan), `${model.modelName} ${JSON.stringify(key)}`).toContain('"indexName"')
    }
    expect((await connection.db?.command({ validate: model.collection.collectionName }))?.valid).toBe(true)
  }
  expect(Object.keys(connection.models)).toHaveLength(defined.length)
})

import mongoose, { Schema, type Connection } from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rejection, running, type Running } from './harness.ts'

let run: Running
let connection: Connection

beforeAll(async () => {
  run = await running()
  connection = await mongoose.createConnection(run.server.uri, { dbName: 'models' }).asPromise()
})
afterAll(async () => {
  await connection.close()
  await run.stop()
})

const customerSchema = new Schema(
  {
    externalId: { type: String, required: true, unique: true },
    name: String,
    stage: { type: String, enum: ['new', 'active', 'silent'], default: 'new' },
    dueAt: Date,
    tags: [String],
    layers: { type: Map, of: new Schema({ value: Schema.Types.Mixed, confidence: Number }, { _id: false }) },
    follows: [{ userId: String, since: Date }],
  },
  { timestamps: true },
)
customerSchema.index({ stage: 1, dueAt: 1 })
customerSchema.index({ 'follows.userId': 1 })

describe('Mongoose', () => {
  it('keeps models, indexes and unique keys', async () => {
    const Customer = connection.model('Customer', customerSchema)
    await Customer.init()
    const made = await Customer.create({
      externalId: 'wm1',
      name: '王芳',
      tags: ['vip'],
      follows: [{ userId: 'zhang', since: new Date() }],
    })
    made.set('layers.city', { value: '上海', confidence: 0.9 })
    await made.save()
    const back = await Customer.findOne({ 'follows.userId': 'zhang', 'layers.city.value': '上海' })
    expect(back?.externalId).toBe('wm1')
    expect(back?.stage).toBe('new')
    expect(await rejection(Customer.create({ externalId: 'wm1' }))).toMatchObject({
      code: 11000,
      keyPattern: { externalId: 1 },
      keyValue: { externalId: 'wm1' },
    })
    expect(Object.keys(await Customer.collection.indexInformation())).toEqual([
      '_id_',
      'externalId_1',
      'stage_1_dueAt_1',
      'follows.userId_1',
    ])
    await Customer.syncIndexes()
  })

  it('claims work with findOneAndUpdate, each item once', async () => {
    const Job = connection.model(
      'Job',
      new Schema({ state: String, lockedUntil: Date, dueAt: Date, owner: Number }).index({ state: 1, dueAt: 1 }),
    )
    await Job.init()
    await Job.insertMany(Array.from({ length: 40 }, (_, i) => ({ state: 'wanted', dueAt: new Date(i) })))
    const claim = (owner: number): Promise<unknown> =>
      Job.findOneAndUpdate(
        { state: 'wanted', dueAt: { $lte: new Date() } },
        { state: 'claimed', owner },
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      ).lean()
    const claimed = await Promise.all(Array.from({ length: 60 }, (_, owner) => claim(owner)))
    expect(claimed.filter((doc) => doc !== null)).toHaveLength(40)
    expect(await Job.countDocuments({ state: 'claimed' })).toBe(40)
    expect((await Job.distinct('owner')).length).toBe(40)
  })

  it('runs connection.transaction under load', async () => {
    const Account = connection.model('Account', new Schema({ _id: String, balance: Number }))
    await Account.create([
      { _id: 'a', balance: 100 },
      { _id: 'b', balance: 100 },
    ])
    await Promise.all(
      Array.from({ length: 20 }, () =>
        connection.transaction(async (session) => {
          await Account.updateOne({ _id: 'a' }, { $inc: { balance: -1 } }, { session })
          const other = await Account.findById('b', undefined, { session })
          if (other === null) throw new Error('no account')
          other.balance = (other.balance ?? 0) + 1
          await other.save({ session })
        }),
      ),
    )
    expect((await Account.find().sort({ _id: 1 }).lean()).map(({ balance }) => balance)).toEqual([80, 120])
    const failing = connection.transaction(async (session) => {
      await Account.updateOne({ _id: 'a' }, { $set: { balance: 0 } }, { session })
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect((await Account.findById('a').lean())?.balance).toBe(80)
  })
})

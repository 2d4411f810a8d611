import mongoose from 'mongoose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PrivacySettings } from '@zhiyin/shared/privacy'
import { createErase } from '../../../server/privacy/erase.ts'
import { createExports } from '../../../server/privacy/export.ts'
import { createGraves } from '../../../server/privacy/graves.ts'
import { privacyCollections } from '../../../server/privacy/privacy.model.ts'
import type { Counts, Holding, Person } from '../../../server/privacy/types.ts'
import { movableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { testVault } from './vault.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-06-01T02:00:00Z'))
const vault = testVault()
const docs = () => privacyCollections(mongo.get().connection)
const asked = { customerId: 'cus_1', reason: '本人要求', by: '王敏', at: clock.date(), failures: 0 }
const person: Person = {
  customerId: 'cus_1',
  ids: ['cus_1'],
  keys: ['phone:1'],
  externalUserIds: [],
  contacts: [],
  userids: [],
  names: [],
  indexes: [],
}

/** What a run waits for when it gets there; the next does not. */
const gate = () => {
  let open = (): void => undefined
  const waits: Promise<void>[] = [new Promise((resolve) => (open = resolve))]
  return { pass: async (): Promise<void> => waits.pop(), open: () => open() }
}

beforeAll(async () => {
  docs()
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
})

describe('two runs of the same at once', () => {
  it('of an erasure: the one that is behind stops, and what is done stays done', async () => {
    const { pass, open } = gate()
    const left = { rows: 3 }
    const room: Holding = {
      room: 'orders',
      collect: async () => ({}),
      async forget(): Promise<Counts> {
        const { rows } = left
        left.rows = 0
        await pass()
        return { rows }
      },
    }
    const erase = createErase({
      mongo: mongo.get(),
      clock,
      log: quietLog,
      vault,
      graves: createGraves({ mongo: mongo.get(), vault }),
      personOf: async () => person,
      forgetInAudit: async () => ({}),
      holdings: [room],
      named: async () => [],
    })
    const fresh = { state: 'waiting' as const, person: null, subject: [], rooms: [], counts: {}, erasedAt: null }
    await docs().erasures.insertOne({ _id: 'e1', ...asked, ...fresh, certificate: null, lookAt: clock.date() })
    const behind = erase('e1')
    // The first has erased, and dies before it says so, as far as the second can tell.
    await expect.poll(() => left.rows).toBe(0)
    await erase('e1')
    await erase('e1')
    const done = await docs().erasures.findOne({ _id: 'e1' })
    open()
    await behind
    expect(done).toMatchObject({ state: 'done', person: null, customerId: null })
    expect(done).not.toHaveProperty('lookAt')
    expect(await docs().erasures.findOne({ _id: 'e1' })).toEqual(done)
  })

  it('of a copy of somebody’s data: it is made, and it stays', async () => {
    const { pass, open } = gate()
    const settled = PrivacySettings.parse({})
    const exports = createExports({
      mongo: mongo.get(),
      clock,
      vault,
      settings: { fresh: async () => settled },
      gather: async (customerId, now) => {
        await pass()
        return { customerId, at: now.toISOString(), rooms: {} }
      },
      names: async () => new Map(),
      onExpired: async () => undefined,
    })
    const fresh = { state: 'waiting' as const, doneAt: null, expiresAt: null, lookAt: clock.date() }
    await docs().exports.insertOne({ _id: 'x1', ...asked, ...fresh })
    const [first, second] = [exports.work('x1'), exports.work('x1')]
    await second
    open()
    await first
    expect(await docs().exports.findOne({ _id: 'x1' })).toMatchObject({ state: 'done' })
    await exports.work('x1')
    expect((await exports.file('x1', 'json')).doc.state).toBe('done')
  })
})

describe('a copy that is made while its person is erased', () => {
  const made = (names: () => Promise<void>) =>
    createExports({
      mongo: mongo.get(),
      clock,
      vault,
      settings: { fresh: async () => PrivacySettings.parse({}) },
      gather: async (customerId, now) => ({ customerId, at: now.toISOString(), rooms: {} }),
      names: async () => {
        await names()
        return new Map()
      },
      onExpired: async () => undefined,
    })
  const ask = () =>
    docs().exports.insertOne({
      _id: 'x1',
      ...asked,
      state: 'waiting',
      doneAt: null,
      expiresAt: null,
      lookAt: clock.date(),
    })

  it('leaves nothing of it: neither what was written before nor what is after', async () => {
    await ask()
    // One form of it is written by now, the other is not.
    const exports = made(async () => {
      expect(await docs().pieces.countDocuments()).toBe(1)
      expect(await exports.personal.forget(person)).toEqual({ exports: 1 })
    })
    await exports.work('x1')
    expect(await docs().pieces.countDocuments()).toBe(0)
    expect(await docs().exports.countDocuments()).toBe(0)
  })

  it('leaves nothing either where the process dies before it looks again: the second pass finds it', async () => {
    await ask()
    const died = made(async () => {
      await died.personal.forget(person)
      throw new Error('the process is gone')
    })
    await expect(died.work('x1')).rejects.toThrow('gone')
    const piece = new mongoose.mongo.Binary(vault.sealBytes(Buffer.from('陈琳')))
    await docs().pieces.insertOne({ _id: 'x1:json:0000', exportId: 'x1', bytes: piece })
    await docs().exports.insertOne({
      _id: 'x2',
      ...asked,
      customerId: 'cus_2',
      state: 'done',
      doneAt: clock.date(),
      expiresAt: clock.date(),
    })
    await docs().pieces.insertOne({ _id: 'x2:json:0000', exportId: 'x2', bytes: piece })
    await died.personal.forget(person)
    expect((await docs().pieces.find({}).toArray()).map(({ exportId }) => exportId)).toEqual(['x2'])
  })
})

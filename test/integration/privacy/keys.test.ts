import mongoose from 'mongoose'
import { beforeAll, describe, expect, it } from 'vitest'
import { createBorder } from '../../../server/privacy/border.ts'
import { createGraves } from '../../../server/privacy/graves.ts'
import { createRotation } from '../../../server/privacy/rotate.ts'
import { createResealFacts } from '../../../server/events/reseal.ts'
import { createResealCustomers } from '../../../server/profile/reseal.ts'
import { hideIdentities } from '../../../server/profile/upgrade/identities.ts'
import { createProfileRead } from '../../../server/profile/read.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'
import { createResealBytes } from '../../../server/platform/reseal-bytes.ts'
import { testVault } from './vault.ts'

const { Binary } = mongoose.mongo
type Binary = InstanceType<typeof Binary>

const mongo = useMongo()
const clock = movableClock()
const phones = ['13812345670', '13812345671', '13812345672']
let engine: ReturnType<typeof customerEngine>
const ids: string[] = []

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock)
  await mongo.indexes()
  // Told before there was a vault: everything in clear.
  for (const [i, phone] of phones.entries()) {
    const id = await engine.profile.ensureCustomer([{ kind: 'phone', value: phone }])
    ids.push(id)
    await engine.tell({
      id: `told:${i}`,
      customerId: id,
      type: 'profile.identified',
      at: clock.date(),
      source: 'ingest',
      payload: { traits: { phone, skin: '过敏' }, source: 'ingest' },
    })
  }
})

const rotationWith = (vault: ReturnType<typeof testVault>, marked = '', broken = { now: false }) => {
  const graves = createGraves({ mongo: mongo.get(), vault })
  const border = createBorder({ vault, graves, definitions: engine.definitions.get })
  const parts = [
    createResealFacts(mongo.get(), async (facts) => (await border.seal.facts(facts)).map(vault.renew)),
    async (after: string | null) => {
      if (broken.now) throw new Error('a crash')
      // One at a time, so that there is a place to go on from.
      const work = createResealCustomers(mongo.get(), async (whole) => vault.renew(await border.seal.customer(whole)))
      return work(after, 1)
    },
  ]
  return createRotation({ mongo: mongo.get(), clock, vault, parts, marked: async () => marked })
}
const dump = async (): Promise<string> => {
  const db = mongo.get().connection
  const of = async (name: string) => JSON.stringify(await db.collection(name).find({}).toArray())
  return [await of('facts'), await of('customers'), await of('identities')].join('\n')
}

describe('keys', () => {
  it('files are sealed anew piece by piece, and what nobody can open stays', async () => {
    const pieces = mongo.get().connection.collection<{ _id: string; bytes: Binary }>('testpieces')
    const old = testVault(1)
    const text = (n: number) => Buffer.from(`piece ${n}`)
    await pieces.insertMany(
      Array.from({ length: 12 }, (_, n) => ({
        _id: `f:${String(n).padStart(2, '0')}`,
        bytes: new Binary((n === 3 ? testVault(7) : old).sealBytes(text(n))),
      })),
    )
    const vault = testVault(2, 1)
    const reseal = createResealBytes(mongo.get().connection, 'testpieces', vault)
    const first = await reseal(null)
    expect(first).toMatchObject({ after: 'f:09', looked: 10, changed: 9 })
    expect(await reseal(first.after)).toMatchObject({ after: null, looked: 2, changed: 2 })
    const only = testVault(2)
    const opened = (await pieces.find({}).sort({ _id: 1 }).toArray()).map(({ bytes }) =>
      only.openBytes(bytes.buffer.subarray(0, bytes.position)),
    )
    expect(opened.map((bytes) => (bytes === null ? null : Buffer.from(bytes).toString()))).toEqual(
      Array.from({ length: 12 }, (_, n) => (n === 3 ? null : `piece ${n}`)),
    )
  })

  it('what came in clear is sealed by the first round, also after a crash in the middle', async () => {
    const vault = testVault(1)
    const graves = createGraves({ mongo: mongo.get(), vault })
    const { blind } = createBorder({ vault, graves, definitions: engine.definitions.get })
    const broken = { now: true }
    const rotation = rotationWith(vault, '', broken)
    expect(await rotation.due(clock.date())).toBe(true)
    expect(await rotation.due(clock.date())).toBe(false)
    await expect(rotation.work()).rejects.toThrow('a crash')
    expect((await rotation.state()).oldMayGo).toBe(false)
    clock.advance(31_000)
    broken.now = false
    expect(await rotation.due(clock.date())).toBe(true)
    expect(await rotation.work()).toBe(false)
    expect(await hideIdentities(mongo.get(), blind).next(null)).toEqual({ last: null, count: phones.length })
    const kept = await dump()
    for (const phone of phones) expect(kept).not.toContain(phone)
    expect(await rotation.state()).toMatchObject({ newest: 'k1', oldMayGo: true, changed: 6 })
    const read = createProfileRead(mongo.get(), blind)
    const { docs } = await read.list({ limit: 10, q: `+86 ${phones[1]}` })
    expect(docs.map(({ _id }) => _id)).toEqual([ids[1]])
  })

  it('another newest key begins by itself; afterwards the old one may be taken away', async () => {
    const rotation = rotationWith(testVault(2, 1))
    expect(await rotation.due(clock.date())).toBe(true)
    while (await rotation.work());
    expect(await rotation.due(clock.date())).toBe(false)
    expect(await dump()).not.toContain(':k1:')
    expect(await rotation.state()).toMatchObject({ newest: 'k2', ids: ['k2', 'k1'], oldMayGo: true })
    const only = testVault(2)
    const doc = await engine.read.whole(ids[0] ?? '')
    expect(JSON.stringify(doc === null ? null : only.open(doc))).toContain(phones[0])
  })
})

import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { createSegmentsPersonal } from '../../../server/segments/personal.ts'
import { createResealBytes } from '../../../server/platform/reseal-bytes.ts'
import { testVault } from '../privacy/vault.ts'
import { useMongo } from '../../support/mongo.ts'
import { buysWithin, day, segmentsHarness } from './harness.ts'

const mongo = useMongo()
let world: ReturnType<typeof segmentsHarness>

beforeAll(async () => {
  segmentsHarness(mongo.get())
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  world = segmentsHarness(mongo.get())
})

const agreed = (customerId: string, state: 'granted' | 'withdrawn'): NewFact => ({
  id: `consent:${customerId}:${state}`,
  customerId,
  at: new Date(world.clock.now() - day),
  source: 'rep',
  type: 'consent.changed',
  payload: { purpose: 'sharing', state, source: 'rep', by: 'wang' },
})

const textOf = async (id: string): Promise<string> => {
  const parts: Uint8Array[] = []
  const { bytes } = await world.room.exports.file(await world.room.exports.get(id))
  for await (const part of bytes) parts.push(part)
  return Buffer.concat(parts).toString()
}

const segmentOf = async (count: number): Promise<{ segment: string; ids: string[] }> => {
  const ids = await world.people(...Array.from({ length: count }, (_each, i) => `p${i}`))
  await world.engine.tell(...ids.map((id) => world.ordered(id, 2, 12_345)))
  const { _id } = await world.room.create(
    { kind: 'rule', name: '近期下单', note: '', condition: buysWithin(30) },
    '王敏',
  )
  world.clock.advance(3_000)
  await world.work()
  await world.work()
  return { segment: _id, ids }
}
const ask = (segmentId: string, clear = false) =>
  world.room.exports.create({
    segmentId,
    within: null,
    clear,
    reason: clear ? '线下寄礼品' : '',
    lang: 'zh',
    by: '王敏',
    makerId: 'wangmin',
  })

describe('exports', () => {
  it('hold those who agreed to it, masked', async () => {
    const { segment, ids } = await segmentOf(3)
    const [a = '', b = ''] = ids
    await world.engine.tell(
      agreed(a, 'granted'),
      agreed(b, 'withdrawn'),
      world.told(a, { name: '林晓雨', city: '上海', birthday: '1990-05-01' }),
    )
    const { _id } = await ask(segment)
    await world.work()
    expect(await world.room.exports.get(_id)).toMatchObject({ state: 'done', rows: 1, withheld: 2, done: 3, total: 3 })
    const text = await textOf(_id)
    const [head = '', line = '', ...rest] = text.split('\r\n')
    expect(head.startsWith('\ufeff客户编号,')).toBe(true)
    expect(rest).toEqual([''])
    expect(line).toContain(a)
    expect(line).toContain('123.45')
    expect(line).toContain('上海')
    expect(text).not.toContain('林晓雨')
    expect(text).not.toContain('1990')
    expect(text).not.toContain(b)
  })

  it('are made batch by batch, and a batch done twice stands there once', async () => {
    const { segment, ids } = await segmentOf(6)
    await world.engine.tell(...ids.map((id) => agreed(id, 'granted')))
    const { _id } = await ask(segment, true)
    await world.room.jobs['segments.export']({ exportId: _id, after: null })
    await world.room.jobs['segments.export']({ exportId: _id, after: null })
    expect(await world.room.exports.get(_id)).toMatchObject({ state: 'under_way', rows: 4 })
    world.clock.advance(60_000)
    await world.work()
    const lines = (await textOf(_id)).split('\r\n').slice(1, -1)
    expect(lines.map((line) => line.split(',')[0])).toEqual(ids.toSorted())
  })

  it('stay done when a second run of the last batch fails after the first', async () => {
    const { segment, ids } = await segmentOf(3)
    await world.engine.tell(...ids.map((id) => agreed(id, 'granted')))
    const { _id } = await ask(segment, true)
    const job = { exportId: _id, after: null }
    let fail = (): void => undefined
    const failed = new Promise<void>((_resolve, reject) => (fail = () => reject(new Error('away'))))
    const waits = [failed]
    world.naming.before = async () => waits.pop()
    const second = world.room.jobs['segments.export'](job)
    await world.room.jobs['segments.export'](job)
    const done = await world.room.exports.get(_id)
    fail()
    await second
    expect(done).toMatchObject({ state: 'done', failures: 0 })
    expect(await world.room.exports.get(_id)).toEqual(done)
  })

  it('tell before they are made who will be in them and who not, and why', async () => {
    const { segment, ids } = await segmentOf(4)
    const [a = '', b = ''] = ids
    await world.engine.tell(agreed(a, 'granted'), agreed(b, 'withdrawn'))
    const told = { total: 4, withdrawn: 1, unknown: 2, days: 7 }
    expect(await world.room.exports.forecast(segment, null)).toEqual({ ...told, rows: 1, needsGrant: true })
    world.needsGrant.now = false
    expect(await world.room.exports.forecast(segment, null)).toEqual({ ...told, rows: 3, needsGrant: false })
    expect(await world.room.exports.forecast(segment, ['nobody'])).toMatchObject({ total: 0, rows: 0 })
    const { _id } = await ask(segment)
    await world.work()
    expect(await world.room.exports.get(_id)).toMatchObject({ rows: 3, withheld: 1 })
  })

  it('have phones and e-mail addresses, masked but in the clear for whoever said why', async () => {
    const { segment, ids } = await segmentOf(1)
    const [a = ''] = ids
    const reach = { phone: '13812345678', email: 'lin@example.com' }
    await world.engine.tell(agreed(a, 'granted'), world.told(a, reach))
    const [hidden, shown] = [await ask(segment), await ask(segment, true)]
    await world.work()
    const masked = await textOf(hidden._id)
    expect(masked).toContain('138****5678,l***@example.com')
    for (const value of Object.values(reach)) expect(masked).not.toContain(value)
    expect(await textOf(shown._id)).toContain('13812345678,lin@example.com')
  })

  it('are kept sealed, also under a new key, and go with whoever is erased', async () => {
    const { segment, ids } = await segmentOf(6)
    const [a = '', b = ''] = ids
    await world.engine.tell(...ids.map((id) => agreed(id, 'granted')), world.told(b, { name: '林晓雨' }))
    const { _id } = await ask(segment, true)
    await world.work()
    const pieces = () => mongo.get().connection.collection('segmentexportpieces').find({}).toArray()
    const kept = async () => (await pieces()).map((doc) => doc['bytes'].toString('utf8')).join('')
    expect((await pieces()).length).toBe(2)
    expect(await kept()).toContain('k1')
    for (const word of [...ids, '林晓雨', '近期下单']) expect(await kept()).not.toContain(word)

    const both = testVault(2, 1)
    await createResealBytes(mongo.get().connection, 'segmentexportpieces', both)(null)
    expect(await kept()).not.toContain('\u0002k1\u0005')
    expect(await textOf(_id).catch((error: unknown) => error)).toMatchObject({ code: 'segment.export_state' })

    const personal = createSegmentsPersonal({ mongo: mongo.get(), vault: both })
    const person = {
      customerId: a,
      ids: [a],
      keys: [],
      externalUserIds: [],
      contacts: [],
      userids: [],
      names: [],
      indexes: [],
    }
    expect(await personal.forget({ ...person, customerId: 'nobody', ids: ['nobody'] })).toEqual({ files: 0 })
    expect(await personal.forget(person)).toEqual({ files: 1 })
    expect(await pieces()).toEqual([])
    expect(await world.room.exports.get(_id)).toMatchObject({ state: 'expired' })
  })

  it('under way leave no piece behind when somebody in them is erased meanwhile', async () => {
    const { segment, ids } = await segmentOf(6)
    await world.engine.tell(...ids.map((id) => agreed(id, 'granted')))
    const [a = ''] = ids.toSorted()
    const { _id } = await ask(segment)
    await world.room.jobs['segments.export']({ exportId: _id, after: null })
    const { after } = await world.room.exports.get(_id)
    const pieces = mongo.get().connection.collection('segmentexportpieces')
    expect(await pieces.countDocuments()).toBe(1)
    const personal = createSegmentsPersonal({ mongo: mongo.get(), vault: testVault() })
    const nobody = { keys: [], externalUserIds: [], contacts: [], userids: [], names: [], indexes: [] }
    world.naming.before = async () => void (await personal.forget({ customerId: a, ids: [a], ...nobody }))
    await world.room.jobs['segments.export']({ exportId: _id, after })
    expect(await world.room.exports.get(_id)).toMatchObject({ state: 'expired' })
    expect(await pieces.countDocuments()).toBe(0)
  })

  it('leave out who withdraws while they are made, and after', async () => {
    const { segment, ids } = await segmentOf(6)
    await world.engine.tell(...ids.map((id) => agreed(id, 'granted')))
    const [a = '', , , , , f = ''] = ids.toSorted()
    const { _id } = await ask(segment)
    await world.room.jobs['segments.export']({ exportId: _id, after: null })
    world.clock.advance(2 * day)
    await world.engine.tell(agreed(a, 'withdrawn'), agreed(f, 'withdrawn'))
    await world.work()
    // The first batch was made before: its line is there, sealed, and handed out no more.
    expect(await world.room.exports.get(_id)).toMatchObject({ state: 'done', rows: 5, withheld: 1 })
    const file = await world.room.exports.file(await world.room.exports.get(_id))
    expect(file.rows).toBe(4)
    const text = await textOf(_id)
    for (const id of [a, f]) expect(text).not.toContain(id)
    expect(text.split('\r\n').slice(1, -1)).toHaveLength(4)
  })

  it('are deleted after seven days', async () => {
    const { segment } = await segmentOf(1)
    const { _id } = await ask(segment)
    await world.work()
    world.clock.advance(7 * day)
    await expect(textOf(_id)).rejects.toMatchObject({ code: 'segment.export_state' })
    await world.work()
    expect(await world.room.exports.get(_id)).toMatchObject({ state: 'expired' })
    expect(await mongo.get().connection.collection('segmentexportpieces').countDocuments()).toBe(0)
    expect(world.expired).toEqual([1])
  })
})

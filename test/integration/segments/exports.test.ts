import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
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
  for await (const part of world.room.exports.file(await world.room.exports.get(id))) parts.push(part)
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

  it('are deleted after seven days', async () => {
    const { segment } = await segmentOf(1)
    const { _id } = await ask(segment)
    await world.work()
    world.clock.advance(7 * day)
    await expect(textOf(_id)).rejects.toMatchObject({ code: 'segment.export_state' })
    await world.work()
    expect(await world.room.exports.get(_id)).toMatchObject({ state: 'expired' })
    expect(await mongo.get().connection.collection('segmentexportpieces').countDocuments()).toBe(0)
  })
})

import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { identity } from '../../../server/profile/read.ts'
import { useMongo } from '../../support/mongo.ts'
import { buysWithin, segmentsHarness } from './harness.ts'

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

const makeList = async (): Promise<string> => {
  const { _id } = await world.room.create({ kind: 'list', name: '线下活动', note: '' }, '王敏')
  world.clock.advance(3_000)
  return _id
}
const membersOf = async (id: string): Promise<string[]> => {
  const { items } = await world.room.members(await world.room.get(id), { after: null, limit: 500, scope: null })
  return items.map(({ view }) => view.id)
}

describe('static lists', () => {
  it('take whoever is named, by whatever they are known by, and tell who is not known', async () => {
    const [a = '', b = ''] = await world.engine.profile.ensureCustomers([
      [{ kind: 'user_id', value: 'shop-1' }],
      [identity('phone', '138 0013 8000')].flatMap((one) => one ?? []),
    ])
    const list = await makeList()
    const answer = await world.room.lists.put(list, [a, '138 0013 8000', 'nobody', 'shop-1'], null, 'wang')
    expect(answer).toEqual({ changed: 2, same: 0, unknown: ['nobody'], unknownCount: 1 })
    await world.work()
    expect(await membersOf(list)).toEqual([a, b].toSorted())
    expect(await world.room.lists.put(list, ['shop-1'], null, 'wang')).toMatchObject({ changed: 0, same: 1 })
    world.clock.advance(1_000)
    expect(await world.room.lists.take(list, ['shop-1'], null, 'wang')).toMatchObject({ changed: 1 })
    await world.work()
    expect(await membersOf(list)).toEqual([b])
    const moves = world.engine.matched.filter(({ type }) => type === 'segment.entered' || type === 'segment.left')
    expect(moves.map(({ type, customerId }) => [type, customerId]).toSorted()).toEqual(
      [
        ['segment.entered', a],
        ['segment.entered', b],
        ['segment.left', a],
      ].toSorted(),
    )
  })

  it('take only customers somebody may see', async () => {
    const [a = '', b = ''] = await world.people('a', 'b')
    await world.engine.tell(world.heldBy(a, 'rep1'), world.heldBy(b, 'rep2'))
    const list = await makeList()
    expect(await world.room.lists.put(list, [a, b], ['rep1'], 'wang')).toMatchObject({ changed: 1, unknown: [b] })
  })

  it('are filled with everybody who meets a condition, batch by batch, also when a batch is done twice', async () => {
    const ids = await world.people(...Array.from({ length: 10 }, (_each, i) => `p${i}`))
    await world.engine.tell(...ids.map((id) => world.ordered(id, 2)))
    const list = await makeList()
    await world.room.fill(list, buysWithin(30), null, 'wang')
    expect((await world.room.get(list)).filling).toMatchObject({ done: 0, total: 10 })
    await expect(world.room.fill(list, buysWithin(30), null, 'wang')).rejects.toMatchObject({ code: 'segment.filling' })
    world.clock.advance(3_000)
    await world.room.jobs['segments.fill']({ segmentId: list, after: null })
    const { filling } = await world.room.get(list)
    expect(filling?.done).toBe(4)
    // The job came twice, then the process died: the sweep goes on.
    await world.room.jobs['segments.fill']({ segmentId: list, after: null })
    world.clock.advance(60_000)
    await world.work()
    expect(await membersOf(list)).toHaveLength(10)
    expect((await world.room.get(list)).filling).toBeUndefined()
    expect(world.engine.matched.filter(({ type }) => type === 'segment.entered')).toHaveLength(10)
  })

  it('may be asked for by other segments, and are gone from everybody when they are deleted', async () => {
    const [a = ''] = await world.people('a')
    const list = await makeList()
    const { _id } = await world.room.create(
      { kind: 'rule', name: '来过的', note: '', condition: { type: 'segment', segmentId: list, segment: '线下活动' } },
      '王敏',
    )
    world.clock.advance(3_000)
    await world.room.lists.put(list, [a], null, 'wang')
    await world.work()
    expect(await membersOf(_id)).toEqual([a])
    await expect(world.room.remove(list)).rejects.toMatchObject({ code: 'segment.in_use' })
    await world.room.remove(_id)
    await world.room.remove(list)
    world.clock.advance(3_000)
    await world.work()
    await world.work()
    expect((await world.engine.read.view(a))?.segments).toEqual([])
  })

  it('are no segments with a condition', async () => {
    const list = await makeList()
    await expect(world.room.turn(list, false, '王敏')).rejects.toMatchObject({ code: 'segment.kind' })
    const { _id } = await world.room.create(
      { kind: 'rule', name: '近期下单', note: '', condition: buysWithin(3) },
      '王敏',
    )
    await expect(world.room.lists.put(_id, ['a'], null, 'wang')).rejects.toMatchObject({ code: 'segment.kind' })
  })
})

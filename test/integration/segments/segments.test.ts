import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Condition } from '@zhiyin/shared/condition'
import { useMongo } from '../../support/mongo.ts'
import { buysWithin, day, segmentsHarness, start } from './harness.ts'

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

const rule = (name: string, condition: Condition) => ({ kind: 'rule' as const, name, note: '', condition })
const inSegment = (segmentId: string): Condition => ({ type: 'segment', segmentId, segment: '' })
const membersOf = async (id: string): Promise<string[]> => {
  const segment = await world.room.get(id)
  const { items } = await world.room.members(segment, { after: null, limit: 100, scope: null })
  return items.map(({ view }) => view.id)
}
/** A change of definitions has reached every process, and everybody has been worked out. */
const settle = async (): Promise<void> => {
  world.clock.advance(3_000)
  await world.work()
  await world.work()
}

describe('segments with a condition', () => {
  it('gather whoever meets it, then follow events and time, and tell of each coming and going once', async () => {
    const [a = '', b = ''] = await world.people('a', 'b')
    await world.engine.tell(world.ordered(a, 3))
    const { _id } = await world.room.create(rule('近期下单', buysWithin(30)), '王敏')
    await settle()
    expect(await membersOf(_id)).toEqual([a])
    // Whoever met it before it was made has not come in.
    expect(world.engine.matched.filter(({ type }) => type === 'segment.entered')).toEqual([])

    await world.engine.tell(world.ordered(b, 0))
    expect(await membersOf(_id)).toEqual([a, b].toSorted())
    world.clock.advance(28 * day)
    await world.work()
    expect(await membersOf(_id)).toEqual([b])
    const moves = world.engine.matched.filter(({ type }) => type === 'segment.entered' || type === 'segment.left')
    expect(moves.map(({ type, customerId }) => [type, customerId])).toEqual([
      ['segment.entered', b],
      ['segment.left', a],
    ])
    // At the moment it happened, not when somebody looked.
    expect(moves[1]?.at).toEqual(new Date(start.getTime() + 27 * day))
  })

  it('have no members while they are switched off, and say while they are being built', async () => {
    const [a = ''] = await world.people('a')
    await world.engine.tell(world.ordered(a, 3))
    const { _id } = await world.room.create(rule('近期下单', buysWithin(30)), '王敏')
    expect((await world.room.get(_id)).changedAt).toBeDefined()
    expect((await world.room.freshness()).building).toEqual({ done: 0, total: 1 })
    await settle()
    expect((await world.room.get(_id)).changedAt).toBeUndefined()
    expect(await world.room.freshness()).toMatchObject({ building: null, overdue: 0, asOf: world.clock.date() })
    await world.room.turn(_id, false, '王敏')
    await settle()
    expect(await membersOf(_id)).toEqual([])
    await world.room.turn(_id, true, '王敏')
    await settle()
    expect(await membersOf(_id)).toEqual([a])
  })

  it('are as old as the oldest thing that waits', async () => {
    const [a = ''] = await world.people('a')
    await world.engine.tell(world.ordered(a, 29))
    await world.room.create(rule('近期下单', buysWithin(30)), '王敏')
    await settle()
    world.clock.advance(5 * day)
    const { asOf, overdue } = await world.room.freshness()
    expect(overdue).toBe(1)
    expect(asOf.getTime()).toBeLessThan(world.clock.now() - 3 * day)
  })
})

describe('what asks for what', () => {
  it('refuses a circle, and names only those in it', async () => {
    const a = await world.room.create(rule('甲', buysWithin(30)), '王敏')
    const b = await world.room.create(rule('乙', inSegment(a._id)), '王敏')
    await world.room.create(rule('旁观', inSegment(b._id)), '王敏')
    world.clock.advance(3_000)
    const refused = world.room.update(a._id, 1, rule('甲', { type: 'not', of: inSegment(b._id) }), '王敏')
    const names = { names: expect.stringMatching(/^「(甲|乙)」、「(甲|乙)」$/) }
    await expect(refused).rejects.toMatchObject({ code: 'segment.circle', params: names })
    await expect(
      world.room.update(a._id, 1, rule('甲', { type: 'any', of: [inSegment(a._id)] }), '王敏'),
    ).rejects.toMatchObject({ code: 'segment.circle', params: { names: '「甲」' } })
  })

  it('refuses a circle through the levels of a scheme', async () => {
    const a = await world.room.create(rule('甲', buysWithin(30)), '王敏')
    const base = await world.engine.definitions.fresh()
    world.define({
      schemes: [
        ...base.schemes,
        {
          id: 'care',
          name: '关怀等级',
          levels: [
            { key: 'yes', name: '是', tier: 'A' },
            { key: 'no', name: '否', tier: 'C' },
          ],
          how: { type: 'table', rows: [{ level: 'yes', condition: inSegment(a._id) }], otherwise: 'no' },
          holdDays: 0,
        },
      ],
    })
    await expect(
      world.room.update(a._id, 1, rule('甲', { type: 'level', schemeId: 'care', in: ['no'] }), '王敏'),
    ).rejects.toMatchObject({ code: 'segment.circle', params: { names: '「关怀等级」、「甲」' } })
  })

  it('refuses to take away what others use, and to ask for what is not there', async () => {
    const a = await world.room.create(rule('甲', buysWithin(30)), '王敏')
    const b = await world.room.create(rule('乙', inSegment(a._id)), '王敏')
    await expect(world.room.remove(a._id)).rejects.toMatchObject({
      code: 'segment.in_use',
      params: { name: '甲', uses: '「乙」' },
    })
    await expect(world.room.turn(a._id, false, '王敏')).rejects.toMatchObject({ code: 'segment.in_use' })
    await world.room.remove(b._id)
    world.asking.push({ kind: 'rule', id: 'r1', name: '召回', conditions: [], segmentIds: [a._id] })
    expect(await world.room.usedBy(a._id)).toMatchObject([{ kind: 'rule', id: 'r1' }])
    await expect(world.room.remove(a._id)).rejects.toMatchObject({ params: { uses: '「召回」' } })
    world.asking.length = 0
    await world.room.remove(a._id)
    await expect(world.room.create(rule('丙', inSegment(a._id)), '王敏')).rejects.toMatchObject({
      code: 'segment.unknown',
    })
  })

  it('keeps names apart and changes only what was read', async () => {
    const a = await world.room.create(rule('甲', buysWithin(30)), '王敏')
    await expect(world.room.create(rule('甲', buysWithin(60)), '王敏')).rejects.toMatchObject({
      code: 'conflict.exists',
    })
    await world.room.update(a._id, 1, rule('甲方', buysWithin(30)), '李娜')
    await expect(world.room.update(a._id, 1, rule('甲', buysWithin(30)), '王敏')).rejects.toMatchObject({
      code: 'conflict.changed',
    })
  })
})

describe('the count', () => {
  it('is of those somebody may see, with the first of them and why', async () => {
    const [a = '', b = '', c = ''] = await world.people('a', 'b', 'c')
    await world.engine.tell(
      ...[a, b].map((id) => world.ordered(id, 2)),
      world.heldBy(a, 'rep1'),
      world.heldBy(c, 'rep1'),
    )
    const all = await world.room.count(buysWithin(30), null)
    expect(all).toMatchObject({ total: 2 })
    const own = await world.room.count(buysWithin(30), ['rep1'])
    expect(own).toMatchObject({ total: 1, members: [{ view: { id: a } }] })
    expect(own.members[0]?.because).toEqual([
      { code: 'rule.event_within', params: { event: 'order.completed', count: 1, op: '≥', value: 1, days: 30 } },
    ])
  })
})

import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PushSchedule } from '@zhiyin/shared/api/push-plans'
import { zonedTime } from '@zhiyin/shared/zone'
import { movableClock } from '../../test/support/clock.ts'
import { quietLog } from '../../test/support/log.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { usePlatform } from '../../test/support/platform.ts'
import { sendingRooms } from '../../test/support/sending.ts'
import { createIds } from '../platform/id.ts'
import { groupModel } from './groups.model.ts'
import { createPushPlans } from './push-plans.ts'
import { nextPush } from './push-times.ts'
import { createPush } from './push.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const zone = 'Asia/Shanghai'
const hour = 3_600_000
/** Monday, 08:00 in Shanghai. */
const monday = new Date('2026-03-02T00:00:00Z')

const setUp = async () => {
  const clock = movableClock(monday)
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform)
  const groups = groupModel(mongo.get().connection)
  const contentName = async (id: string) => (await rooms.contents.get(id)).name
  const process = () => {
    const base = { mongo: mongo.get(), clock, newId: createIds(clock), contentName }
    const push = createPush({
      ...base,
      render: rooms.contents.render,
      names: async () => new Map(),
      wantMany: rooms.outbox.wantMany,
      ofPushes: rooms.sends.ofPushes,
    })
    return { push, plans: createPushPlans({ ...base, log: quietLog, zone, push: push.push }) }
  }
  const content = await rooms.contents.create(
    { name: '早报', body: { text: '早上好', attachments: [] }, variants: { A: { text: '贵宾早', attachments: [] } } },
    'm',
  )
  const group = async (id: string, tier: 'A' | 'C') =>
    groups.create({
      _id: id,
      key: id,
      kind: 'internal',
      name: `群${id}`,
      tier,
      members: 0,
      webhook: 'x',
      dismissed: false,
    })
  await group('g1', 'A')
  await group('g2', 'C')
  const { plans, push } = process()
  const plan = (schedule: PushSchedule, key = 'plan-0001') =>
    plans.create({ key, contentId: content.id, groupIds: ['g1', 'g2'], schedule })
  const said = async () => (await platform.received()).map(({ text }) => text).toSorted()
  const sweep = async () => {
    const found = await plans.sweep.run(clock.date())
    await rooms.settle()
    return found
  }
  return { clock, groups, plans, push, plan, said, sweep, process, settle: rooms.settle }
}

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  await setUp()
  await mongo.get().connection.dropDatabase()
  await mongo.indexes()
})

describe('a planned push', () => {
  it('goes once at its moment, each group with its tier’s variant, however many processes see it', async () => {
    const { clock, plan, said, sweep, process, plans, settle } = await setUp()
    const made = await plan({ type: 'once', at: new Date(clock.now() + hour).toISOString() })
    expect((await plan({ type: 'once', at: new Date(clock.now() + hour).toISOString() })).id).toBe(made.id)
    expect(await sweep()).toBe(0)
    clock.set(made.nextAt ?? monday)
    const others = [process(), process(), process()]
    await Promise.allSettled(others.map((other) => other.plans.sweep.run(clock.date())))
    await sweep()
    await settle()
    expect(await said()).toEqual(['早上好', '贵宾早'])
    expect((await plans.list())[0]).toMatchObject({ nextAt: null, lastAt: clock.date() })
    clock.advance(48 * hour)
    expect(await sweep()).toBe(0)
  })

  it('is repeated on its days, once per occurrence; after a halt only the last one is made up for', async () => {
    const { clock, plan, said, sweep, push } = await setUp()
    await plan({ type: 'repeated', at: '09:00', weekdays: [1, 3, 5] })
    for (let round = 0; round < 7 * 4; round += 1) {
      await sweep()
      clock.advance(6 * hour)
    }
    expect(await said()).toHaveLength(6)
    clock.advance(14 * 24 * hour)
    await sweep()
    await sweep()
    expect(await said()).toHaveLength(8)
    expect(await push.pushes()).toHaveLength(4)
  })

  it('rests while it is off and goes on from then', async () => {
    const { clock, plan, plans, said, sweep } = await setUp()
    const { id } = await plan({ type: 'repeated', at: '09:10', weekdays: [] })
    await plans.setOn(id, false)
    clock.advance(24 * hour)
    expect(await sweep()).toBe(0)
    const on = await plans.setOn(id, true)
    expect(zonedTime(on.nextAt ?? monday, zone)).toMatchObject({ date: '2026-03-03', clock: '09:10' })
    clock.advance(2 * hour)
    await sweep()
    expect(await said()).toHaveLength(2)
    await plans.remove(id)
    await expect(plans.remove(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('leaves out groups that are gone, and switches itself off when all are', async () => {
    const { clock, groups, plan, plans, said, sweep } = await setUp()
    await plan({ type: 'repeated', at: '09:10', weekdays: [] })
    await groups.updateOne({ _id: 'g1' }, { $set: { dismissed: true } })
    clock.advance(2 * hour)
    await sweep()
    expect(await said()).toEqual(['早上好'])
    await groups.updateOne({ _id: 'g2' }, { $set: { dismissed: true } })
    clock.advance(24 * hour)
    await sweep()
    expect((await plans.list())[0]).toMatchObject({ on: false, problem: 'groups', nextAt: null })
    expect(await plans.backlog.count(clock.date())).toMatchObject({ due: 0 })
  })

  it('refuses a moment that has passed and a group that is not there', async () => {
    const { clock, plan, plans } = await setUp()
    await expect(plan({ type: 'once', at: clock.date().toISOString() })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    const ask = {
      key: 'k',
      contentId: 'c',
      groupIds: ['nowhere'],
      schedule: { type: 'repeated', at: '09:00', weekdays: [] },
    } as const
    await expect(plans.create({ ...ask, schedule: { ...ask.schedule, weekdays: [] } })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

it('keeps off the full and half hour by 1 to 5 minutes, always the same', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      (id, h, m) => {
        const at = `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`
        const next = () => nextPush(id, { type: 'repeated', at, weekdays: [] }, monday, zone)
        const late = (zonedTime(next()?.at ?? monday, zone).minutes - (h * 60 + m) + 1440) % 1440
        expect(late).toBeGreaterThanOrEqual(m % 30 === 0 ? 1 : 0)
        expect(late).toBeLessThanOrEqual(m % 30 === 0 ? 5 : 0)
        expect(next()).toEqual(next())
      },
    ),
  )
})

import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'
import { channelRoom, updatePath, type ChannelRoom } from './room.ts'

const mongo = useMongo()
const world = useWecom()
const minute = 60_000
const hour = 60 * minute
let room: ChannelRoom
let count = 0
/** A name of its own for each test. */
const name = () => `渠道 ${(count += 1)}`
const weekdays = [1, 2, 3, 4, 5]
const at = async (moment: string): Promise<void> => {
  const ms = Date.parse(moment)
  await world.act('clock/set', { now: ms })
  world.clock.set(new Date(ms))
}

beforeAll(async () => {
  channelRoom(mongo.get(), world, world.adapter())
  await mongo.indexes()
  for (const userid of ['zhao', 'chen']) await world.act('members', { userid, name: userid, department: [1] })
})
// Monday, 08:00 in Shanghai.
beforeEach(async () => {
  await at('2026-06-01T00:00:00Z')
  room = channelRoom(mongo.get(), world, world.adapter())
})
afterEach(async () => {
  await world.clear('faults')
  for (const { id } of await room.read.list()) await room.channels.remove(id)
})

describe('a schedule', () => {
  it('is followed across days: on duty, backups at night and at the week’s end', async () => {
    const { configId, id } = await room.make(name(), {
      userids: ['lina', 'wangwei'],
      backups: ['zhao'],
      shifts: [
        { weekdays, from: '09:00', to: '13:00', userids: ['lina'] },
        { weekdays, from: '12:00', to: '18:00', userids: ['wangwei'] },
        { weekdays: [5], from: '22:00', to: '02:00', userids: ['lina'] },
      ],
    })
    const seen: string[][] = [[...(await room.inWecom(configId))]]
    const moments = [
      ['2026-06-01T01:00:00Z', ['lina']],
      ['2026-06-01T04:00:00Z', ['lina', 'wangwei']],
      ['2026-06-01T05:00:00Z', ['wangwei']],
      ['2026-06-01T10:00:00Z', ['zhao']],
      ['2026-06-05T14:00:00Z', ['lina']],
      ['2026-06-05T18:00:00Z', ['zhao']],
      ['2026-06-08T01:00:00Z', ['lina']],
    ] as const
    for (const [moment, wanted] of moments) {
      await at(moment)
      await room.sweep()
      seen.push(await room.inWecom(configId))
      expect((await room.read.get(id)).serving.userids.toSorted()).toEqual(wanted)
    }
    expect(seen).toEqual([['zhao'], ...moments.map(([, wanted]) => wanted)])
  })

  it('reads the clock of the company’s zone', async () => {
    const paris = channelRoom(mongo.get(), world, world.adapter(), 'Europe/Paris')
    await at('2026-03-27T12:00:00Z')
    const { configId, id } = await paris.make(name(), {
      backups: ['zhao'],
      shifts: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '18:00', userids: ['lina'] }],
    })
    expect(await paris.inWecom(configId)).toEqual(['lina'])
    // 09:00 is 08:00 UTC on Saturday and, in summer time, 07:00 UTC on Sunday.
    for (const [moment, wanted] of [
      ['2026-03-28T07:59:00Z', 'zhao'],
      ['2026-03-28T08:00:00Z', 'lina'],
      ['2026-03-28T17:00:00Z', 'zhao'],
      ['2026-03-29T06:59:00Z', 'zhao'],
      ['2026-03-29T07:00:00Z', 'lina'],
      ['2026-03-29T16:00:00Z', 'zhao'],
    ] as const) {
      await at(moment)
      await paris.sweep()
      expect(await paris.inWecom(configId), moment).toEqual([wanted])
    }
    expect((await paris.read.get(id)).serving).toMatchObject({ by: 'backup', until: new Date('2026-03-30T07:00:00Z') })
  })

  it('costs a call at each change and none between', async () => {
    const shift = { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '18:00', userids: ['lina'] }
    await room.make(name(), { backups: ['zhao'], shifts: [shift] })
    const before = await world.calls(updatePath)
    for (let passed = 0; passed < 48; passed += 1) {
      await world.advance(hour / 2)
      await room.sweep()
    }
    expect((await world.calls(updatePath)) - before).toBe(2)
  })

  it('waits while the path is blocked, calls nothing meanwhile, and is right afterwards', async () => {
    const shift = { weekdays, from: '09:00', to: '18:00', userids: ['lina'] }
    const { configId, id } = await room.make(name(), { backups: ['zhao'], shifts: [shift] })
    await at('2026-06-01T01:00:00Z')
    await world.act('faults', { path: updatePath, kind: 'rate_limit', ms: minute })
    await room.sweep()
    expect(await room.inWecom(configId)).toEqual(['zhao'])
    expect((await room.read.get(id)).problem).toMatchObject({ code: 'wecom.refused', errcode: 45009 })
    const before = await world.calls(updatePath)
    await world.advance(minute / 2)
    await room.sweep()
    expect(await world.calls(updatePath)).toBe(before)
    await world.clear('faults')
    await world.advance(minute)
    await room.sweep()
    expect(await room.inWecom(configId)).toEqual(['lina'])
    expect((await room.read.get(id)).problem).toBeNull()
  })

  it('is repeated when the process dies between the sweep and the call', async () => {
    const shift = { weekdays, from: '09:00', to: '18:00', userids: ['lina'] }
    const { configId } = await room.make(name(), { backups: ['zhao'], shifts: [shift] })
    await at('2026-06-01T01:00:00Z')
    await room.channels.sweep.run(world.clock.date())
    const next = channelRoom(mongo.get(), world, world.adapter())
    await next.sweep()
    expect(await next.inWecom(configId)).toEqual(['zhao'])
    await world.advance(minute)
    await next.sweep()
    expect(await next.inWecom(configId)).toEqual(['lina'])
  })
})

describe('members', () => {
  it('who leave are out at once; the backup comes in, then the rest; managers hear of it once', async () => {
    const { configId, id } = await room.make(name(), { userids: ['lina', 'wangwei'], backups: ['zhao'], capPerDay: 1 })
    await room.event('change_contact.delete_user', { userid: 'lina' })
    expect(await room.inWecom(configId)).toEqual(['wangwei'])
    await room.tell('cus_1', room.added('cus_1', 'wangwei', id))
    await room.drain()
    expect(await room.inWecom(configId)).toEqual(['zhao'])
    await room.event('change_contact.delete_user', { userid: 'zhao' })
    expect(await room.inWecom(configId)).toEqual(['wangwei'])
    expect(room.told.map(({ userid }) => userid)).toEqual(['boss'])
    expect(room.told[0]?.body?.text).toContain('后备都不能接待')
    await room.event('change_contact.delete_user', { userid: 'wangwei' })
    expect((await room.read.get(id)).serving).toMatchObject({ by: 'nobody', userids: ['wangwei'] })
    expect(room.told.at(-1)?.body?.text).toContain('没有人能接待')
    await room.event('change_contact.delete_user', { userid: 'wangwei' })
    expect(room.told).toHaveLength(2)
    await room.event('change_contact.create_user', { userid: 'lina' })
    expect(await room.inWecom(configId)).toEqual(['lina'])
    expect((await room.read.get(id)).serving.by).toBe('duty')
  })

  it('who are disabled are out, and back when they are active again', async () => {
    const { configId } = await room.make(name(), { userids: ['lina', 'wangwei'] })
    await room.event('change_contact.update_user', { userid: 'lina', status: 2 })
    expect(await room.inWecom(configId)).toEqual(['wangwei'])
    await room.event('change_contact.update_user', { userid: 'lina', name: '李娜' })
    expect(await room.inWecom(configId)).toEqual(['wangwei'])
    await room.event('change_contact.update_user', { userid: 'lina', status: 1 })
    expect(await room.inWecom(configId)).toEqual(['lina', 'wangwei'])
  })

  it('who lost customer contact, as a sync found, are out within ten minutes', async () => {
    await world.act('members', { userid: 'outside', name: '外面', department: [1] })
    const { configId, id } = await room.make(name(), { userids: ['lina', 'outside'] })
    room.standing.set('outside', { active: true, rep: false })
    await world.act('members/outside/status', { status: 4 })
    await world.advance(10 * minute)
    await room.sweep()
    expect(await room.inWecom(configId)).toEqual(['lina'])
    expect((await room.read.get(id)).unable).toMatchObject([{ userid: 'outside', errcode: 84074 }])
  })

  it('whom WeCom refuses are named and left out until the next day, the others serve', async () => {
    const { configId, id } = await room.make(name(), { userids: ['lina'], backups: ['zhao'] })
    await world.act('members/chen/status', { status: 4 })
    const before = await room.read.get(id)
    const after = await room.channels.update(id, { ...before, userids: ['chen', 'wangwei'] })
    expect(after).toMatchObject({
      serving: { userids: ['wangwei'] },
      unable: [{ userid: 'chen', errcode: 41054 }],
      problem: null,
    })
    await world.act('members/chen/status', { status: 1 })
    await world.advance(16 * hour)
    await room.sweep()
    expect(await room.inWecom(configId)).toEqual(['chen', 'wangwei'])
    expect((await room.read.get(id)).unable).toEqual([])
  })

  it('who get another userid stay in the channel under it', async () => {
    const { id } = await room.make(name(), {
      userids: ['lina', 'wangwei'],
      backups: ['lina'],
      shifts: [{ weekdays, from: '08:00', to: '18:00', userids: ['wangwei'] }],
    })
    await world.act('members', { userid: 'wei', name: '王伟', department: [1] })
    await room.event('change_contact.update_user', { userid: 'wangwei', newUserid: 'wei' })
    expect(await room.read.get(id)).toMatchObject({
      userids: ['lina', 'wei'],
      shifts: [{ userids: ['wei'] }],
      serving: { userids: ['wei'] },
    })
  })
})

describe('a number per rep and day', () => {
  it('takes reps out as they are full, lets backups in, and begins anew at midnight', async () => {
    const { configId, id } = await room.make(name(), { userids: ['lina', 'wangwei'], backups: ['zhao'], capPerDay: 2 })
    const come = async (customer: string, userid: string): Promise<void> => {
      await room.tell(customer, room.added(customer, userid, id))
      await room.drain()
    }
    await come('cap_1', 'lina')
    await come('cap_2', 'lina')
    expect(await room.inWecom(configId)).toEqual(['wangwei'])
    // The same fact again, and a half contact who becomes a full one, count once.
    await come('cap_3', 'wangwei')
    await come('cap_3', 'wangwei')
    expect(await room.inWecom(configId)).toEqual(['wangwei'])
    await come('cap_4', 'WangWei')
    expect(await room.inWecom(configId)).toEqual(['zhao'])
    expect(await room.read.get(id)).toMatchObject({
      full: ['lina', 'wangwei'],
      serving: { by: 'backup', until: new Date('2026-06-01T16:00:00Z') },
    })
    for (let more = 0; more < 5; more += 1) await come(`cap_more_${more}`, 'zhao')
    expect(await room.inWecom(configId)).toEqual(['zhao'])
    await at('2026-06-01T16:00:00Z')
    await room.sweep()
    expect(await room.inWecom(configId)).toEqual(['lina', 'wangwei'])
  })

  it('holds under a burst: whoever comes after the call goes to somebody else', async () => {
    const { configId, id } = await room.make(name(), { userids: ['lina', 'wangwei'], backups: ['zhao'], capPerDay: 5 })
    const got = new Map<string, number>()
    // Forty scans in parts of four that come before the room has said a word: WeCom hands out in turn.
    for (let part = 0; part < 10; part += 1) {
      const now = await room.inWecom(configId)
      await Promise.all(
        [0, 1, 2, 3].map(async (index) => {
          const userid = now[index % now.length] ?? ''
          got.set(userid, (got.get(userid) ?? 0) + 1)
          const customer = `burst_${part}_${index}`
          await room.tell(customer, room.added(customer, userid, id))
        }),
      )
      await room.drain()
    }
    // Past the number by what was under way at most.
    expect(got.get('lina')).toBeLessThanOrEqual(5 + 3)
    expect(got.get('wangwei')).toBeLessThanOrEqual(5 + 3)
    expect(got.get('zhao')).toBeGreaterThanOrEqual(24)
    expect((await room.channels.stats.of(id, 1)).total.adds).toBe(40)
  })

  it('wants somebody to take over', async () => {
    await expect(room.make(name(), { capPerDay: 3 })).rejects.toMatchObject({ code: 'channel.needs_backup' })
    const shift = { weekdays, from: '09:00', to: '18:00', userids: ['wangwei'] }
    await expect(room.make(name(), { shifts: [shift], backups: ['zhao'] })).rejects.toMatchObject({
      code: 'channel.stranger',
    })
  })
})

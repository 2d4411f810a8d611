import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { settleMs } from '../../../server/sync/gaps.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'
import { createRooms, type Rooms } from './company.ts'

const mongo = useMongo()
const world = useWecom()
const Person = z.object({ external_userid: z.string() })
const batch = '/cgi-bin/externalcontact/batch/get_by_user'
let wecom: Wecom
let rooms: Rooms

beforeAll(async () => {
  wecom = world.adapter()
  createRooms(mongo.get(), world.clock, wecom)
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  rooms = createRooms(mongo.get(), world.clock, wecom)
  // Time goes on, so that a fetch is later than the one before.
  await world.advance(1000)
})

const person = async (name = '客户'): Promise<string> =>
  Person.parse(await world.act('customers', { name })).external_userid
const added = async (userid = 'lina'): Promise<string> => {
  const external_userid = await person()
  await world.act('add', { userid, external_userid })
  return external_userid
}
const holdOf = async (externalUserId: string, userid = 'lina') =>
  (await rooms.engine.read.byExternal(externalUserId))?.follows.find((follow) => follow.userid === userid)?.state
/** A whole run by the schedule, and what it finds repaired two minutes later. */
const compared = async (kind: 'light' | 'full') => {
  await rooms.sync.start(kind, 'hourly')
  await rooms.work()
  await world.advance(settleMs + 1000)
  await rooms.sweep()
  await world.advance(2000)
  await rooms.sweep()
  return rooms.read.status()
}
const kinds = async () =>
  (await rooms.read.gaps({ limit: 200 })).items.map(({ kind, state }) => `${kind} ${state}`).toSorted()

describe('the first sync', () => {
  it('takes over members, reps and customers; nothing of it is a gap', async () => {
    const id = await added()
    const status = await compared('full')
    expect(status).toMatchObject({ running: null, lastMonth: 0, suspected: 0 })
    expect(status.last[0]).toMatchObject({ state: 'done', members: 2, suspects: 0 })
    expect(await holdOf(id)).toBe('following')
    expect(await rooms.membersRead.get('lina')).toMatchObject({ rep: true, active: true, role: 'manager' })
  })

  it('goes on where it was after a crash, and another process does not take it over before its lease ends', async () => {
    for (let index = 0; index < 3; index += 1) await added(index === 2 ? 'wangwei' : 'lina')
    const run = await rooms.sync.start('full', 'start')
    // members, tags, and the first rep; then the process is gone
    await rooms.work(3)
    const other = createRooms(mongo.get(), world.clock, wecom)
    await other.sweep()
    expect(await other.read.status()).toMatchObject({ running: null, last: [{ id: run._id, state: 'done' }] })
    // one page of lina's, one of wangwei's: nobody was walked twice
    expect((await other.read.status()).last[0]?.customers).toBeGreaterThanOrEqual(3)
  })
})

describe('a clock that is put back', () => {
  it('holds up no run that has begun: neither before its first step nor with a process dead at it', async () => {
    await added()
    const today = world.clock.date()
    for (const steps of [0, 1]) {
      const run = await rooms.sync.start('full', 'start')
      await rooms.work(steps)
      // The one step died: its lease runs until the autumn.
      if (steps === 1)
        await mongo
          .get()
          .connection.collection('syncruns')
          .updateOne({ running: true }, { $set: { lease: { id: 'dead', until: new Date(today.getTime() + 60_000) } } })
      world.clock.set(new Date(today.getTime() - 150 * 86_400_000))
      const other = createRooms(mongo.get(), world.clock, wecom)
      await other.sweep()
      await other.work()
      world.clock.set(today)
      const ended = await mongo.get().connection.collection<{ _id: string }>('syncruns').findOne({ _id: run._id })
      expect(ended).toMatchObject({ state: 'done' })
      expect((await rooms.read.status()).running).toBeNull()
    }
  })
})

describe('gaps', () => {
  beforeEach(async () => {
    await compared('full')
  })

  it('finds what callbacks never told, light, and repairs it through their handlers', async () => {
    const [came, went] = [await added(), await added()]
    await compared('light')
    expect(await kinds()).toEqual(['contact.added repaired', 'contact.added repaired'])
    expect(await holdOf(came)).toBe('following')
    await world.act('delete-by-member', { userid: 'lina', external_userid: went })
    await compared('light')
    expect(await kinds()).toContain('contact.deleted repaired')
    expect(await holdOf(went)).toBe('deleted_by_rep')
    const [newest] = (await rooms.read.gaps({ limit: 1 })).items
    expect(newest).toMatchObject({ kind: 'contact.deleted', subject: { userid: 'lina', externalUserId: went } })
    expect(newest?.inboxId).toMatch(/^inb_/)
  })

  it('finds a changed remark and tag in a full run, once', async () => {
    const id = await added()
    await compared('full')
    await world.act('remark', { userid: 'lina', external_userid: id, remark: '老客' })
    await compared('full')
    await compared('full')
    expect((await kinds()).filter((kind) => kind.startsWith('contact.edited'))).toEqual(['contact.edited repaired'])
    expect(
      (await rooms.engine.read.whole((await rooms.engine.read.byExternal(id))?.id ?? ''))?.contact?.follows[0]?.remark,
    ).toBe('老客')
  })

  it('a callback that was only on its way is no gap', async () => {
    const id = await added()
    await rooms.sync.start('light', 'hourly')
    await rooms.work()
    expect((await rooms.read.status()).suspected).toBe(1)
    await rooms.inbox.append({
      event: 'change_external_contact.add_external_contact',
      fields: { userid: 'lina', externalUserId: id },
      createTime: world.clock.date(),
    })
    await rooms.work()
    await world.advance(settleMs + 1000)
    await rooms.sweep()
    expect(await rooms.read.status()).toMatchObject({ suspected: 0, lastMonth: 0 })
  })

  it('who deleted a rep without a word is noticed when a message does not arrive', async () => {
    const id = await added()
    await compared('light')
    await world.act('delete-by-customer', { userid: 'lina', external_userid: id })
    await compared('full')
    // No list of WeCom shows it.
    expect(await holdOf(id)).toBe('following')
    await rooms.sync.lost('lina', id)
    await rooms.sync.lost('lina', id)
    await world.advance(settleMs + 1000)
    await rooms.sweep()
    await world.advance(2000)
    await rooms.sweep()
    expect(await holdOf(id)).toBe('deleted_by_customer')
    expect((await kinds()).filter((kind) => kind.startsWith('contact.lost'))).toEqual(['contact.lost repaired'])
  })

  it('a run asked for by hand repairs at once', async () => {
    const id = await added()
    const whole = rooms.sync.whole(10_000)
    const until = setInterval(() => void rooms.work(), 20)
    expect(await whole).toMatchObject({ state: 'done', suspects: 1 })
    clearInterval(until)
    expect(await holdOf(id)).toBe('following')
    expect(await kinds()).toEqual(['contact.added repaired'])
  })

  it('tells of members and tags nobody told of', async () => {
    await wecom.setup.addCorpTag({ group: '来源', name: '直播' })
    await world.act('members', { userid: 'zhao', name: '赵敏', department: [1] })
    await compared('light')
    await rooms.tags.sync()
    await compared('light')
    expect(await rooms.membersRead.get('zhao')).toMatchObject({ active: true, rep: true })
    expect(await kinds()).toContain('member.joined repaired')
  })
})

describe('when something is wrong', () => {
  it('stops itself when a fifth of all holds would end, and goes on when a person says so', async () => {
    for (let index = 0; index < 30; index += 1) await added('wangwei')
    await compared('full')
    const held = await rooms.engine.read.list({ limit: 200, scope: ['wangwei'] })
    for (const { externalUserId } of held.docs.slice(0, 25))
      await world.act('delete-by-member', { userid: 'wangwei', external_userid: externalUserId })
    await rooms.sync.start('light', 'hourly')
    await rooms.work()
    const [paused] = (await rooms.read.status()).last
    expect(paused).toMatchObject({ state: 'paused', brake: { missing: 25 } })
    expect((await rooms.read.status()).suspected).toBe(0)
    await rooms.sync.start('light', 'by_hand', true)
    await rooms.work()
    expect((await rooms.read.status()).last[0]).toMatchObject({ state: 'done', suspects: 25 })
  })

  it('tries again more and more slowly, then pauses with the reason; the next run begins anew', async () => {
    await world.act('faults', { path: batch, kind: 'errcode', errcode: 48002, times: 8 })
    await rooms.sync.start('full', 'nightly')
    for (let index = 0; index < 10; index += 1) {
      await rooms.work()
      await world.advance(61 * 60_000)
      await rooms.sync.sweep.run(world.clock.date())
    }
    const failed = (await rooms.read.status()).last.find(({ error }) => error !== null)
    expect(failed).toMatchObject({ state: 'paused', error: expect.stringContaining('48002') })
    await world.clear('faults')
    await rooms.work()
    expect(await compared('full')).toMatchObject({
      last: expect.arrayContaining([expect.objectContaining({ state: 'done' })]),
    })
  })
})

describe('the schedule', () => {
  it('begins with a full run, then light ones about hourly and a full one each night, one at a time', async () => {
    await Promise.all([rooms.sync.started(), rooms.sync.started()])
    await Promise.all([rooms.sync.sweep.run(world.clock.date()), rooms.sync.sweep.run(world.clock.date())])
    await rooms.work()
    expect((await rooms.read.status()).last).toMatchObject([{ kind: 'full', cause: 'start', state: 'done' }])
    for (let hour = 0; hour < 26; hour += 1) {
      await world.advance(66 * 60_000)
      await rooms.sweep()
    }
    const causes = (await rooms.read.status()).last.map(({ cause }) => cause)
    expect(causes.filter((cause) => cause === 'hourly').length).toBeGreaterThanOrEqual(3)
    const { nextFullAt } = await rooms.read.status()
    expect(new Date(nextFullAt ?? 0).toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' })).toMatch(/^03:[0-2]\d/)
  })
})

import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fact } from '@zhiyin/shared/fact'
import { createLosses } from '../../../server/losses/losses.ts'
import { createLossesRead } from '../../../server/losses/read.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { buildView, sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const second = 1000
const day = 86_400_000

const setUp = async () => {
  const clock = movableClock()
  const platform = await startPlatform(clock)
  await platform.member('boss', '主管')
  await platform.member('lina', '李娜')
  const rooms = sendingRooms(mongo.get(), clock, platform)
  const losses = createLosses({
    mongo: mongo.get(),
    clock,
    views: async (ids) => ids.flatMap((id) => rooms.customers.get(id) ?? []),
    names: async (ids) => new Map(ids.map((id) => [id, id === 'wang' ? '王伟' : id])),
    standing: async (ids) => new Map(ids.map((id) => [id, { active: id !== 'left' }])),
    managersOf: async (ids) => new Map(ids.map((id) => [id, ['boss']])),
    createTasks: rooms.tasks.createMany,
    closeTasks: rooms.tasks.close,
    wantMany: rooms.outbox.wantMany,
    lossesUrl: 'https://zhiyin.example/console/losses',
  })
  type Hold = { userid: string; state: 'following' | 'deleted_by_customer' | 'deleted_by_rep' }
  const customer = (id: string, ...holds: Hold[]) =>
    rooms.customers.set(
      id,
      buildView({
        id,
        name: `客户${id}`,
        follows: holds.map((hold) => ({ ...hold, since: clock.date(), channelId: null })),
      }),
    )
  const deleted = (customerId: string, userid: string, at = clock.date()): Fact<'contact.deleted_by_customer'> => ({
    id: `deleted:${customerId}:${userid}:${at.getTime()}`,
    customerId,
    type: 'contact.deleted_by_customer',
    at,
    seenAt: clock.date(),
    source: 'wecom',
    payload: { userid },
  })
  const run = async (): Promise<void> => {
    await losses.sweep.run(clock.date())
    await rooms.settle()
  }
  const open = async (userid: string) => (await rooms.tasks.list({ scope: [userid], state: 'open', limit: 50 })).items
  const told = async (to: string) => (await platform.received()).filter((one) => one.to === to).map(({ text }) => text)
  const list = () => createLossesRead(mongo.get()).list({ scope: null, limit: 50 })
  return { clock, rooms, losses, customer, deleted, run, open, told, list }
}

beforeAll(async () => {
  await setUp()
  await mongo.indexes()
})
beforeEach(async () => {
  for (const model of Object.values(mongo.get().connection.models)) await model.deleteMany({})
})

describe('a customer who deletes a rep', () => {
  it('gives the rep a task and a message, the managers a message, once for two events of one deletion', async () => {
    const { clock, losses, customer, deleted, run, open, told, list } = await setUp()
    customer('c1', { userid: 'wang', state: 'deleted_by_customer' })
    await losses.match('c1', [deleted('c1', 'wang')])
    await losses.match('c1', [deleted('c1', 'wang')])
    await losses.match('c1', [deleted('c1', 'wang', new Date(clock.now() + second))])
    await losses.match('c1', [deleted('c1', 'wang', new Date(clock.now() - second))])
    clock.advance(61 * second)
    await run()
    await run()
    expect(await open('wang')).toMatchObject([
      { kind: 'win_back', title: '挽回 客户c1', because: [{ code: 'loss.deleted' }, { code: 'loss.held_by_nobody' }] },
    ])
    expect(await told('wang')).toEqual(['客户c1 删除了你，已没有顾问跟进。已为你建了一条挽回待办。'])
    expect(await told('boss')).toEqual([
      '客户流失提醒（1）\n客户c1 删除了 王伟，已没有顾问跟进\nhttps://zhiyin.example/console/losses',
    ])
    expect((await list()).items).toMatchObject([{ customerId: 'c1', userid: 'wang', times: 1, wonBackAt: null }])
  })

  it('is noticed too where the rep deletes them in the same second; a second later the rep has let them go first', async () => {
    const { clock, losses, customer, deleted, list } = await setUp()
    customer('c1', { userid: 'wang', state: 'deleted_by_rep' })
    await losses.match('c1', [deleted('c1', 'wang')])
    await losses.match('c1', [deleted('c1', 'wang')])
    customer('c2', { userid: 'wang', state: 'deleted_by_rep' })
    await losses.match('c2', [deleted('c2', 'wang', new Date(clock.now() - second))])
    expect((await list()).items).toMatchObject([{ customerId: 'c1', userid: 'wang', times: 1 }])
  })

  it('says who still holds them', async () => {
    const { clock, losses, customer, deleted, run, open, told } = await setUp()
    customer('c1', { userid: 'lina', state: 'deleted_by_customer' }, { userid: 'wang', state: 'following' })
    await losses.match('c1', [deleted('c1', 'lina')])
    clock.advance(61 * second)
    await run()
    expect(await told('lina')).toEqual(['客户c1 删除了你，仍由王伟跟进。已为你建了一条挽回待办。'])
    expect((await told('boss'))[0]).toContain('仍由王伟跟进')
    expect((await open('lina'))[0]?.because[1]).toEqual({ code: 'loss.still_held', params: { reps: '王伟' } })
  })

  it('is no loss when the hold was handed over or begun anew, nor when it is old news', async () => {
    const { clock, losses, customer, deleted, run, open, told, list } = await setUp()
    customer('c1', { userid: 'lina', state: 'deleted_by_rep' }, { userid: 'wang', state: 'following' })
    customer('c2', { userid: 'wang', state: 'following' })
    // Handed over, or added again, a moment later.
    await losses.match('c1', [deleted('c1', 'lina', new Date(clock.now() - 2 * second))])
    await losses.match('c2', [deleted('c2', 'wang')])
    expect((await list()).items).toEqual([])
    customer('c3', { userid: 'wang', state: 'deleted_by_customer' })
    await losses.match('c3', [deleted('c3', 'wang', new Date(clock.now() - 30 * day))])
    clock.advance(61 * second)
    await run()
    expect((await list()).items).toHaveLength(1)
    expect([await open('wang'), await told('wang'), await told('boss')]).toEqual([[], [], []])
  })

  it('who comes back is won back; the task is done; another deletion is another loss', async () => {
    const { clock, losses, customer, deleted, run, open, list } = await setUp()
    customer('c1', { userid: 'wang', state: 'deleted_by_customer' })
    await losses.match('c1', [deleted('c1', 'wang')])
    clock.advance(day)
    const back: Fact<'contact.added'> = { ...deleted('c1', 'wang'), type: 'contact.added', payload: { userid: 'wang' } }
    customer('c1', { userid: 'wang', state: 'following' })
    await losses.match('c1', [back])
    expect((await list()).items).toMatchObject([{ wonBackAt: clock.date() }])
    expect(await open('wang')).toEqual([])
    clock.advance(day)
    customer('c1', { userid: 'wang', state: 'deleted_by_customer' })
    await losses.match('c1', [deleted('c1', 'wang')])
    await run()
    expect((await list()).items).toMatchObject([{ times: 2, wonBackAt: null }])
    expect(await open('wang')).toHaveLength(1)
  })

  it('many at once are one message to the manager; a rep who has left is not told', async () => {
    const { clock, losses, customer, deleted, run, open, told } = await setUp()
    for (let i = 0; i < 14; i += 1) {
      customer(`c${i}`, { userid: 'left', state: 'deleted_by_customer' })
      await losses.match(`c${i}`, [deleted(`c${i}`, 'left')])
    }
    clock.advance(61 * second)
    await run()
    const [text = '', ...rest] = await told('boss')
    expect(rest).toEqual([])
    expect(text).toContain('客户流失提醒（14）')
    expect(text.split('\n')).toHaveLength(13)
    expect(await open('left')).toEqual([])
  })

  it('what a crash left untold is told by the sweep, once', async () => {
    const { clock, losses, customer, deleted, run, open, told } = await setUp()
    customer('c1', { userid: 'wang', state: 'deleted_by_customer' })
    await losses.match('c1', [deleted('c1', 'wang')])
    await mongo
      .get()
      .connection.collection('losses')
      .updateMany({}, { $set: { untold: true } })
    clock.advance(61 * second)
    await run()
    expect(await open('wang')).toHaveLength(1)
    expect(await told('wang')).toHaveLength(1)
    expect((await losses.backlog.count(clock.date())).pending).toBe(0)
  })
})

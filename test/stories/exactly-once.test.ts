import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'
import { foundCompany, thankForOrders, until, type Company } from '../support/company.ts'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const massPath = '/cgi-bin/externalcontact/add_msg_template'
const welcomePath = '/cgi-bin/externalcontact/send_welcome_msg'
const Requests = z.array(z.object({ path: z.string(), fault: z.string().optional() }))

/** Processes die, stores are emptied, answers are lost; the ledger of what people received is the witness. */
describe('each message goes out exactly once', () => {
  let world: World
  let company: Company

  beforeAll(async () => {
    world = await startWorld()
    company = await foundCompany(world)
  })
  afterAll(() => world.close())

  const customers = async (prefix: string, count: number): Promise<string[]> => {
    const ids: string[] = []
    for (let index = 0; index < count; index++) {
      const id = await company.stranger(`${prefix}${index}`)
      await company.scan(id)
      ids.push(id)
    }
    await world.drain()
    return ids
  }
  const confirmAll = async (): Promise<void> => {
    for (const task of await world.tasks('lina'))
      if (task.status === 'waiting') await world.act(`tasks/${task.msgid}/confirm`, { userid: 'lina' }, Nothing)
  }
  const received = async (ids: readonly string[], via: 'mass' | 'welcome'): Promise<number[]> =>
    Promise.all(ids.map(async (to) => (await world.ledger({ to, via })).length))
  const stateOf = async (ruleId: string): Promise<string[]> =>
    (await world.call(api.sends.list, { query: { ruleId, limit: 200 } })).items.map(({ state }) => state)
  /** The one fault set has hit a call. */
  const faultTaken = async (): Promise<boolean> => (await world.look('faults', z.array(z.unknown()))).length === 0
  /** Starts the worker again. With `at` the clock is put there, so that a welcome's 20 s do not pass while a busy machine starts a process. */
  const restartWorker = async (at?: number): Promise<void> => {
    await world.stack.processes.worker?.start()
    if (at !== undefined) await world.act('clock/set', { now: at }, ClockState)
  }
  const killWorker = async (): Promise<void> => {
    await world.stack.processes.worker?.stop('SIGKILL')
  }

  it.each([
    ['WeCom had done the work', 'slow'],
    ['WeCom had not begun', 'hang'],
  ])('kill -9 of the worker between claim and answer, when %s', async (_what, kind) => {
    const ids = await customers(`断电${kind}`, 3)
    const ruleId = await thankForOrders(world, `谢谢 ${kind}`)
    await world.act('faults', { path: massPath, kind, ms: 3000, times: 1 }, Nothing)
    for (const id of ids) await company.order(id, `order-${kind}-${id}`, 100)
    await until('the call has reached WeCom', faultTaken)
    expect(await stateOf(ruleId)).toContain('claimed')
    await killWorker()
    await until('the cut call has ended in the stand-in', async () =>
      (await world.look(`requests?path=${massPath}`, Requests)).some(({ fault }) => fault === kind),
    )
    await restartWorker()
    // Claims and leases of the dead worker run out.
    await world.advanceOnly(60_000)
    await world.advance(60_000)
    expect(await stateOf(ruleId)).toEqual(['sent', 'sent', 'sent'])
    await confirmAll()
    await world.advance(hours(2))
    expect(await received(ids, 'mass')).toEqual([1, 1, 1])
    await world.call(api.rules.pause, { params: { id: ruleId } })
  })

  it('an answer cut off after WeCom accepted', async () => {
    await world.advance(hours(24))
    const [id = ''] = await customers('断线', 1)
    const ruleId = await thankForOrders(world, '谢谢，断线')
    await world.act('faults', { path: massPath, kind: 'cut_after', times: 1 }, Nothing)
    await company.order(id, `order-cut-${id}`, 100)
    await world.drain()
    await world.advance(60_000)
    expect(await stateOf(ruleId)).toEqual(['sent'])
    await confirmAll()
    await world.advance(hours(1))
    expect(await received([id], 'mass')).toEqual([1])
    await world.call(api.rules.pause, { params: { id: ruleId } })
  })

  it('kill -9 while a welcome is on its way', async () => {
    const id = await company.stranger('欢迎中断')
    await world.act('faults', { path: welcomePath, kind: 'slow', ms: 3000, times: 1 }, Nothing)
    const scannedAt = await world.now()
    await company.scan(id)
    await until('the call has reached WeCom', faultTaken)
    await killWorker()
    await until('the cut call has ended', async () =>
      (await world.look(`requests?path=${welcomePath}`, Requests)).some(({ fault }) => fault === 'slow'),
    )
    // The claim of the dead worker, good for 6 s, is over; the 20 s of the welcome are not.
    await restartWorker(scannedAt + 8000)
    await until('the welcome has settled', async () =>
      (await world.call(api.sends.list, { query: { channel: 'welcome', state: 'sent' } })).items.some(({ history }) =>
        history.some(({ state }) => state === 'unsure'),
      ),
    )
    await world.advance(120_000)
    expect(await received([id], 'welcome')).toEqual([1])
    expect((await company.profile(id)).name).toBe('欢迎中断')
  })

  it('FLUSHALL on Redis in the middle: nothing is lost or doubled', async () => {
    await killWorker()
    const scannedAt = await world.now()
    const ids: string[] = []
    for (let index = 0; index < 10; index++) {
      const id = await company.stranger(`清空${index}`)
      await company.scan(id)
      ids.push(id)
    }
    const redis = new Redis(world.stack.redisUrl)
    await redis.flushall()
    // Late enough for the sweep to take up what nobody was nudged about.
    await restartWorker(scannedAt + 8000)
    await until('the sweep has found them', async () => (await received(ids, 'welcome')).every((count) => count > 0))
    await world.drain()
    expect(await received(ids, 'welcome')).toEqual(ids.map(() => 1))
    await redis.flushall()
    redis.disconnect()
    for (const id of ids) expect((await company.profile(id)).tags.map(({ name }) => name)).toEqual(['门店海报'])
  })

  it('the database process is killed and started again in the middle', async () => {
    const { mongo } = world.stack.processes
    if (mongo === undefined) return
    const ids: string[] = []
    for (let index = 0; index < 12; index++) ids.push(await company.stranger(`数据库${index}`))
    for (const id of ids.slice(0, 6)) await company.scan(id)
    await mongo.stop('SIGKILL')
    const late = Promise.all(ids.slice(6).map((id) => company.scan(id)))
    await mongo.start()
    await late
    await until(
      'all callbacks have been delivered',
      async () => (await world.wecom(admin.callbacks.idle)).pendingCallbacks === 0,
    )
    await world.drain()
    const delivered = (await world.wecom(admin.callbacks.list)).filter(({ state }) => state === 'delivered')
    const known = ids.filter((id) => delivered.some(({ message }) => message.includes(id)))
    expect(known.length).toBeGreaterThanOrEqual(6)
    const counts = await received(known, 'welcome')
    expect(counts).toEqual(known.map(() => 1))
    await world.call(api.members.sync)
    await world.drain()
    for (const id of ids)
      expect((await company.profile(id)).follows).toMatchObject([{ userid: 'lina', state: 'following' }])
  })
})

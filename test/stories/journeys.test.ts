import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { foundCompany, until } from '../support/company.ts'
import { heldBy, massesOf, type Person } from '../support/held.ts'
import { managing, type Rule } from '../support/manager.ts'
import { days, hours, startWorld, type World } from '../support/world.ts'

const massPath = '/cgi-bin/externalcontact/add_msg_template'
const Requests = z.array(z.object({ path: z.string(), fault: z.string().optional() }))
type Steps = Rule['steps']

/** What breaks and what people change while customers are under way; the ledger of what each received is the witness. */
describe('journeys go on', () => {
  let world: World
  let manager: ReturnType<typeof managing>
  let held: Person[] = []

  beforeAll(async () => {
    world = await startWorld()
    manager = managing(world)
    held = await heldBy(world, await foundCompany(world), 'lina', 60)
  })
  afterAll(() => world.close())

  /** So many of lina's customers whom nothing has happened to yet. */
  const people = (count: number): Person[] => held.splice(0, count)
  const ruleOf = (name: string, steps: Steps): Rule => ({ name, trigger: { type: 'manual' }, steps })
  const begin = (name: string, steps: Steps): Promise<string> => manager.begin(ruleOf(name, steps))
  const got = (who: readonly Person[]): Promise<string[][]> => massesOf(world, who)
  const all = <T>(who: readonly unknown[], of: T): T[] => who.map(() => of)

  const killWorker = async (): Promise<void> => {
    await world.stack.processes.worker?.stop('SIGKILL')
  }
  const startWorker = async (): Promise<void> => {
    await world.stack.processes.worker?.start()
  }
  const emptyRedis = async (): Promise<void> => {
    const redis = new Redis(world.stack.redisUrl)
    await redis.flushall()
    redis.disconnect()
  }
  const callsEnded = async (kind: string): Promise<number> =>
    (await world.look(`requests?path=${massPath}`, Requests)).filter(({ fault }) => fault === kind).length
  /** The worker is killed while WeCom works on the mass message that comes of `work`; WeCom gets done with it. */
  const dieInCall = async (work: () => Promise<void>): Promise<void> => {
    const before = await callsEnded('slow')
    await world.wecom(admin.faults.add, { body: { path: massPath, kind: 'slow', ms: 1000, times: 1 } })
    await work()
    await until('a call has reached WeCom', async () => (await world.wecom(admin.faults.list)).length === 0, 60_000)
    await killWorker()
    await until('the cut call has ended in the stand-in', async () => (await callsEnded('slow')) > before)
  }
  /** The worker begins again; claims and leases of the dead one run out. */
  const recover = async (): Promise<void> => {
    await startWorker()
    await world.advanceOnly(61_000)
    await world.settle(61_000)
  }

  it('kill -9, an emptied Redis, a dead database and a lost answer: each customer gets each message once', async () => {
    const { mongo } = world.stack.processes
    const who = people(24)
    const texts = ['断电 甲', '断电 乙', '断电 二', '断电 三']
    const [first = '', other = '', second = '', third = ''] = await Promise.all(texts.map(manager.content))
    const send = (id: string, contentId: string) => ({ id, type: 'send', channel: 'mass', contentId }) as const
    const ruleId = await begin('断电', [
      {
        id: 'chance',
        type: 'split',
        arms: [
          { id: 'a', name: '甲', percent: 50, next: 'one' },
          { id: 'b', name: '乙', percent: 50, next: 'other' },
        ],
      },
      { ...send('one', first), next: 'sure' },
      { ...send('other', other), next: 'sure' },
      { id: 'sure', type: 'wait', hours: 24 },
      { id: 'call', type: 'task', title: '断电后的电话' },
      send('two', second),
      { id: 'rest', type: 'wait', hours: 24 },
      send('three', third),
    ])
    await dieInCall(() => manager.put(ruleId, who))
    await emptyRedis()
    await recover()
    await manager.confirmed()
    const afterFirst = await got(who)
    expect(afterFirst.map((texts) => texts.length)).toEqual(all(who, 1))

    // Killed while they wait; then while the next message is made, and the database with it.
    await killWorker()
    await emptyRedis()
    await world.advanceOnly(hours(24))
    await dieInCall(startWorker)
    await mongo?.stop('SIGKILL')
    await mongo?.start()
    await emptyRedis()
    await recover()
    await manager.confirmed()

    // The answer to the last one is lost.
    await world.wecom(admin.faults.add, { body: { path: massPath, kind: 'cut_after', times: 1 } })
    await world.settle(hours(24))
    await world.settle(61_000)
    await manager.confirmed()
    expect(await got(who)).toEqual(afterFirst.map((texts) => [...texts, '断电 二', '断电 三']))
    expect(await manager.statesOf(ruleId)).toEqual(all(who, 'finished'))
    for (const { id: customerId } of who) {
      const { items } = await world.call(api.tasks.list, { query: { customerId } })
      expect(items.filter(({ title }) => title === '断电后的电话')).toHaveLength(1)
    }
    // The log of the experiment knows each customer once, in the arm whose words they received.
    const { comparisons } = await world.call(api.measure.rule, { params: { id: ruleId } })
    const arms = comparisons.find(({ stepId }) => stepId === 'chance')?.arms ?? []
    const received = (text: string): number => afterFirst.filter(([had]) => had === text).length
    expect(arms.map(({ arm, customers, open }) => [arm, customers + open])).toEqual([
      ['a', received('断电 甲')],
      ['b', received('断电 乙')],
    ])
  })

  /** A journey of two messages, so many hours apart. */
  const twice = (one: string, rest: number, two: string): Steps => [
    { id: 'one', type: 'send', channel: 'mass', contentId: one },
    { id: 'rest', type: 'wait', hours: rest },
    { id: 'two', type: 'send', channel: 'mass', contentId: two },
  ]
  const edit = async (id: string, name: string, steps: Steps, running: 'finish' | 'move'): Promise<void> => {
    const { version } = await world.call(api.rules.get, { params: { id } })
    await world.call(api.rules.update, { params: { id }, body: { ...ruleOf(name, steps), version, running } })
  }

  it('paused, edited, rolled back and resumed: each finishes on the version they came in by, nobody is skipped or sent to twice', async () => {
    const [early, late, last] = [people(6), people(6), people(6)]
    const [one, two, anew] = [
      await manager.content('改 一'),
      await manager.content('改 二'),
      await manager.content('改 二 新'),
    ]
    const id = await begin('改', twice(one, 48, two))
    await manager.enter(id, early)
    await edit(id, '改', twice(one, 48, anew), 'finish')
    await manager.enter(id, late)
    const { items: versions } = await world.call(api.rules.versions, { params: { id } })
    expect(versions.map(({ version, live, running }) => [version, live, running])).toEqual([
      [2, true, 6],
      [1, false, 6],
    ])
    await edit(id, '改', versions.find(({ version }) => version === 1)?.steps ?? [], 'finish')
    await manager.enter(id, last)
    await manager.confirmed()
    await world.call(api.rules.pause, { params: { id } })
    await world.settle(days(3))
    expect(await got([...early, ...late, ...last])).toEqual(all([...early, ...late, ...last], ['改 一']))
    await world.call(api.rules.turnOn, { params: { id } })
    await world.settle()
    await manager.confirmed()
    expect(await got([...early, ...last])).toEqual(all([...early, ...last], ['改 一', '改 二']))
    expect(await got(late)).toEqual(all(late, ['改 一', '改 二 新']))
    expect(await manager.statesOf(id)).toEqual(all([...early, ...late, ...last], 'finished'))
  })

  it('down for a day after an edit: those moved go on by the new version; what is late goes, is left out or waits for a word', async () => {
    const moved = people(6)
    const [one, two, anew] = [
      await manager.content('移 一'),
      await manager.content('移 二'),
      await manager.content('移 二 新'),
    ]
    const moves = await begin('移', twice(one, 12, two))
    await manager.enter(moves, moved)
    await manager.confirmed()
    await edit(moves, '移', twice(one, 12, anew), 'move')
    const begun = async (action: 'send' | 'skip' | 'ask') => {
      const contentId = await manager.content(`迟到 ${action}`)
      const id = await begin(`迟到 ${action}`, [
        { id: 'rest', type: 'wait', hours: 2 },
        { id: 'one', type: 'send', channel: 'mass', contentId, late: { afterHours: 6, action } },
        { id: 'call', type: 'task', title: `迟到 ${action}` },
      ])
      const who = people(4)
      await manager.enter(id, who)
      return { id, who }
    }
    const sends = await begun('send')
    const skips = await begun('skip')
    const asks = await begun('ask')
    await killWorker()
    await world.advanceOnly(hours(24))
    await startWorker()
    await world.settle()
    await manager.confirmed()
    expect(await got(moved)).toEqual(all(moved, ['移 一', '移 二 新']))
    expect(await manager.statesOf(moves)).toEqual(all(moved, 'finished'))
    expect(await got(sends.who)).toEqual(all(sends.who, ['迟到 send']))
    expect(await got([...skips.who, ...asks.who])).toEqual(all([...skips.who, ...asks.who], []))
    expect(await manager.statesOf(sends.id)).toEqual(all(sends.who, 'finished'))
    expect(await manager.statesOf(skips.id)).toEqual(all(skips.who, 'finished'))
    expect(await manager.statesOf(asks.id)).toEqual(all(asks.who, 'waiting'))

    const { items } = await world.call(api.rules.late, { params: { id: asks.id } })
    expect(items).toMatchObject([{ stepId: 'one', count: asks.who.length }])
    const answer = { params: { id: asks.id }, body: { stepId: 'one', send: true } }
    expect(await world.call(api.rules.answerLate, answer)).toEqual({ answered: asks.who.length })
    // Asked about once.
    expect(await world.call(api.rules.answerLate, answer)).toEqual({ answered: 0 })
    await world.settle()
    await manager.confirmed()
    expect(await got(asks.who)).toEqual(all(asks.who, ['迟到 ask']))
    expect(await manager.statesOf(asks.id)).toEqual(all(asks.who, 'finished'))
  })
})

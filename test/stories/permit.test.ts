import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { SendLimits } from '@zhiyin/shared/intent'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { foundCompany, type Company } from '../support/company.ts'
import { heldBy, massesOf, type Person } from '../support/held.ts'
import { dayAt, managing, type Rule } from '../support/manager.ts'
import { days, hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const Robot = z.object({ webhook: z.url() })
/** Why a channel that takes one a day takes no more today. */
const fullToday = (channel: string) => ({ code: 'block.cap_channel_day', params: { channel, count: 1, limit: 1 } })
const codes = (because: readonly { code: string }[] = []): string[] => because.map(({ code }) => code)
const all = <T>(who: readonly unknown[], of: T): T[] => who.map(() => of)

/** Who may be written to at all, and when: valid periods, the company's caps, the platform's quota; the ledger is the witness. */
describe('what may go out', () => {
  let world: World
  let company: Company
  let manager: ReturnType<typeof managing>
  let held: Person[] = []
  let usual: SendLimits

  beforeAll(async () => {
    world = await startWorld()
    manager = managing(world)
    company = await foundCompany(world)
    held = await heldBy(world, company, 'lina', 12)
    usual = (await world.call(api.settings.get)).limits
  })
  afterAll(() => world.close())
  beforeEach(() => manager.toTime('10:00'))

  const people = (count: number): Person[] => held.splice(0, count)
  const one = (): Person => {
    const [person] = people(1)
    if (person === undefined) throw new Error('all of them have been taken')
    return person
  }
  /** The company's send limits, apart from what is usual; every process knows them within 2 s. */
  const limit = async (over: Partial<SendLimits>): Promise<void> => {
    await world.call(api.settings.update, { body: { limits: { ...usual, ...over } } })
    await world.advance(3_000)
  }
  const say = async (id: string, text: string) =>
    ({ id, type: 'send', channel: 'mass', contentId: await manager.content(text) }) as const
  /** A rule that is on and takes people in only from the day after this moment until two days later. */
  const validSoon = async (rule: Omit<Rule, 'limits'>): Promise<string> => {
    const now = await world.now()
    const [from, until] = [now + days(1), now + days(3)].map((at) => new Date(at).toISOString())
    return manager.begin({ ...rule, limits: { valid: { from: from ?? null, until: until ?? null } } })
  }
  const toNextMorning = async (): Promise<void> => {
    await manager.toTime('10:30')
    await manager.confirmed()
  }

  it('outside its valid period a rule takes nobody in by hand or by an event; who is under way when it ends goes on to the end', async () => {
    const byHand = await validSoon({
      name: '周年庆',
      trigger: { type: 'manual' },
      steps: [await say('one', '周年庆开始'), { id: 'rest', type: 'wait', hours: 60 }, await say('two', '周年庆返场')],
    })
    const byOrder = await validSoon({
      name: '满赠',
      trigger: { type: 'event', event: 'order.completed' },
      steps: [await say('one', '满赠已到账')],
    })
    const [before, within, after] = [people(2), people(2), people(2)]
    const everybody = [...before, ...within, ...after]
    /** One is put in by hand, the other orders. */
    const come = async ([put, orders]: readonly Person[], kept: boolean): Promise<void> => {
      if (put === undefined || orders === undefined) throw new Error('two are needed')
      const putting = manager.put(byHand, [put])
      if (kept) await expect(putting).rejects.toMatchObject({ status: 409, code: 'rule.not_valid' })
      else await putting
      await company.order(orders.externalUserId, `order-${orders.id}`, 100)
      await world.settle()
      await manager.confirmed()
    }
    await come(before, true)
    expect(await massesOf(world, everybody)).toEqual(all(everybody, []))
    await world.settle(days(1))
    await come(within, false)
    expect(await massesOf(world, within)).toEqual([['周年庆开始'], ['满赠已到账']])
    await world.settle(days(2))
    await come(after, true)
    expect(await manager.statesOf(byHand)).toEqual(['waiting'])
    await toNextMorning()
    expect(await massesOf(world, everybody)).toEqual([[], [], ['周年庆开始', '周年庆返场'], ['满赠已到账'], [], []])
    expect([await manager.statesOf(byHand), await manager.statesOf(byOrder)]).toEqual([['finished'], ['finished']])
  })

  it('a greeting greets within its valid period; before and after it the usual one does', async () => {
    const welcome = { id: 'hello', type: 'send', channel: 'welcome' } as const
    await validSoon({
      name: '节日欢迎',
      trigger: { type: 'customer.added', userids: ['lina'], channelIds: [company.channelId] },
      steps: [{ ...welcome, contentId: await manager.content('节日快乐') }],
    })
    const greeted = async (name: string): Promise<string[]> => {
      const id = await company.stranger(name)
      await company.scan(id)
      await world.drain()
      return (await world.ledger({ to: id })).map(({ via, text }) => `${via} ${text}`)
    }
    expect(await greeted('节前')).toEqual(['welcome 节前你好'])
    await world.settle(days(1))
    expect(await greeted('节中')).toEqual(['welcome 节日快乐'])
    await world.settle(days(2))
    expect(await greeted('节后')).toEqual(['welcome 节后你好'])
  })

  it('the caps per day and month hold over all rules: what is too many waits for its day, or says that none comes in time', async () => {
    await limit({ platform: { period: 'month', count: 31 }, perDay: 1, perWeek: 7, perMonth: 2 })
    const person = one()
    const [first, second] = [await manager.sendsOnce('第一条'), await manager.sendsOnce('第二条')]
    await manager.enter(first, [person])
    await manager.enter(second, [person])
    expect(await manager.waiting()).toEqual(['第一条'])
    const tooMany = await manager.sendOf(second, person)
    expect(tooMany).toMatchObject({ state: 'wanted', lost: { name: '第一条', by: 'earlier', policy: 'wait' } })
    expect(tooMany?.because).toMatchObject([
      { code: 'block.cap_day', params: { count: 1, limit: 1 } },
      { code: 'block.lost_earlier', params: { winner: '第一条' } },
      { code: 'block.waits_room' },
    ])
    await manager.confirmed()
    expect(await massesOf(world, [person])).toEqual([['第一条']])
    await toNextMorning()
    expect(await massesOf(world, [person])).toEqual([['第一条', '第二条']])

    await manager.toTime('10:00')
    const patient = await manager.sendsOnce('下个月也行', {}, { expireHours: 30 * 24 })
    const urgent = await manager.sendsOnce('只等三天')
    for (const ruleId of [patient, urgent]) await manager.enter(ruleId, [person])
    expect(await manager.waiting()).toEqual([])
    const full = { code: 'block.cap_month', params: { count: 2, limit: 2 } }
    const waits = await manager.sendOf(patient, person)
    expect(waits).toMatchObject({ state: 'wanted' })
    expect(waits?.because).toMatchObject([full, { code: 'block.lost_earlier' }, { code: 'block.waits_room' }])
    const given = await manager.sendOf(urgent, person)
    expect(given).toMatchObject({ state: 'blocked' })
    expect(given?.because).toMatchObject([full, { code: 'block.lost_earlier' }, { code: 'block.no_room_in_time' }])
    await world.settle(days(27))
    await manager.confirmed()
    expect(await massesOf(world, [person])).toEqual([['第一条', '第二条']])
    await toNextMorning()
    expect(await massesOf(world, [person])).toEqual([['第一条', '第二条', '下个月也行']])
    // What its life says stays: it had been too many, and waited.
    const { history } = await world.call(api.sends.get, { params: { id: waits?.id ?? '' } })
    expect(history.flatMap(({ because }) => codes(because))).toContain('block.cap_month')
    await limit({})
  })

  it('a channel has caps of its own: a second welcome of the day is dropped, a second mass message waits for the next', async () => {
    const own = { welcome: { perDay: 1 }, mass: { perDay: 1 } }
    await limit({ platform: { period: 'month', count: 31 }, perDay: 9, perWeek: 9, perMonth: 9, channels: own })
    for (const userid of ['wangwei', 'zhou']) await world.act('members', { userid, name: userid }, Nothing)
    await world.call(api.members.sync)
    const { id: contentId } = await world.call(api.contents.create, {
      body: { name: '同事', body: { text: '我也在' } },
    })
    const colleagues = await manager.begin({
      name: '同事欢迎',
      trigger: { type: 'customer.added', userids: ['wangwei', 'zhou'] },
      steps: [{ id: 'hello', type: 'send', channel: 'welcome', contentId }],
      limits: { reentryDays: 0 },
    })
    const externalUserId = await company.stranger('小雪')
    const got = async (): Promise<string[]> =>
      (await world.ledger({ to: externalUserId })).map(({ via, text }) => `${via} ${text}`)
    await company.scan(externalUserId)
    await world.drain()
    // By a minute lina holds them longest, and so is who sends.
    await world.advance(60_000)
    const person = { externalUserId, id: (await company.profile(externalUserId)).id }
    await world.wecom(admin.customers.add, { body: { userid: 'wangwei', external_userid: externalUserId } })
    await world.drain()
    const dropped = await manager.sendOf(colleagues, person)
    expect(dropped).toMatchObject({ channel: 'welcome', state: 'blocked', lost: { name: '欢迎', policy: 'drop' } })
    expect(dropped?.because[0]).toMatchObject(fullToday('welcome'))
    expect(await got()).toEqual(['welcome 小雪你好'])

    // Mass messages have a cap of their own, which the welcome does not use.
    const [first = '', second = ''] = await Promise.all(
      ['上新', '补货'].map((text) => manager.sendsOnce(text, {}, { sender: 'longest' })),
    )
    await manager.enter(first, [person])
    await manager.enter(second, [person])
    expect((await manager.sendOf(second, person))?.because[0]).toMatchObject(fullToday('mass'))
    await manager.confirmed()
    expect(await got()).toEqual(['welcome 小雪你好', 'mass 上新'])
    await toNextMorning()
    await world.wecom(admin.customers.add, { body: { userid: 'zhou', external_userid: externalUserId } })
    await world.drain()
    expect(await got()).toEqual(['welcome 小雪你好', 'mass 上新', 'mass 补货', 'welcome 我也在'])
    await limit({})
  })

  it('a withdrawal a rep has noted holds against a shop that repeats an old consent at every login; nothing goes out until they agree anew', async () => {
    const person = one()
    const { serverUrl, secrets } = world.stack
    const login = async () => {
      const traits = { external_userid: person.externalUserId, marketing_consent: true, city: '上海' }
      const told = await fetch(`${serverUrl}/v1/identify`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`${secrets.INGEST_WRITE_KEY}:`).toString('base64')}`,
        },
        body: JSON.stringify({ userId: `shop-${person.id}`, timestamp: new Date(await world.now()), traits }),
      })
      expect(told.status).toBe(200)
      await world.settle()
    }
    const marketing = async () =>
      (await world.call(api.customers.get, { params: { id: person.id } })).consents.find(
        ({ purpose }) => purpose === 'marketing',
      )
    const note = async (state: 'granted' | 'withdrawn') => {
      const body = { purpose: 'marketing' as const, state, source: 'rep' as const }
      await world.call(api.customers.setConsent, { params: { id: person.id }, body })
    }
    await login()
    expect(await marketing()).toMatchObject({ state: 'granted', source: 'ingest', overruled: null })
    await note('withdrawn')
    await world.settle(hours(1))
    await login()
    expect(await marketing()).toMatchObject({
      state: 'withdrawn',
      source: 'rep',
      overruled: { state: 'granted', source: 'ingest' },
    })
    const first = await manager.sendsOnce('还要吗')
    await manager.enter(first, [person])
    expect(await manager.sendOf(first, person)).toMatchObject({
      state: 'blocked',
      because: [{ code: 'block.consent' }],
    })
    await note('granted')
    const second = await manager.sendsOnce('欢迎回来')
    await manager.enter(second, [person])
    await manager.confirmed()
    expect(await massesOf(world, [person])).toEqual([['欢迎回来']])
  })

  it('a robot has a cap for its group: what two rules would say too much waits for the next day', async () => {
    const { chat_id } = await world.wecom(admin.groups.create, {
      body: { name: '门店晨会', owner: 'lina', kind: 'internal' },
    })
    const { webhook } = await world.act(`groups/${chat_id}/robots`, { name: '晨会机器人' }, Robot)
    const { id: groupId } = await world.call(api.groups.addInternal, { body: { name: '门店晨会', webhook, tier: 'B' } })
    await limit({ channels: { robot: { perDay: 1 } } })
    const person = one()
    const how = { channel: 'robot', groupId } as const
    const first = await manager.sendsOnce('有人过生日', {}, how)
    const second = await manager.sendsOnce('有人要回访', {}, how)
    for (const ruleId of [first, second]) await manager.enter(ruleId, [person])
    const heard = async (): Promise<string[]> => (await world.ledger({ via: 'robot' })).map(({ text }) => text)
    expect(await heard()).toEqual(['有人过生日'])
    const waits = await manager.sendOf(second, person)
    expect(waits).toMatchObject({ channel: 'robot', state: 'wanted', lost: { name: '有人过生日', by: 'earlier' } })
    expect(waits?.because[0]).toMatchObject(fullToday('robot'))
    await manager.toTime('10:00')
    expect(await heard()).toEqual(['有人过生日', '有人要回访'])
    await limit({})
  })

  it('the platform’s one message a day goes to the highest priority; the others go along, become a task, are dropped or wait, and say to whom they lost', async () => {
    await limit({ platform: { period: 'day', count: 1 }, perDay: 9, perWeek: 9, perMonth: 9 })
    const person = one()
    const waits = await manager.sendsOnce('节气', { priority: 10 })
    const other = await manager.sendsOnce('回访', { priority: 30, onLoss: 'fallback' }, { fallback: 'task' })
    const spare = await manager.sendsOnce('问卷', { priority: 30, onLoss: 'drop' })
    const along = await manager.sendsOnce('补货', { priority: 40, onLoss: 'merge' })
    const high = await manager.sendsOnce('生日', { priority: 80 })
    const peer = await manager.sendsOnce('到店礼', { priority: 80 })
    // All are there before anything may go, so nobody wins by coming first but among equals.
    await manager.toTime('22:00')
    for (const ruleId of [waits, other, spare, along, high, peer]) await manager.enter(ruleId, [person])
    expect(await manager.waiting()).toEqual([])
    await manager.toTime('09:00')
    expect(await manager.waiting()).toEqual(['生日\n\n补货'])

    const winner = await manager.sendOf(high, person)
    const lost = { to: winner?.id, ruleId: high, name: '生日' }
    const byPriority = (own: number) => ({
      code: 'block.lost_priority',
      params: { winner: '生日', theirs: 80, own },
    })
    const quota = { code: 'block.platform_quota', params: { limit: 1 } }
    const carried = await manager.sendOf(along, person)
    expect(carried).toMatchObject({ along: winner?.id, lost: { ...lost, by: 'priority', policy: 'merge' } })
    expect(winner?.carries).toEqual([carried?.id])
    const becomesTask = await manager.sendOf(other, person)
    expect(becomesTask).toMatchObject({ state: 'blocked', lost: { ...lost, by: 'priority', policy: 'fallback' } })
    expect(becomesTask?.because).toMatchObject([
      quota,
      byPriority(30),
      { code: 'block.lost_fallback' },
      { code: 'send.lost_task' },
    ])
    expect(await manager.openTasks(person)).toContain('手写给客户：回访')
    const given = await manager.sendOf(spare, person)
    expect(given).toMatchObject({ state: 'blocked', lost: { ...lost, by: 'priority', policy: 'drop' } })
    expect(given?.because).toMatchObject([quota, byPriority(30), { code: 'block.lost_drop' }])
    const late = await manager.sendOf(waits, person)
    expect(late).toMatchObject({ state: 'wanted', lost: { ...lost, by: 'priority', policy: 'wait' } })
    expect(late?.because).toMatchObject([quota, byPriority(10), { code: 'block.waits_room' }])
    const equal = await manager.sendOf(peer, person)
    expect(equal).toMatchObject({ state: 'wanted', lost: { ...lost, by: 'earlier', policy: 'wait' } })

    await manager.confirmed()
    expect(await massesOf(world, [person])).toEqual([['生日\n\n补货']])
    expect(await manager.sendOf(along, person)).toMatchObject({ state: 'sent', delivery: 'delivered' })
    // The next day's one goes by rank again: who lost twice names the second winner.
    await manager.toTime('09:00')
    expect(await manager.waiting()).toEqual(['到店礼'])
    expect(await manager.sendOf(waits, person)).toMatchObject({ lost: { ruleId: peer, by: 'priority' } })
    await manager.confirmed()
    await manager.toTime('09:00')
    await manager.confirmed()
    expect(await massesOf(world, [person])).toEqual([['生日\n\n补货', '到店礼', '节气']])
    await limit({})
  })

  it('a quota by the month: the second message waits for the first day of the next, and goes then', async () => {
    await limit({ platform: { period: 'month', count: 1 }, perDay: 9, perWeek: 9, perMonth: 9 })
    const person = one()
    const first = await manager.sendsOnce('本月一条')
    await manager.enter(first, [person])
    await manager.confirmed()
    const second = await manager.sendsOnce('下月一条', {}, { expireHours: 30 * 24 })
    await manager.enter(second, [person])
    expect(await manager.waiting()).toEqual([])
    const waits = await manager.sendOf(second, person)
    expect(waits).toMatchObject({ state: 'wanted', lost: { ruleId: first, name: '本月一条', by: 'earlier' } })
    expect(waits?.because[0]).toMatchObject({ code: 'block.platform_quota', params: { limit: 1 } })
    const dueAt = Date.parse(waits?.dueAt ?? '')
    expect(dayAt(dueAt).slice(8)).toBe('01')
    await world.settle(dueAt - (await world.now()) - hours(1))
    expect(await manager.waiting()).toEqual([])
    await world.settle(hours(1) + 1_000)
    await manager.confirmed()
    expect(await massesOf(world, [person])).toEqual([['本月一条', '下月一条']])
    await limit({})
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import type { Fact } from '@zhiyin/shared/fact'
import { RuleInput, RuleLimits } from '@zhiyin/shared/rule'
import { movableClock } from '../../test/support/clock.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { usePlatform } from '../../test/support/platform.ts'
import { buildView, sendingRooms } from '../../test/support/sending.ts'
import { heldOut } from './enter.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const hour = 3_600_000
const day = 24 * hour
const noon = new Date('2026-03-02T04:00:00Z')
const added = 'change_external_contact.add_external_contact' as const

const setUp = async () => {
  const clock = movableClock(noon)
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform)
  /** A customer of wang's, here and in WeCom. */
  const befriend = async (id: string): Promise<string> => {
    const { externalUserId } = await platform.befriend(id)
    rooms.customers.set(id, buildView({ id, externalUserId }))
    return externalUserId
  }
  for (const id of ['c1', 'c2', 'c3']) await befriend(id)
  let count = 0
  const base = () => ({
    id: `f${(count += 1)}`,
    customerId: 'c1',
    at: clock.date(),
    seenAt: clock.date(),
    source: 'system' as const,
  })
  const silent = (customerId = 'c1'): Fact => ({
    ...base(),
    customerId,
    type: 'stage.entered',
    payload: {
      from: 'active',
      to: 'silent',
      because: [{ code: 'stage.silent_days', params: { days: 32, limit: 30 } }],
    },
  })
  const order = (): Fact => ({
    ...base(),
    type: 'order.completed',
    payload: { orderId: 'o', amount: 1, currency: 'CNY', products: [] },
  })
  const content = () =>
    rooms.contents.create(
      {
        name: '召回',
        body: { text: '{{ customer.name }}，{{ rep.name }}想你了', attachments: [] },
        variants: [
          {
            when: { tiers: ['A'] },
            body: { text: '{{ customer.name | default: "您" }} VIP {{ days_silent }}', attachments: [] },
          },
        ],
      },
      'manager',
    )
  const rule = async (over: Partial<RuleInput> = {}) => {
    const { id: contentId } = await content()
    const input = RuleInput.parse({
      name: '沉默召回',
      trigger: { type: 'stage.entered', stages: ['silent'] },
      steps: [{ id: 's1', type: 'send', channel: 'mass', contentId }],
      goal: { on: 'ordered', withinDays: 14 },
      ...over,
    })
    const { _id } = await rooms.rules.store.create(input, 'manager')
    await rooms.rules.turnOn(_id, false, 'manager', 'zh')
    return _id
  }
  const runs = async (ruleId: string) => (await rooms.rules.listRuns({ ruleId, limit: 10 })).items
  return { clock, platform, ...rooms, silent, order, rule, runs, content, befriend }
}

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  await setUp()
  await mongo.indexes()
})

describe('the recall rule', () => {
  it('takes a silent customer in, sends once, and lets them go at the goal', async () => {
    const { rules, rule, silent, order, settle, platform, clock, runs, facts, backlog } = await setUp()
    const id = await rule()
    const fact = silent()
    await rules.match('c1', [fact])
    await rules.match('c1', [fact])
    await settle()
    expect((await platform.masses()).map(({ text }) => text)).toEqual([`陈琳 VIP ${Math.floor(noon.getTime() / day)}`])
    expect(await runs(id)).toMatchObject([
      {
        state: 'waiting',
        because: [{ code: 'rule.stage_entered' }, { code: 'stage.silent_days' }, { code: 'rule.everyone' }],
      },
    ])
    const early: Fact = { ...order(), at: new Date(clock.now() - hour) }
    await rules.match('c1', [early])
    expect(await runs(id)).toMatchObject([{ state: 'waiting' }])
    clock.advance(day)
    const texts = async () => (await rules.suggestFor(buildView({ id: 'c1' }))).map(({ id: source }) => source)
    expect(await texts()).toContainEqual(expect.stringMatching(/^intent:/))
    await rules.match('c1', [order()])
    await settle()
    // Whoever has bought is not told any more that they have been missed, though WeCom still waits for the rep.
    expect(await texts()).not.toContainEqual(expect.stringMatching(/^intent:/))
    expect(await runs(id)).toMatchObject([{ state: 'goal', leftBecause: [{ code: 'rule.goal_met' }] }])
    expect([...facts.values()].map(({ type }) => type)).toEqual(
      expect.arrayContaining(['rule.entered', 'rule.left', 'send.changed']),
    )
    expect((await rules.store.counts([id])).get(id)).toMatchObject({ entered: 1, goal: 1, running: 0 })
    expect((await backlog()).map(({ pending, due }) => pending + due)).toEqual([0, 0, 0, 0])
  })

  it('does not take in twice within the re-entry time, and does afterwards', async () => {
    const { rules, rule, silent, settle, clock, runs } = await setUp()
    const id = await rule({ goal: null })
    await rules.match('c1', [silent()])
    await settle()
    expect(await runs(id)).toMatchObject([{ state: 'finished' }])
    await rules.match('c1', [silent()])
    expect(await runs(id)).toHaveLength(1)
    clock.advance(31 * day)
    await rules.match('c1', [silent()])
    expect(await runs(id)).toHaveLength(2)
  })

  it('leaves the holdout alone and still sees its goal', async () => {
    const { rules, rule, silent, order, settle, platform, clock, runs, facts, befriend } = await setUp()
    const id = await rule({ limits: RuleLimits.parse({ holdoutPercent: 50 }) })
    const ids = Array.from({ length: 30 }, (_, index) => `h${index}`)
    for (const customerId of ids) {
      await befriend(customerId)
      await rules.match(customerId, [silent(customerId)])
    }
    await settle()
    const out = ids.filter((customerId) => heldOut(id, customerId, 50))
    expect(out.length).toBeGreaterThan(3)
    expect((await platform.masses()).flatMap(({ to }) => to)).toHaveLength(30 - out.length)
    clock.advance(hour)
    const [first = ''] = out
    await rules.match(first, [{ ...order(), customerId: first }])
    const items = (await rules.listRuns({ ruleId: id, limit: 50 })).items
    const run = items.find(({ customerId }) => customerId === first)
    expect(run).toMatchObject({
      state: 'held_out',
      goalAt: clock.date(),
      because: [{}, {}, {}, { code: 'rule.held_out' }],
    })
    expect([...facts.values()].filter(({ payload }) => 'heldOut' in payload && payload.heldOut)).toHaveLength(
      out.length,
    )
    expect((await runs(id)).length).toBe(10)
  })

  it('goes through wait, branch, tag and task in time', async () => {
    const { rules, rule, silent, settle, platform, clock, runs, tasks, content, customers } = await setUp()
    const { id: contentId } = await content()
    const id = await rule({
      goal: null,
      steps: [
        { id: 'a', type: 'wait', hours: 24 },
        {
          id: 'b',
          type: 'branch',
          arms: [{ id: 'b1', name: '', condition: { type: 'tier', in: ['B'] }, next: 'c' }],
          otherwise: 'd',
        },
        { id: 'c', type: 'exit' },
        { id: 'd', type: 'tag', add: ['t1'], remove: [] },
        { id: 'e', type: 'task', title: '回访', dueHours: 24 },
        { id: 'f', type: 'send', channel: 'app', contentId, expireHours: 72 },
      ],
    })
    await rules.match('c1', [silent()])
    await settle()
    expect(await runs(id)).toMatchObject([{ state: 'waiting', at: 'a' }])
    expect(await platform.calls('app')).toBe(0)
    clock.advance(day)
    await settle()
    expect(await runs(id)).toMatchObject([{ state: 'finished' }])
    const { externalUserId } = customers.get('c1') ?? {}
    expect(await platform.tagsOf(externalUserId ?? '')).toEqual([await platform.wecomTagId('t1')])
    expect(await platform.received()).toMatchObject([{ to: 'wang', via: 'app' }])
    expect((await tasks.list({ scope: ['wang'], state: 'open', limit: 5 })).items).toMatchObject([
      { title: '回访', kind: 'rule' },
    ])
  })

  it('keeps runs on the version they entered, and holds them while paused', async () => {
    const { rules, rule, silent, settle, platform, clock, runs, content } = await setUp()
    const { id: contentId } = await content()
    const steps: RuleInput['steps'] = [
      { id: 'w', type: 'wait', hours: 1 },
      { id: 's', type: 'send', channel: 'mass', contentId, expireHours: 72 },
    ]
    const id = await rule({ steps })
    await rules.match('c1', [silent()])
    await settle()
    const stored = await rules.store.get(id)
    await rules.store.update(id, stored.version, { ...stored, steps: [{ id: 'x', type: 'exit' }] }, 'manager')
    await expect(rules.store.update(id, stored.version, stored, 'manager')).rejects.toMatchObject({
      code: 'conflict.changed',
    })
    await rules.pause(id, 'manager')
    clock.advance(2 * hour)
    await settle()
    expect(await platform.masses()).toHaveLength(0)
    await rules.store.update(id, stored.version + 1, stored, 'manager')
    await rules.turnOn(id, false, 'manager', 'zh')
    await settle()
    expect(await platform.masses()).toHaveLength(1)
    expect(await runs(id)).toMatchObject([{ version: 1, state: 'waiting' }])
  })
})

describe('the welcome', () => {
  const event = (externalUserId: string, at: Date, welcomeCode?: string) => ({
    id: 'i',
    key: `k_${externalUserId}`,
    event: added,
    fields: { userid: 'wang', externalUserId, state: 'ch1', welcomeCode },
    createTime: at,
    receivedAt: at,
  })
  const greet = async (over: Partial<RuleInput> = {}) => {
    const rooms = await setUp()
    const { id: contentId } = await rooms.content()
    const steps: RuleInput['steps'] = [{ id: 's', type: 'send', channel: 'welcome', contentId, expireHours: 1 }]
    const id = await rooms.rule({ trigger: { type: 'customer.added', channelIds: [] }, steps, goal: null, ...over })
    const handler = rooms.rules.handlers[added]?.[0]
    const run = async (record: ReturnType<typeof event>) => handler?.run(record)
    const fact = (customerId: string, at: Date): Fact => ({
      id: `contact.added:${customerId}`,
      customerId,
      at,
      seenAt: at,
      type: 'contact.added',
      source: 'wecom',
      payload: { userid: 'wang', state: 'ch1', channelId: 'ch1', channelName: 'ch1' },
    })
    return { ...rooms, id, run, fact }
  }

  it('reaches two customers added in the same second, once each, also when told thrice and by the fact', async () => {
    const { run, clock, settle, platform, rules, fact, runs, id } = await greet()
    const at = clock.date()
    const [one, two] = [await platform.befriend('一'), await platform.befriend('二')]
    const idOf = ({ externalUserId }: typeof one): string => `c_${externalUserId}`
    await rules.match(idOf(one), [fact(idOf(one), at)])
    for (const { externalUserId, code } of [one, two, one, two, one]) await run(event(externalUserId, at, code))
    await rules.match(idOf(two), [fact(idOf(two), at)])
    await settle()
    expect((await platform.received()).map(({ to, text }) => `${to} ${text.slice(0, 2)}`).sort()).toEqual(
      [one, two].map(({ externalUserId }) => `${externalUserId} 小雨`).sort(),
    )
    expect(await runs(id)).toMatchObject([{ state: 'finished' }, { state: 'finished' }])
  })

  it('waits for the code when the fact comes first', async () => {
    const { run, clock, settle, platform, rules, fact, customers } = await greet()
    const { externalUserId, code } = await platform.befriend('新客')
    customers.set('c_new', buildView({ id: 'c_new', externalUserId }))
    await rules.match('c_new', [fact('c_new', clock.date())])
    await settle()
    expect(await platform.received()).toEqual([])
    await run(event(externalUserId, clock.date(), code))
    await settle()
    expect(await platform.received()).toHaveLength(1)
  })

  it('is all that reaches somebody in the global holdout: no later step touches them', async () => {
    const { run, clock, settle, platform, rule, rules, content, measure, tasks, customers } = await greet()
    await measure.seasons.begin('春季', 20)
    const isOut = await measure.seasons.heldOut()
    const { id: contentId } = await content()
    const longer = await rule({
      trigger: { type: 'customer.added', channelIds: ['ch1'] },
      steps: [
        { id: 's', type: 'send', channel: 'welcome', contentId, expireHours: 1 },
        { id: 't', type: 'task', title: '打个电话', dueHours: 1 },
      ],
    })
    const out = ({ externalUserId }: { externalUserId: string }): boolean => isOut(`c_${externalUserId}`)
    const added = [await platform.befriend('客'), await platform.befriend('客')]
    while (!added.some(out) || added.every(out)) added.push(await platform.befriend('客'))
    const held = added.filter(out)
    for (const { externalUserId, code } of added) {
      const id = `c_${externalUserId}`
      customers.set(id, buildView({ id, externalUserId }))
      await run(event(externalUserId, clock.date(), code))
    }
    await settle()
    expect(await platform.received()).toHaveLength(added.length)
    const { items } = await tasks.list({ scope: null, state: 'open', limit: 50 })
    expect(items.filter(({ title }) => title === '打个电话')).toHaveLength(added.length - held.length)
    const { items: found } = await rules.listRuns({ ruleId: longer, limit: 100 })
    const left = found.filter(({ leftBecause }) => leftBecause[0]?.code === 'block.global_holdout')
    expect(left.map(({ customerId }) => customerId).toSorted()).toEqual(
      held.map(({ externalUserId }) => `c_${externalUserId}`).toSorted(),
    )
    expect(left.map(({ log }) => log.map(({ stepId }) => stepId))).toEqual(held.map(() => ['s']))
  })

  it('is recorded as blocked without a code, and as expired when late', async () => {
    const { run, clock, settle, sends } = await greet()
    await run(event('wm1', clock.date()))
    await run(event('wm2', new Date(clock.now() - 21_000), 'too-old'))
    await settle()
    const { items } = await sends.list({ scope: null, limit: 5 })
    expect(items.map(({ because }) => because[0]?.code).sort()).toEqual([
      'block.no_welcome_code',
      'block.welcome_expired',
    ])
  })

  it('of a rule for the channel beats the general one', async () => {
    const { run, clock, settle, rule, content, runs, id } = await greet()
    const { id: contentId } = await content()
    const special = await rule({
      trigger: { type: 'customer.added', channelIds: ['ch1'] },
      steps: [{ id: 's', type: 'send', channel: 'welcome', contentId, expireHours: 1 }],
    })
    await run(event('wm1', clock.date(), 'a-code'))
    await settle()
    expect(await runs(special)).toHaveLength(1)
    expect(await runs(id)).toHaveLength(0)
  })

  it('of a rule whose valid period is over leaves the greeting to the general one, whether the fact or the callback comes first', async () => {
    const { run, clock, settle, platform, rule, rules, content, runs, id, fact, customers } = await greet()
    const { id: contentId } = await content()
    const over = await rule({
      trigger: { type: 'customer.added', channelIds: ['ch1'] },
      steps: [{ id: 's', type: 'send', channel: 'welcome', contentId, expireHours: 1 }],
      limits: RuleLimits.parse({ valid: { from: null, until: clock.date().toISOString() } }),
    })
    const [one, two] = [await platform.befriend('一'), await platform.befriend('二')]
    const first = `c_${one.externalUserId}`
    customers.set(first, buildView({ id: first, externalUserId: one.externalUserId }))
    await rules.match(first, [fact(first, clock.date())])
    for (const { externalUserId, code } of [one, two]) await run(event(externalUserId, clock.date(), code))
    await settle()
    expect((await platform.received()).map(({ to }) => to).toSorted()).toEqual(
      [one, two].map(({ externalUserId }) => externalUserId).toSorted(),
    )
    expect(await runs(over)).toHaveLength(0)
    expect(await runs(id)).toHaveLength(2)
  })
})

describe('schedules and dry runs', () => {
  it('takes everybody in at the time, once a day', async () => {
    const { rules, rule, settle, clock, runs } = await setUp()
    const id = await rule({ trigger: { type: 'schedule', at: '13:00', weekdays: [], monthdays: [] } })
    await settle()
    expect(await runs(id)).toHaveLength(0)
    clock.advance(hour)
    await settle()
    await settle()
    expect(await runs(id)).toHaveLength(3)
    expect((await rules.store.get(id)).scheduleAt).toEqual(new Date('2026-03-03T05:00:00Z'))
  })

  it('shows who would be met and writes nothing', async () => {
    const { rules, rule, customers, sends } = await setUp()
    const id = await rule()
    customers.set('c2', buildView({ id: 'c2', consent: 'withdrawn' }))
    customers.set('c3', buildView({ id: 'c3', stage: { stage: 'active', since: noon, because: [] } }))
    const stored = await rules.store.get(id)
    const result = await rules.dryRun(stored, id, 10, null)
    expect(result).toMatchObject({ checked: 2, counts: { send: 1, block: 1, wait: 0, holdout: 0, skip: 0 } })
    expect(result.rows[0]).toMatchObject({
      rep: 'wang名',
      outcome: 'send',
      because: [{ code: 'rule.stage_entered' }, { code: 'rule.everyone' }],
    })
    expect((await sends.list({ scope: null, limit: 5 })).items).toHaveLength(0)
  })

  it('shows a manager those of their departments alone', async () => {
    const { rules, rule, customers } = await setUp()
    const id = await rule()
    const [first] = customers.values()
    const [follow] = first?.follows ?? []
    if (follow === undefined) throw new Error('somebody holds the customer')
    customers.set('c2', buildView({ id: 'c2', follows: [{ ...follow, userid: 'else' }] }))
    const result = await rules.dryRun(await rules.store.get(id), id, 10, ['else'])
    expect(result.rows.map(({ view }) => view.id)).toEqual(['c2'])
    expect(result.checked).toBe(1)
    expect((await rules.dryRun(await rules.store.get(id), id, 10, [])).checked).toBe(0)
  })

  it('outside its valid period says so when tried, and takes nobody in when it is switched on', async () => {
    const { rules, rule, clock } = await setUp()
    const from = new Date(clock.now() + 86_400_000).toISOString()
    const id = await rule({ limits: RuleLimits.parse({ valid: { from, until: null } }) })
    await rules.pause(id, 'manager')
    const tried = async () => rules.dryRun(await rules.store.get(id), id, 10, null)
    expect(await tried()).toMatchObject({ valid: false, counts: { send: 3 } })
    await expect(rules.turnOn(id, true, 'manager', 'zh')).rejects.toMatchObject({ code: 'rule.not_valid' })
    expect((await rules.store.get(id)).status).toBe('paused')
    clock.advance(86_400_000)
    expect(await tried()).toMatchObject({ valid: true })
  })

  it('meets those who qualify now when switched on, and refuses what is not ready', async () => {
    const { rules, rule, settle, platform, runs } = await setUp()
    const id = await rule()
    await rules.turnOn(id, true, 'manager', 'zh')
    await settle()
    expect(await runs(id)).toHaveLength(3)
    expect((await platform.masses()).flatMap(({ to }) => to)).toHaveLength(3)
    const bad = await rules.store.create(
      RuleInput.parse({
        name: 'x',
        trigger: { type: 'schedule', at: '10:00' },
        steps: [{ id: 'a', type: 'send', channel: 'welcome', contentId: 'no' }],
      }),
      'm',
    )
    await expect(rules.turnOn(bad._id, false, 'm', 'zh')).rejects.toMatchObject({ code: 'rule.not_ready' })
  })
})

import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { factTypes, type NewFact } from '@zhiyin/shared/fact'
import { RuleInput } from '@zhiyin/shared/rule'
import { createSendsRead } from '../../../server/outbox/read.ts'
import { createRulesPersonal } from '../../../server/rules/personal.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { lifeOf, worldDefinitions } from '../../support/random-lives.ts'
import { sendingRooms } from '../../support/sending.ts'

const nobody = { keys: [], contacts: [], externalUserIds: [], userids: [], names: [], indexes: [] }
const mongo = useMongo()
const startPlatform = usePlatform()
/** Each begins with nobody, at the same moment. */
afterEach(async () => {
  for (const each of (await mongo.get().connection.db?.collections()) ?? []) await each.deleteMany({})
})
const dayMs = 86_400_000
const begin = new Date('2026-06-01T00:00:00Z')

/** The real rooms of customers and rules together: what happens to customers is shown to the rules as it comes. */
const setUp = async ({ zone = 'Asia/Shanghai' } = {}) => {
  const clock = movableClock(begin)
  const platform = await startPlatform(clock)
  const engine = customerEngine(mongo.get(), clock, {}, async () => worldDefinitions)
  const rooms = sendingRooms(mongo.get(), clock, platform, {
    zone,
    past: {
      definitions: engine.definitions.get,
      factsOf: (ids) => engine.timeline.pieces(ids, factTypes),
      broadcastsOf: async (ids) => createSendsRead(mongo.get()).broadcastsOf(ids),
      customers: {
        count: () => engine.read.count({}),
        ids: (_scope, after, limit) => engine.read.ids({}, after, limit),
        known: engine.read.known,
      },
      whole: engine.read.whole,
      sentTo: (id, since) => engine.timeline.since([id], ['send.changed', 'customer.replied'], since),
    },
  })
  rooms.limits.quietHours = null
  const { id: contentId } = await rooms.contents.create(
    {
      name: '问候',
      folder: '',
      body: { text: '你好', attachments: [] },
      variants: [],
      couponId: null,
      expiresAt: null,
    },
    'manager',
  )
  /** Everything that follows until nothing does: the profile, then the rules, then what they want. */
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 20; round += 1) {
      await engine.sweep()
      const seen = engine.matched.splice(0)
      const ids = await engine.read.idsAfter(null, 1000)
      for (const view of await engine.read.views(ids)) rooms.customers.set(view.id, view)
      for (const id of new Set(seen.map(({ customerId }) => customerId)))
        await rooms.rules.match(
          id,
          seen.filter(({ customerId }) => customerId === id),
        )
      await rooms.settle()
      // What rules write of customers goes into their timelines.
      const told = [...rooms.facts.values()]
      rooms.facts.clear()
      await engine.facts.append(told)
      await engine.drain()
      if (seen.length === 0 && told.length === 0) return
    }
    throw new Error('it does not come to rest')
  }
  const on = async (over: object): Promise<string> => {
    const input = RuleInput.parse({ name: '规则', ...over })
    const { _id } = await rooms.rules.store.create(input, 'manager')
    await rooms.rules.turnOn(_id, false, 'manager', 'zh')
    return _id
  }
  const backtest = async (id: string, days: number) => {
    const { _id: _was, ...rule } = await rooms.rules.store.get(id)
    const { _id } = await rooms.rules.backtests.begin({ id, rule: RuleInput.parse(rule), days, sample: null }, null, {
      name: '王敏',
      id: 'wang',
    })
    await rooms.drain()
    return rooms.rules.backtests.get(_id)
  }
  return { clock, engine, rooms, settle, on, backtest, contentId }
}

type World = Awaited<ReturnType<typeof setUp>>

/** The next moment at which time alone changes anything: of a customer, of a run, or of a schedule. */
const nextDue = async (now: number): Promise<number> => {
  const { connection } = mongo.get()
  const after = (field: string) => ({ [field]: { $gt: new Date(now) } })
  const [customer, run, rule] = await Promise.all([
    connection.collection<{ nextDueAt: Date }>('customers').findOne(after('nextDueAt'), { sort: { nextDueAt: 1 } }),
    connection.collection<{ dueAt: Date }>('ruleruns').findOne(after('dueAt'), { sort: { dueAt: 1 } }),
    connection.collection<{ scheduleAt: Date }>('rules').findOne(after('scheduleAt'), { sort: { scheduleAt: 1 } }),
  ])
  return Math.min(...[customer?.nextDueAt, run?.dueAt, rule?.scheduleAt].map((at) => at?.getTime() ?? Infinity))
}

/** Lives through facts as they come; between them nothing is late. */
const live = async ({ clock, engine, settle }: World, facts: readonly NewFact[], until: Date): Promise<void> => {
  const moments = [...new Set(facts.map(({ at }) => at.getTime()))].sort((a, b) => a - b)
  for (;;) {
    const come = moments.find((moment) => moment > clock.now()) ?? Infinity
    const next = Math.min(come, await nextDue(clock.now()), until.getTime())
    clock.advance(next - clock.now())
    const now = facts.filter(({ at }) => at.getTime() === next)
    if (now.length > 0) await engine.facts.append(now)
    await settle()
    if (next >= until.getTime()) return
  }
}

const triggers = [
  { type: 'stage.entered', stages: ['silent', 'active', 'new'] },
  { type: 'tier.changed', to: ['A', 'B', 'C'] },
  { type: 'segment.entered', segments: [{ id: 'seg_silent', name: '久未互动' }] },
  { type: 'tag.added', tags: [{ id: 't_rule', name: '常客' }] },
  { type: 'event', event: 'order.completed', where: [] },
  { type: 'customer.added' },
] as const

/** Entries of each customer, as runs tell of them and as a backtest does. */
const reallyOf = async ({ rooms }: World, ruleId: string): Promise<string[]> =>
  (await rooms.rules.listRuns({ ruleId, limit: 1000 })).items
    .map(({ customerId, enteredAt, state }) => `${customerId} ${enteredAt.toISOString()} ${state === 'held_out'}`)
    .sort()
const foundOf = async ({ backtest }: World, ruleId: string, days: number): Promise<string[]> => {
  const { examples, state } = await backtest(ruleId, days)
  expect(state).toBe('done')
  return examples
    .flatMap(({ customerId, lines }) =>
      lines.flatMap(({ at, kind }) =>
        kind === 'entered' || kind === 'held_out' ? [`${customerId} ${at.toISOString()} ${kind === 'held_out'}`] : [],
      ),
    )
    .sort()
}

describe('a backtest of a rule that was on', () => {
  it('finds the entries that really happened: the same customers, the same moments', async () => {
    const seed = 2
    const world = await setUp()
    const { clock, engine, on } = world
    const ids: string[] = []
    for (let n = 0; n < 4; n += 1)
      ids.push(
        await engine.profile.ensureCustomer([{ kind: 'external_userid', value: `wm_${seed}_${n}`, at: clock.date() }]),
      )
    const [lives] = fc.sample(fc.tuple(...ids.map((id) => lifeOf(id, new Date(begin.getTime() + 80 * dayMs)))), {
      seed,
      numRuns: 1,
    })
    const facts = (lives ?? []).flat().filter(({ at }) => at > begin)
    const rules: string[] = []
    for (const [place, trigger] of triggers.entries())
      rules.push(
        await on({
          trigger,
          ...(place % 2 === 0
            ? {}
            : { condition: { type: 'stage', in: ['new', 'active', 'silent', 'lost', 'mature'] } }),
          steps: [
            { id: 'wait', type: 'wait', hours: 30 },
            { id: 'task', type: 'task', title: '回访' },
          ],
          exitOn: ['replied'],
          goal: place === 4 ? null : { on: 'ordered', withinDays: 9 },
          limits: { reentryDays: place * 2, holdoutPercent: place === 1 ? 30 : 0 },
        }),
      )
    await live(world, facts, new Date(begin.getTime() + 84 * dayMs))
    let entries = 0
    for (const id of rules) {
      const really = await reallyOf(world, id)
      expect(await foundOf(world, id, 90)).toEqual(really)
      entries += really.length
    }
    expect(entries).toBeGreaterThan(5)
  }, 120_000)

  it('finds them too where the rule comes by itself: on some days, by the clocks of another zone, and by a date of the customer', async () => {
    const world = await setUp()
    const { clock, engine, on } = world
    const day = (n: number, hours = 0): Date => new Date(begin.getTime() + n * dayMs + hours * 3_600_000)
    const facts: NewFact[] = []
    // What the attribute says of two customers, and when: of one later something else, of the other a day of years ago.
    for (const [name, said] of Object.entries({
      甲: [
        [day(1), day(2, 5)],
        [day(3, 6), day(5)],
      ],
      乙: [[day(1), new Date('2019-06-05T00:00:00Z')]],
    })) {
      const customerId = await engine.profile.ensureCustomer([
        { kind: 'external_userid', value: `wm_${name}`, at: clock.date() },
      ])
      for (const [at = begin, visit = begin] of said)
        facts.push({
          id: `${name}:${at.toISOString()}`,
          customerId,
          at,
          source: 'ingest',
          type: 'profile.identified',
          payload: { traits: { visit_at: visit.toISOString() }, source: 'ingest' },
        })
    }
    const timed = [
      { type: 'schedule', at: '09:40', weekdays: [1, 4] },
      { type: 'schedule', at: '23:30', weekdays: [], monthdays: [3], zone: 'America/New_York' },
      { type: 'date', key: 'visit_at', days: 1, yearly: false, at: '08:20' },
      { type: 'date', key: 'visit_at', days: -1, yearly: true, at: '19:00' },
    ]
    const rules: string[] = []
    for (const [place, trigger] of timed.entries())
      rules.push(
        await on({
          trigger,
          condition: { type: 'attribute', key: 'visit_at', test: { op: 'known' } },
          steps: [{ id: 'task', type: 'task', title: '回访' }],
          limits: { reentryDays: place === 0 ? 0 : 30, holdoutPercent: place === 0 ? 40 : 0 },
        }),
      )
    await live(world, facts, day(6))
    const counts: number[] = []
    for (const [place, id] of rules.entries()) {
      const really = await reallyOf(world, id)
      expect(await foundOf(world, id, 6), JSON.stringify(timed[place])).toEqual(really)
      counts.push(really.length)
    }
    // Thursday; the 3rd in New York, when it is the 4th here; the day after a visit; the day before one, of any year.
    expect(counts).toEqual([2, 2, 1, 2])
  }, 60_000)
})

describe('a backtest', () => {
  const customer = async ({ engine, clock }: World, name: string) => {
    const id = await engine.profile.ensureCustomer([{ kind: 'external_userid', value: `wm_${name}`, at: clock.date() }])
    const base = { customerId: id, source: 'system' as const }
    const added: NewFact = {
      ...base,
      id: `${id}:add`,
      at: clock.date(),
      type: 'contact.added',
      payload: { userid: 'wang' },
    }
    const agreed: NewFact = {
      ...base,
      id: `${id}:yes`,
      at: clock.date(),
      type: 'consent.changed',
      payload: { purpose: 'marketing', state: 'granted', source: 'rep' },
    }
    await engine.facts.append([added, agreed])
    return { id, base }
  }
  const order = (base: { customerId: string; source: 'system' }, at: Date, n = 1): NewFact => ({
    ...base,
    id: `${base.customerId}:order${n}`,
    at,
    type: 'order.completed',
    payload: { orderId: `${base.customerId}:${n}`, amount: 9_900, currency: 'CNY', products: [] },
  })
  const after = (days: number, hours = 0): Date => new Date(begin.getTime() + days * dayMs + hours * 3_600_000)
  const thanks = (contentId: string) => ({
    trigger: { type: 'event', event: 'order.completed', where: [] },
    steps: [
      { id: 'wait', type: 'wait', hours: 24 },
      { id: 'send', type: 'send', channel: 'mass', contentId },
    ],
    goal: { on: 'ordered', withinDays: 10 },
    limits: { priority: 40 },
  })

  it('says what would have been sent, what would have kept it back, and which rules it would have met', async () => {
    const world = await setUp()
    const { clock, engine, rooms, on, backtest, settle, contentId } = world
    const [fine, gone, met] = [
      await customer(world, 'fine'),
      await customer(world, 'gone'),
      await customer(world, 'met'),
    ]
    const withdrawn: NewFact = {
      ...gone.base,
      id: 'no',
      at: after(5),
      type: 'consent.changed',
      payload: { purpose: 'marketing', state: 'withdrawn', source: 'customer' },
    }
    const id = await on(thanks(contentId))
    await rooms.rules.pause(id, 'manager')
    const other = await on({
      name: '召回',
      trigger: { type: 'manual' },
      steps: [{ id: 's', type: 'send', channel: 'mass', contentId }],
    })
    const sent: NewFact = {
      ...met.base,
      source: 'rule',
      id: 'sent',
      at: after(11, 1),
      type: 'send.changed',
      payload: {
        intentId: 'int_1',
        channel: 'mass',
        state: 'delivered',
        preview: '',
        ruleId: other,
        rule: '召回',
        because: [],
      },
    }
    rooms.limits.perDay = 1
    clock.advance(30 * dayMs)
    await engine.facts.append([
      order(fine.base, after(10)),
      order(fine.base, after(14), 2),
      order(gone.base, after(10)),
      withdrawn,
      order(met.base, after(10, 2)),
      sent,
    ])
    await settle()
    const { tally, examples, checked } = await backtest(id, 60)
    expect(checked).toBe(3)
    expect(tally.counts).toMatchObject({ entered: 3, sent: 2, blocked: 1, goal: 1 })
    expect(tally.customers).toBe(3)
    expect(tally.blocked.map(({ because, count }) => [because.code, count])).toEqual([['block.consent', 1]])
    expect(tally.waited.map(({ because }) => because.code)).toEqual(['block.cap_day'])
    expect(tally.kept.map(({ because }) => because.code)).toEqual(['rule.reentry'])
    expect(tally.collisions).toEqual([{ kind: 'rule', id: other, name: '召回', priority: null, customers: 1, lost: 0 }])
    expect(tally.days.find(({ day }) => day === '2026-06-11')).toMatchObject({ entered: 3, sent: 0 })
    const way = examples.find(({ customerId }) => customerId === fine.id)?.lines.map(({ kind }) => kind)
    expect(way).toEqual(['entered', 'waiting', 'step', 'sent', 'left', 'kept'])
    // Nothing of it came to be.
    expect((await rooms.rules.listRuns({ ruleId: id, limit: 10 })).items).toEqual([])
    expect((await rooms.sends.list({ scope: null, limit: 10 })).items).toEqual([])
  })

  it('meets mass messages that managers made: by their priority, and where one took the last room', async () => {
    const world = await setUp()
    const { clock, engine, rooms, on, backtest, settle, contentId } = world
    const [met, full] = [await customer(world, 'met'), await customer(world, 'full')]
    const { steps, ...rest } = thanks(contentId)
    const id = await on({ ...rest, steps, limits: { ...rest.limits, onLoss: 'drop' } })
    await rooms.rules.pause(id, 'manager')
    rooms.limits.platform = { period: 'week', count: 1 }
    const cause = { broadcastId: 'bc_1', broadcast: '周年庆' }
    const wanted = await rooms.outbox.wantMany(
      [met, full].map((who) => ({
        key: `bc_1:${who.id}`,
        channel: 'mass' as const,
        customerId: who.id,
        externalUserId: `wm_${who.id}`,
        userid: 'wang',
        body: { text: '周年庆', attachments: [] },
        cause,
        priority: 70,
        // They stay what they were told of.
        expiresAt: after(1),
      })),
    )
    const sentTo = (who: typeof met, at: Date, place: number): NewFact => {
      const payload = {
        intentId: wanted[place]?._id ?? '',
        channel: 'mass',
        state: 'delivered',
        preview: '',
        because: [],
      }
      return { ...who.base, source: 'rule', id: `sent:${who.id}`, at, type: 'send.changed', payload }
    }
    clock.advance(30 * dayMs)
    await engine.facts.append([
      order(met.base, after(10)),
      sentTo(met, after(11, 5), 0),
      order(full.base, after(10)),
      // An hour before theirs is due, in the same week.
      sentTo(full, after(10, 23), 1),
    ])
    await settle()
    const { tally } = await backtest(id, 60)
    expect(tally.counts).toMatchObject({ entered: 2 })
    expect(tally.collisions).toEqual([
      { kind: 'broadcast', id: 'bc_1', name: '周年庆', priority: 70, customers: 2, lost: 1 },
    ])
  })

  it('counts days by the clocks of the company, wherever it is', async () => {
    const world = await setUp({ zone: 'America/New_York' })
    const { clock, engine, on, backtest, settle } = world
    const { id, base } = await customer(world, 'late')
    const rule = await on({
      trigger: { type: 'event', event: 'order.completed', where: [] },
      steps: [{ id: 'task', type: 'task', title: '回访' }],
    })
    clock.advance(20 * dayMs)
    // Half past ten in the evening there; next day in UTC, and in Shanghai.
    await engine.facts.append([order(base, new Date('2026-06-11T02:30:00Z'))])
    await settle()
    const { from, tally, examples } = await backtest(rule, 15)
    expect(from.toISOString()).toBe('2026-06-05T04:00:00.000Z')
    expect(tally.days.map(({ day, entered }) => [day, entered])).toEqual([['2026-06-10', 1]])
    expect(examples.map(({ customerId }) => customerId)).toEqual([id])
  })

  it('looks at a sample where that is asked for, stops when told to, and forgets whom nobody may know', async () => {
    const world = await setUp()
    const { clock, engine, rooms, on, contentId } = world
    const ids: string[] = []
    for (let n = 0; n < 130; n += 1) ids.push((await customer(world, `c${n}`)).id)
    const id = await on(thanks(contentId))
    clock.advance(20 * dayMs)
    await engine.facts.append(ids.map((one) => order({ customerId: one, source: 'system' }, after(3))))
    const rule = RuleInput.parse({ name: '谢谢', ...thanks(contentId) })
    const by = { name: '王敏', id: 'wang' }
    const { _id } = await rooms.rules.backtests.begin({ id, rule, days: 30, sample: 100 }, null, by)
    await rooms.drain()
    const sampled = await rooms.rules.backtests.get(_id)
    expect([sampled.state, sampled.total]).toEqual(['done', 130])
    expect(sampled.checked).toBeGreaterThan(80)
    expect(sampled.checked).toBeLessThan(120)
    expect(sampled.tally.counts.entered).toBe(sampled.checked)

    const second = await rooms.rules.backtests.begin({ rule, days: 30, sample: null }, null, by)
    await rooms.rules.backtests.run({ id: second._id })
    expect((await rooms.rules.backtests.cancel(second._id)).checked).toBe(40)
    await rooms.drain()
    expect(await rooms.rules.backtests.get(second._id)).toMatchObject({ state: 'cancelled', checked: 40 })

    const [shown] = sampled.examples
    const gone = shown?.customerId ?? ''
    await createRulesPersonal(mongo.get()).forget({ ...nobody, customerId: gone, ids: [gone] })
    const left = (await rooms.rules.backtests.get(_id)).examples.map(({ customerId }) => customerId)
    expect(left).toHaveLength(19)
    expect(left).not.toContain(shown?.customerId)
  })
})

describe('one customer led through a rule', () => {
  it('goes step by step at the moments to come, with the message as they would get it', async () => {
    const world = await setUp()
    const { engine, rooms, clock, contentId, settle } = world
    const id = await engine.profile.ensureCustomer([{ kind: 'external_userid', value: 'wm_one', at: clock.date() }])
    const base = { customerId: id, source: 'system' as const, at: clock.date() }
    await engine.facts.append([
      { ...base, id: 'a', type: 'contact.added', payload: { userid: 'wang' } },
      {
        ...base,
        id: 'o',
        type: 'order.completed',
        payload: { orderId: 'o', amount: 100, currency: 'CNY', products: [] },
      },
    ])
    await settle()
    const silent = { type: 'stage', in: ['silent'] }
    const rule = RuleInput.parse({
      name: '试算',
      trigger: { type: 'stage.entered', stages: ['silent'] },
      steps: [
        { id: 'wait', type: 'wait', hours: 24 * 40 },
        {
          id: 'branch',
          type: 'branch',
          arms: [{ id: 'quiet', name: '沉默', condition: silent, next: 'send' }],
          otherwise: null,
        },
        { id: 'send', type: 'send', channel: 'mass', contentId },
      ],
    })
    const tried = await rooms.rules.tryOn(rule, 'draft', id, null)
    expect(tried.met).toBe(false)
    expect(tried.because.map(({ code }) => code)).toContain('rule.stage_not')
    // By then time alone has made them silent.
    expect(tried.lines.map(({ kind, stepId, arm, text }) => [kind, stepId, arm, text])).toEqual([
      ['entered', null, null, null],
      ['waiting', 'wait', null, null],
      ['step', 'branch', 'quiet', null],
      ['step', 'send', null, null],
      ['sent', 'send', null, '你好'],
      ['left', null, null, null],
    ])
    await expect(rooms.rules.tryOn(rule, 'draft', id, ['li'])).rejects.toThrow('policy.not_your_customer')
  })
})

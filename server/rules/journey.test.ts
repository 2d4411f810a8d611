import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { noConsents } from '@zhiyin/shared/consent'
import type { Fact } from '@zhiyin/shared/fact'
import { RuleInput, RuleLimits } from '@zhiyin/shared/rule'
import { movableClock } from '../../test/support/clock.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { usePlatform } from '../../test/support/platform.ts'
import { buildView, sendingRooms } from '../../test/support/sending.ts'
import { isInside } from './webhooks/allowed.ts'
import { signatureOf } from './webhooks/webhooks.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const hour = 3_600_000
const day = 24 * hour
const noon = new Date('2026-03-02T04:00:00Z')

const setUp = async () => {
  const clock = movableClock(noon)
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform)
  rooms.limits.quietHours = null
  const befriend = async (id: string, over: Partial<Parameters<typeof buildView>[0]> = {}) => {
    const { externalUserId } = await platform.befriend(id)
    rooms.customers.set(id, buildView({ id, externalUserId, ...over }))
  }
  await befriend('c1')
  const { id: contentId } = await rooms.contents.create({ ...contentOf('你好'), name: '问候' }, 'manager')
  let count = 0
  const fact = (
    type: 'customer.replied' | 'link.opened' | 'order.completed',
    customerId = 'c1',
    at = clock.date(),
  ): Fact => {
    const base = { id: `f${(count += 1)}`, customerId, at, seenAt: clock.date(), source: 'system' as const }
    if (type === 'customer.replied') return { ...base, type, payload: { via: 'rep' } }
    if (type === 'link.opened') return { ...base, type, payload: { linkId: 'l', url: 'https://shop.example/a' } }
    const products = [{ name: '精华', category: '护肤' }]
    return { ...base, type, payload: { orderId: `o${count}`, amount: 19_900, currency: 'CNY', products } }
  }
  /** As it comes: kept, then shown to the rules. */
  const come = async (one: Fact): Promise<void> => {
    rooms.facts.set(one.id, one)
    await rooms.rules.match(one.customerId, [one])
    await rooms.settle()
  }
  const rule = async (over: unknown) => {
    const input = RuleInput.parse({ name: '旅程', trigger: { type: 'manual' }, ...Object(over) })
    const { _id } = await rooms.rules.store.create(input, 'manager')
    await rooms.rules.turnOn(_id, false, 'manager', 'zh')
    return _id
  }
  const enter = async (ruleId: string, ids: readonly string[] = ['c1']) => {
    const because = { code: 'rule.manual' as const, params: { by: '王敏' } }
    const result = await rooms.rules.byHand(ruleId, ids, { key: `k${(count += 1)}`, because, userid: null })
    await rooms.settle()
    return result
  }
  const runs = async (ruleId: string) => (await rooms.rules.listRuns({ ruleId, limit: 500 })).items
  const wayOf = async (ruleId: string) =>
    (await runs(ruleId)).map(({ log }) => log.map(({ stepId, arm }) => arm ?? stepId))
  const task = (id: string, next?: string | null) => ({
    id,
    type: 'task',
    title: id,
    ...(next === undefined ? {} : { next }),
  })
  return { clock, platform, ...rooms, befriend, contentId, fact, come, rule, enter, runs, wayOf, task }
}

const contentOf = (text: string) => ({
  folder: '',
  body: { text, attachments: [] },
  variants: [],
  couponId: null,
  expiresAt: null,
  fallbacks: {},
})

describe('waiting until something happens', () => {
  const waiting = (until: unknown, task: (id: string, next?: string | null) => unknown) => ({
    steps: [
      { id: 'until', type: 'wait_until', until, hours: 48, next: 'yes', otherwise: 'no' },
      task('yes', null),
      task('no', null),
    ],
  })

  it('goes on as soon as it does, and the other way when it has not in time', async () => {
    const { rule, enter, come, fact, wayOf, clock, settle, task, befriend } = await setUp()
    await befriend('c2')
    const id = await rule(waiting({ type: 'event', event: 'link.opened' }, task))
    await enter(id, ['c1', 'c2'])
    clock.advance(hour)
    await come(fact('customer.replied'))
    expect(await wayOf(id)).toEqual([['until'], ['until']])
    await come(fact('link.opened'))
    clock.advance(3 * day)
    await settle()
    expect((await wayOf(id)).sort()).toEqual([
      ['until', 'met', 'yes'],
      ['until', 'otherwise', 'no'],
    ])
  })

  it('does not count what happened before, and finds at the end what nobody showed it', async () => {
    const { rule, enter, fact, facts, wayOf, clock, settle, task } = await setUp()
    const before = fact('customer.replied', 'c1', new Date(noon.getTime() - hour))
    facts.set(before.id, before)
    const id = await rule(waiting({ type: 'replied' }, task))
    await enter(id)
    expect(await wayOf(id)).toEqual([['until']])
    clock.advance(hour)
    const unseen = fact('customer.replied')
    facts.set(unseen.id, unseen)
    clock.advance(3 * day)
    await settle()
    expect(await wayOf(id)).toEqual([['until', 'met', 'yes']])
  })

  it('keeps what happens while the rule is paused, and waits for the rep to confirm a send', async () => {
    const { rule, rules, enter, come, fact, wayOf, clock, settle, task, platform, contentId, facts } = await setUp()
    const paused = await rule(waiting({ type: 'replied' }, task))
    const confirming = await rule({
      steps: [
        { id: 'hello', type: 'send', channel: 'mass', contentId },
        {
          id: 'until',
          type: 'wait_until',
          until: { type: 'confirmed', stepId: 'hello' },
          hours: 48,
          next: 'yes',
          otherwise: 'no',
        },
        task('yes', null),
        task('no', null),
      ],
    })
    await enter(paused)
    await enter(confirming)
    await rules.pause(paused, '王敏')
    clock.advance(hour)
    await come(fact('customer.replied'))
    expect(await wayOf(paused)).toEqual([['until']])
    await rules.turnOn(paused, false, '王敏', 'zh')
    await settle()
    expect(await wayOf(paused)).toEqual([['until', 'met', 'yes']])
    expect(await wayOf(confirming)).toEqual([['hello', 'until']])
    for (const { msgid } of await platform.masses()) await platform.confirm(msgid)
    clock.advance(hour)
    await settle()
    for (const one of [...facts.values()].filter(({ type }) => type === 'send.changed'))
      await rules.match('c1', [{ ...one, seenAt: clock.date() }])
    await settle()
    expect(await wayOf(confirming)).toEqual([['hello', 'until', 'met', 'yes']])
  })
})

describe('ways through a rule', () => {
  it('branches by the first condition that holds, and splits by chance, the same way for the same customer', async () => {
    const { rule, enter, wayOf, task, befriend, runs, rules } = await setUp()
    const ids = Array.from({ length: 60 }, (_, n) => `s${n}`)
    for (const id of ids)
      await befriend(id, n(id) % 2 === 0 ? { tier: { tier: 'A', since: noon } } : { tier: { tier: 'C', since: noon } })
    const steps = [
      {
        id: 'tiered',
        type: 'branch',
        arms: [{ id: 'top', condition: { type: 'tier', in: ['A'] }, next: 'chance' }],
        otherwise: 'rest',
      },
      {
        id: 'chance',
        type: 'split',
        arms: [
          { id: 'a', percent: 50, next: 'letter' },
          { id: 'b', percent: 50, next: null },
        ],
      },
      task('letter', null),
      task('rest', null),
    ]
    const id = await rule({ steps, limits: { reentryDays: 0 } })
    await enter(id, ids)
    const first = new Map(
      (await runs(id)).map(({ customerId, log }) => [customerId, log.find(({ stepId }) => stepId === 'chance')?.arm]),
    )
    const ways = await wayOf(id)
    expect(ways.filter((way) => way[0] === 'otherwise')).toHaveLength(30)
    const shares = ['a', 'b'].map((arm) => ways.filter((way) => way[1] === arm).length)
    expect(shares[0]).toBeGreaterThan(5)
    expect(shares[1]).toBeGreaterThan(5)
    await enter(id, ids)
    for (const { customerId, log } of await runs(id))
      expect(log.find(({ stepId }) => stepId === 'chance')?.arm).toBe(first.get(customerId))
    const figures = await rules.figures(id)
    expect(figures.ways.find(({ arm }) => arm === 'otherwise')?.count).toBe(60)
    expect(figures.ended.finished).toBe(120)
  })

  it('leaves a send out that comes too late, or asks', async () => {
    const { rule, rules, enter, clock, settle, platform, contentId, wayOf, runs } = await setUp()
    const steps = (action: string) => [
      { id: 'rest', type: 'wait', hours: 24 },
      { id: 'hello', type: 'send', channel: 'mass', contentId, late: { afterHours: 6, action } },
    ]
    const [skips, asks] = [await rule({ steps: steps('skip') }), await rule({ steps: steps('ask') })]
    await enter(skips)
    await enter(asks)
    clock.advance(day + 10 * hour)
    await settle()
    expect(await platform.masses()).toHaveLength(0)
    expect(await runs(skips)).toMatchObject([{ state: 'finished' }])
    expect(await runs(asks)).toMatchObject([{ state: 'waiting', at: 'hello' }])
    expect(await rules.late.list(asks)).toMatchObject([{ stepId: 'hello', count: 1 }])
    expect(await rules.late.answer(asks, 'hello', true, '王敏')).toBe(1)
    await settle()
    expect(await platform.masses()).toHaveLength(1)
    expect(await wayOf(asks)).toEqual([['rest', 'hello', 'hello']])
    expect(await rules.late.answer(asks, 'hello', true, '王敏')).toBe(0)
  })
})

describe('coming in', () => {
  it('by an event with fields as asked, and by hand, who is kept out being told why', async () => {
    const { rule, enter, come, fact, runs, task } = await setUp()
    const where = [
      { field: 'amount', test: { op: 'at_least', value: 10_000 } },
      { field: 'category', test: { op: 'is', values: ['护肤'] } },
    ]
    const steps = [{ id: 'w', type: 'wait', hours: 1 }, task('t')]
    const dear = await rule({ trigger: { type: 'event', event: 'order.completed', where }, steps })
    const none = await rule({
      trigger: {
        type: 'event',
        event: 'order.completed',
        where: [{ field: 'category', test: { op: 'is', values: ['彩妆'] } }],
      },
      steps,
    })
    await come(fact('order.completed'))
    expect([(await runs(dear)).length, (await runs(none)).length]).toEqual([1, 0])
    const again = await enter(dear)
    expect(again).toMatchObject({ entered: 0, kept: [{ customerId: 'c1', because: [{ code: 'rule.running' }] }] })
  })
})

const liveOf = async (rules: Awaited<ReturnType<typeof setUp>>['rules'], id: string) =>
  (await rules.store.on()).find(({ _id }) => _id === id)?.version

describe('a new version', () => {
  const [wang, chen] = [
    { name: '王敏', id: 'wang' },
    { name: '陈总', id: 'chen' },
  ]
  const two = (title: string) => [
    { id: 'w', type: 'wait', hours: 24 },
    { id: 't', type: 'task', title },
  ]

  it('takes customers in from then on; those under way finish on theirs, or move, by choice', async () => {
    const { rules, rule, enter, clock, settle, tasks, runs, befriend } = await setUp()
    await befriend('c2')
    const id = await rule({ steps: two('旧') })
    await enter(id)
    const said = async (title: string) =>
      RuleInput.parse({ name: '旅程', trigger: { type: 'manual' }, steps: two(title) })
    const second = await rules.save({ id, version: 1, running: 'finish' }, await said('新'), wang, 'zh')
    expect(second).toMatchObject({ version: 2, live: 2 })
    await enter(id, ['c2'])
    expect((await runs(id)).map(({ customerId, version }) => `${customerId}:${version}`).sort()).toEqual([
      'c1:1',
      'c2:2',
    ])
    await rules.save({ id, version: 2, running: 'move' }, await said('最新'), wang, 'zh')
    expect((await runs(id)).map(({ version }) => version)).toEqual([3, 3])
    clock.advance(day + hour)
    await settle()
    const open = await tasks.list({ scope: null, state: 'open', limit: 1000 })
    const titles = open.items.map(({ title }) => title).filter((title) => ['旧', '新', '最新'].includes(title))
    expect(titles).toEqual(['最新', '最新'])
  })

  it('waits for a second person where that is asked for, and takes over when they say yes', async () => {
    const { rules, rule } = await setUp()
    const id = await rule({ steps: two('旧') })
    await rules.approval.setSettings({ approval: true })
    const said = RuleInput.parse({ name: '旅程', trigger: { type: 'manual' }, steps: two('新') })
    expect(await rules.save({ id, version: 1, running: 'finish' }, said, wang, 'zh')).toMatchObject({
      version: 2,
      live: 1,
    })
    expect(await liveOf(rules, id)).toBe(1)
    const yes = { yes: true, words: '可以' }
    await expect(rules.decide(id, 2, wang, yes)).rejects.toMatchObject({ code: 'rule.own_approval' })
    await expect(rules.decide(id, 1, chen, yes)).rejects.toMatchObject({ code: 'conflict.changed' })
    expect(await rules.decide(id, 2, chen, yes)).toMatchObject({ live: 2 })
    expect(await liveOf(rules, id)).toBe(2)
    expect((await rules.store.versions(id))[0]?.review).toMatchObject({ state: 'approved', answer: { by: '陈总' } })
    const draft = await rules.save(null, said, wang, 'zh')
    await expect(rules.turnOn(draft._id, false, '王敏', 'zh')).rejects.toMatchObject({ code: 'rule.not_approved' })
    await rules.approval.setSettings({ approval: false })
  })
})

describe('what drives customers away', () => {
  it('is paused by itself when too many of those reached delete their rep', async () => {
    const { rules, rule, enter, settle, platform, contentId, befriend, clock, fact } = await setUp()
    const ids = ['g1', 'g2', 'g3', 'g4']
    for (const id of ids) await befriend(id)
    const steps = [
      { id: 'hello', type: 'send', channel: 'mass', contentId },
      { id: 'w', type: 'wait', hours: 100 },
    ]
    const id = await rule({ steps, limits: { guard: { deletedPercent: 30, atLeast: 3 } } })
    await enter(id, ids)
    for (const { msgid } of await platform.masses()) await platform.confirm(msgid)
    clock.advance(hour)
    await settle()
    const gone = (customerId: string): Fact => ({
      ...fact('customer.replied', customerId),
      type: 'contact.deleted_by_customer',
      payload: { userid: 'wang' },
    })
    const first = gone('g1')
    for (const one of [first, first]) await rules.match('g1', [one])
    expect((await rules.store.get(id)).status).toBe('on')
    await rules.match('g2', [gone('g2')])
    expect(await rules.store.get(id)).toMatchObject({
      status: 'paused',
      pausedBecause: { code: 'rule.guard', params: { deleted: 2, of: 4, percent: 30 } },
    })
  })
})

describe('what is to come', () => {
  it('shows what those who wait will be sent and when; nobody comes in outside the valid period', async () => {
    const { rules, rule, enter, clock, contentId, befriend } = await setUp()
    await befriend('p1')
    const steps = [
      { id: 'rest', type: 'wait', hours: 48 },
      { id: 'hello', type: 'send', channel: 'mass', contentId },
    ]
    const until = new Date(noon.getTime() + 10 * day).toISOString()
    const id = await rule({ name: '有效期', steps, limits: { valid: { from: null, until } } })
    await enter(id, ['p1'])
    const range = { from: new Date(noon.getTime() + day), to: new Date(noon.getTime() + 3 * day), scope: null }
    const mine = (await rules.planned(range)).filter((row) => row.rule?.id === id)
    expect(mine).toEqual([
      { at: new Date(noon.getTime() + 2 * day), rule: { id, name: '有效期' }, channel: 'mass', count: 1 },
    ])
    clock.advance(11 * day)
    await expect(enter(id, ['p1'])).rejects.toMatchObject({ code: 'rule.not_valid' })
  })
})

describe('telling others', () => {
  it('tells colleagues, hands over, and calls another system, signed, until it answers', async () => {
    const { rule, enter, settle, platform, befriend, handedOver, clock } = await setUp()
    await befriend('t1', { name: '林晓', consents: { ...noConsents, sharing: 'granted' } })
    await platform.member('li', '李娜')
    const got: { key: unknown; signature: unknown; body: string }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        got.push({ key: request.headers['idempotency-key'], signature: request.headers['zhiyin-signature'], body })
        response.writeHead(got.length === 1 ? 500 : 204).end()
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const id = await rule({
      steps: [
        { id: 'tell', type: 'notify', to: 'managers', text: '{{ customer.name }} 需要留意' },
        { id: 'give', type: 'transfer', userids: ['li'] },
        { id: 'call', type: 'webhook', url: `http://127.0.0.1:${port}/hook` },
        { id: 'never', type: 'webhook', url: 'http://example.com/' },
      ],
    })
    await enter(id, ['t1'])
    expect(await platform.received()).toMatchObject([{ to: 'li', via: 'app' }])
    expect(handedOver).toMatchObject([{ customerId: 't1', from: 'wang', to: 'li' }])
    expect(got).toHaveLength(1)
    clock.advance(hour)
    await settle()
    server.close()
    expect(got).toHaveLength(2)
    const [, { key, signature, body } = { key: '', signature: '', body: '' }] = got
    expect(got[0]?.key).toBe(key)
    expect(JSON.parse(body)).toMatchObject({
      type: 'rule.step',
      stepId: 'call',
      customer: { customerId: 't1', userid: 'wang' },
    })
    expect(signature).toBe(signatureOf('secret', Math.floor(clock.now() / 1000), body))
  })

  it('hands on nobody who has not agreed to it, and profiles nobody who has refused; the run says so', async () => {
    const { rule, enter, befriend, runs, needsGrant } = await setUp()
    const who = {
      agreed: { ...noConsents, sharing: 'granted', profiling: 'granted' },
      silent: noConsents,
      refused: { ...noConsents, sharing: 'withdrawn', profiling: 'withdrawn' },
    } as const
    for (const [id, consents] of Object.entries(who)) await befriend(id, { consents })
    const reasons = async (id: string) =>
      Object.fromEntries(
        (await runs(id)).map(({ customerId, log }) => [
          customerId,
          log.flatMap(({ because: why }) => why.map(({ code }) => code)).filter((code) => code.startsWith('block.')),
        ]),
      )
    const steps = [
      { id: 'tag', type: 'tag', add: ['t9'], remove: ['t8'] },
      { id: 'call', type: 'webhook', url: 'http://127.0.0.1:9/hook' },
    ]
    const first = await rule({ name: '一', steps })
    await enter(first, Object.keys(who))
    const both = ['block.profiling', 'block.sharing']
    expect(await reasons(first)).toEqual({ agreed: [], silent: ['block.sharing'], refused: both })
    const called = mongo.get().connection.collection('webhookcalls')
    expect(await called.distinct('customerId', { ruleId: first })).toEqual(['agreed'])
    // Where the company asks for no record, who said nothing is handed on; who refused never is.
    Object.assign(needsGrant, { sharing: false, profiling: true })
    const second = await rule({ name: '二', steps })
    await enter(second, Object.keys(who))
    expect(await reasons(second)).toEqual({ agreed: [], silent: ['block.profiling'], refused: both })
    expect((await called.distinct('customerId', { ruleId: second })).toSorted()).toEqual(['agreed', 'silent'])
  })

  it('calls nothing within its own network', () => {
    expect(
      ['10.1.2.3', '127.0.0.1', '192.168.1.1', '::1', 'fd00::1', '169.254.169.254', '::ffff:10.0.0.1'].map(isInside),
    ).toEqual(Array.from({ length: 7 }, () => true))
    expect(['8.8.8.8', '2400:3200::1'].map(isInside)).toEqual([false, false])
  })
})

describe('limits', () => {
  it('are whole when little is said', () => {
    expect(RuleLimits.parse({})).toMatchObject({ priority: 50, onLoss: 'wait', days: 'any', valid: null, guard: null })
  })
})

const n = (id: string): number => Number(id.slice(1))

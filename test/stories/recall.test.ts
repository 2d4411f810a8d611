import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { Condition } from '@zhiyin/shared/condition'
import { RecallForm, ruleOfRecall } from '@zhiyin/shared/recall'
import type { Trigger } from '@zhiyin/shared/rule'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { foundCompany, type Company } from '../support/company.ts'
import { heldBy, massesOf, type Person } from '../support/held.ts'
import { startHook, type Hook } from '../support/hook.ts'
import { dayAt, managing, type Rule } from '../support/manager.ts'
import { callAs } from '../support/signed-in.ts'
import { days, hours, startWorld, type World } from '../support/world.ts'

const minute = 60_000
const remindPath = '/cgi-bin/externalcontact/remind_groupmsg_send'
const Linked = z.object({ attachments: z.array(z.object({ link: z.object({ url: z.url() }) })).min(1) })
const codes = (because: readonly { code: string }[] = []): string[] => because.map(({ code }) => code)
const all = <T>(who: readonly unknown[], of: T): T[] => who.map(() => of)
const idsOf = (who: readonly Person[]): string[] => who.map(({ id }) => id).toSorted()

/** Rules as managers make and trust them: tried, approved, kept within what customers and the platform allow, and measured. */
describe('rules that managers trust', () => {
  let world: World
  let hook: Hook
  let company: Company
  let manager: ReturnType<typeof managing>
  let plain: Person[] = []

  beforeAll(async () => {
    hook = await startHook()
    world = await startWorld({ env: { WEBHOOK_HOSTS: hook.host } })
    manager = managing(world)
    company = await foundCompany(world)
    const members = [
      { userid: 'wangmin', name: '王敏', leader: true },
      { userid: 'zhou', name: '周总' },
      { userid: 'wangwei', name: '王伟' },
    ]
    for (const body of members) await world.wecom(admin.company.saveMember, { body })
    plain = await heldBy(world, company, 'lina', 10)
    await world.call(api.members.setRole, { params: { id: 'zhou' }, body: { role: 'manager' } })
  })
  afterAll(async () => {
    await world.close()
    await hook.close()
  })

  /** Of lina’s customers one whom no rule has met yet. */
  const one = (): Person => {
    const person = plain.shift()
    if (person === undefined) throw new Error('all of them have been taken')
    return person
  }
  /** Somebody who scans lina’s code. */
  const newcomer = async (name: string): Promise<Person> => {
    const externalUserId = await company.stranger(name)
    await company.scan(externalUserId)
    await world.drain()
    return { externalUserId, id: (await company.profile(externalUserId)).id }
  }
  /** How many messages of a rule the calendar shows for the days to come. */
  const plannedOf = async (ruleId: string): Promise<number> => {
    const now = await world.now()
    const { items } = await world.call(api.sends.planned, { query: { from: dayAt(now), to: dayAt(now + days(6)) } })
    return items.reduce(
      (sum, row) => (row.ruleId === ruleId && row.kind === 'planned' ? sum + (row.count ?? 0) : sum),
      0,
    )
  }
  /** Two dozen customers who were not heard of for a month and more: two thirds bought thrice for much, the others once. */
  const silent = async (): Promise<Person[]> => {
    const now = await world.now()
    const who = await heldBy(world, company, 'lina', 24, now - days(60))
    const bought = ({ externalUserId }: Person, nth: number, yuan: number): Promise<void> =>
      company.order(externalUserId, `${externalUserId}-${nth}`, yuan, now - days(45 - nth))
    await Promise.all(
      who.flatMap((person, index) =>
        index < 16 ? [0, 1, 2].map((nth) => bought(person, nth, 1000)) : [bought(person, 0, 600)],
      ),
    )
    await world.drain()
    return who
  }

  it('a recall is one form: tried, approved by a second person, rung by rung for each tier, until they answer, buy or object', async () => {
    const [wang, zhou] = await Promise.all([callAs(world, 'wangmin'), callAs(world, 'zhou')])
    const batch = await world.call(api.coupons.create, { body: { name: '回归券', value: '满 100 减 20' } })
    const codesText = Array.from({ length: 300 }, (_each, index) => `BACK-${1000 + index}`).join('\n')
    await world.call(api.coupons.addCodes, { params: { id: batch.id }, file: new TextEncoder().encode(codesText) })
    const variants = [
      { when: { tiers: ['A' as const] }, body: { text: '给您留了会员专享' } },
      { when: { tiers: ['B' as const] }, body: { text: '新品到店，来看看' } },
    ]
    const gentle = await wang(api.contents.create, { body: { name: '问候', body: { text: '好久不见' }, variants } })
    const coupon = await wang(api.contents.create, {
      body: { name: '送券', body: { text: '送您一张券 {{ coupon.code }}' }, couponId: batch.id },
    })
    const form = RecallForm.parse({
      name: '沉默召回',
      when: { type: 'silent', minDays: 30, maxDays: null },
      ladders: [
        {
          tier: 'A',
          gentle: { contentId: gentle.id },
          coupon: { contentId: coupon.id, afterDays: 3 },
          call: { title: '打个电话问候', afterDays: 4 },
        },
        { tier: 'B', gentle: { contentId: gentle.id }, coupon: null, call: null },
      ],
      ...{ tags: [], segments: [], at: '10:00', workdays: false, againDays: 60, goalDays: 14, holdoutPercent: 50 },
      stopOn: ['ordered', 'replied', 'objected'],
    })
    const rule = ruleOfRecall(form)
    const { id } = await wang(api.rules.create, { body: rule })

    // One whose coupon is gone is told so, and cannot be switched on.
    const steps = rule.steps.map((step) => (step.id === 'A_coupon' ? { ...step, contentId: 'gone' } : step))
    const { problems } = await wang(api.rules.check, { body: { ...rule, steps } })
    expect(problems.filter(({ level }) => level === 'error')).toMatchObject([{ key: 'noContent', stepId: 'A_coupon' }])
    const broken = await wang(api.rules.create, { body: { ...rule, name: '没有券的召回', steps } })
    await expect(wang(api.rules.turnOn, { params: { id: broken.id } })).rejects.toMatchObject({
      code: 'rule.not_ready',
    })

    // Half are left alone, by chance: until there are enough of each kind.
    const known = new Map<string, Person>()
    const trying = async () => {
      const { counts, rows } = await wang(api.rules.dryRun, { body: { ...rule, id, limit: 500 } })
      const of = (outcome: string, tier?: string): Person[] =>
        rows.flatMap((row) => {
          const person = known.get(row.customerId)
          return person !== undefined && row.outcome === outcome && (tier ?? row.tier) === row.tier ? [person] : []
        })
      return { counts, rows, vips: of('send', 'A'), growing: of('send', 'B'), alone: of('holdout') }
    }
    let tried = await trying()
    while (tried.vips.length < 5 || tried.growing.length < 2 || tried.alone.length < 4) {
      for (const person of await silent()) known.set(person.id, person)
      tried = await trying()
    }
    const { counts, rows, vips, growing, alone } = tried
    expect(counts).toEqual({ send: vips.length + growing.length, wait: 0, block: 0, holdout: alone.length, skip: 0 })
    expect(vips.length + growing.length + alone.length).toBe(known.size)
    expect(new Set(rows.flatMap(({ outcome, preview }) => (outcome === 'send' ? [preview] : [])))).toEqual(
      new Set(['给您留了会员专享', '新品到店，来看看']),
    )
    // Led through it one by one they see the same, and still nothing is sent.
    const trial = await wang(api.rules.tryOn, { body: { id, rule, customerId: vips[0]?.id ?? '' } })
    expect(trial.met).toBe(true)
    expect(trial.lines.flatMap(({ kind, text }) => (kind === 'sent' ? [text] : []))).toMatchObject([
      '给您留了会员专享',
      expect.stringMatching(/^送您一张券 /),
    ])
    expect(await manager.waiting()).toEqual([])

    await world.call(api.rules.changeSettings, { body: { approval: true } })
    const version = { params: { id }, body: { version: 1, words: '看过试算了' } }
    await expect(wang(api.rules.turnOn, { params: { id } })).rejects.toMatchObject({ code: 'rule.not_approved' })
    await wang(api.rules.ask, version)
    const yes = { params: { id }, body: { ...version.body, yes: true } }
    await expect(wang(api.rules.decide, yes)).rejects.toMatchObject({ code: 'rule.own_approval' })
    await zhou(api.rules.decide, yes)
    expect(await wang(api.rules.turnOn, { params: { id } })).toMatchObject({ status: 'on', live: 1 })
    await world.call(api.rules.changeSettings, { body: { approval: false } })

    await manager.toTime('10:00')
    const runs = await manager.runsOf(id)
    const inState = (state: string) => runs.flatMap((run) => (run.state === state ? [run.customerId] : [])).toSorted()
    expect(inState('held_out')).toEqual(idsOf(alone))
    expect(inState('waiting')).toEqual(idsOf([...vips, ...growing]))
    await manager.confirmed()
    expect(await massesOf(world, vips)).toEqual(all(vips, ['给您留了会员专享']))
    expect(await massesOf(world, growing)).toEqual(all(growing, ['新品到店，来看看']))

    expect(await plannedOf(id)).toBe(vips.length)

    const [answers, buys, objects, ...others] = vips
    const [wouldHave] = alone
    if (answers === undefined || buys === undefined || objects === undefined || wouldHave === undefined)
      throw new Error('too few customers')
    const replied = (who: Person, text: string) =>
      world.call(api.customers.replied, { params: { id: who.id }, body: { key: `reply-${who.id}`, text } })
    expect(await replied(answers, '好的，周末去看看')).toMatchObject({ optedOut: false })
    expect(await replied(objects, '别再发了，谢谢')).toMatchObject({ optedOut: true })
    await company.order(buys.externalUserId, 'order-recalled', 300)
    await company.order(wouldHave.externalUserId, 'order-anyway', 300)
    await world.drain()
    expect(await plannedOf(id)).toBe(others.length)
    await world.settle(days(3))
    await manager.confirmed()
    const given = (await massesOf(world, others)).map(([first, second = '', ...more]) => {
      expect([first, more]).toEqual(['给您留了会员专享', []])
      return second
    })
    for (const text of given) expect(text).toMatch(/^送您一张券 BACK-1\d\d\d$/)
    expect(new Set(given).size).toBe(others.length)
    const stopped = [answers, buys, objects]
    expect(await massesOf(world, stopped)).toEqual(all(stopped, ['给您留了会员专享']))

    await world.settle(days(4))
    expect(await Promise.all(others.map(manager.openTasks))).toEqual(all(others, ['打个电话问候']))
    expect(await Promise.all([...stopped, ...growing, ...alone].map(manager.openTasks))).toEqual(
      all([...stopped, ...growing, ...alone], []),
    )

    // Who objected gets nothing of any rule.
    const anyRule = await manager.sendsOnce('换季提醒')
    await manager.enter(anyRule, [objects])
    expect(await manager.sendOf(anyRule, objects)).toMatchObject({
      state: 'blocked',
      because: [{ code: 'block.consent' }],
    })

    await world.settle(days(8))
    expect(await massesOf(world, [...alone, ...growing])).toEqual([
      ...all(alone, []),
      ...all(growing, ['新品到店，来看看']),
    ])
    expect(await massesOf(world, [objects])).toEqual([['给您留了会员专享']])
    const ended = (await manager.runsOf(id)).filter(({ state }) => state !== 'held_out')
    const statesOf = (who: readonly Person[]) =>
      who.map(({ id: customerId }) => ended.find((run) => run.customerId === customerId)?.state)
    expect(statesOf([answers, buys, objects])).toEqual(['exited', 'goal', 'exited'])
    expect(statesOf([...others, ...growing])).toEqual(all([...others, ...growing], 'finished'))
    const [own] = (await world.call(api.measure.rule, { params: { id } })).comparisons
    expect(own?.arms.map(({ arm, customers, open, met, buyers }) => [arm, customers, open, met, buyers])).toEqual([
      ['treated', vips.length + growing.length, 0, 1, 1],
      ['holdout', alone.length, 0, 1, 1],
    ])
    // So few show nothing yet, and it says how many are missing.
    const [lift] = own?.lifts ?? []
    expect(lift?.points?.within.low).toBeLessThan(lift?.points?.within.high ?? 0)
    expect(lift?.missing).toBeGreaterThan(0)
    expect(codes(lift?.words)).toContain('measure.not_yet')
    await world.call(api.rules.pause, { params: { id } })
  })

  it('what is sent is filled in, approved by a second person, and not sent after its day', async () => {
    const person = one()
    const [wang, zhou] = await Promise.all([callAs(world, 'wangmin'), callAs(world, 'zhou')])
    const text = '为{{ customer.city | default: "您的城市" }}备了货'
    const { id } = await wang(api.contents.create, { body: { name: '备货', body: { text } } })
    await world.call(api.contents.configure, { body: { approval: true } })
    const steps = (contentId: string): Rule['steps'] => [{ id: 'say', type: 'send', channel: 'mass', contentId }]
    const send = (contentId: string) =>
      manager.begin({ name: '备货', trigger: { type: 'manual' }, steps: steps(contentId) })
    const unread = await send(id)
    await manager.enter(unread, [person])
    expect(codes((await manager.sendOf(unread, person))?.because)).toEqual(['block.content_unapproved'])
    const approval = { params: { id }, body: { version: 1 } }
    await expect(wang(api.contents.approve, approval)).rejects.toMatchObject({ status: 403 })
    await zhou(api.contents.approve, approval)
    await world.call(api.contents.configure, { body: { approval: false } })

    const expiresAt = new Date((await world.now()) + hours(20)).toISOString()
    const body = { name: '今日特价', body: { text: '今日特价' }, expiresAt }
    const stale = await send((await wang(api.contents.create, { body })).id)
    await manager.toTime('10:00')
    const read = await send(id)
    await manager.enter(read, [person])
    await manager.confirmed()
    await manager.enter(stale, [person])
    expect(codes((await manager.sendOf(stale, person))?.because)).toEqual(['block.content_expired'])
    // Twice in the same rule is once.
    const again = await world.call(api.rules.enter, { params: { id: read }, body: { customerIds: [person.id] } })
    expect(again.kept.map(({ because }) => codes(because))).toEqual([['rule.reentry']])
    await manager.confirmed()
    expect(await massesOf(world, [person])).toEqual([['为您的城市备了货']])
  })

  it('two rules want the same customer at night: one goes in the morning, the other says to whom it lost and goes the day after', async () => {
    const person = one()
    const low = await manager.sendsOnce('低优先级', { priority: 20 })
    const spare = await manager.sendsOnce('可有可无', { priority: 20, onLoss: 'drop' })
    const high = await manager.sendsOnce('高优先级', { priority: 80 })
    await manager.toTime('22:00')
    for (const ruleId of [low, spare, high]) await manager.enter(ruleId, [person])
    expect(await manager.waiting()).toEqual([])
    expect(codes((await manager.sendOf(high, person))?.because)).toEqual(['block.quiet_hours'])
    await manager.toTime('09:00')
    expect(await manager.waiting()).toEqual(['高优先级'])
    const winner = await manager.sendOf(high, person)
    const lost = { to: winner?.id, ruleId: high, name: '高优先级', by: 'priority' }
    const loser = await manager.sendOf(low, person)
    expect(loser).toMatchObject({ state: 'wanted', lost: { ...lost, policy: 'wait' } })
    expect(codes(loser?.because)).toContain('block.lost_priority')
    expect(await manager.sendOf(spare, person)).toMatchObject({ state: 'blocked', lost: { ...lost, policy: 'drop' } })
    const losers = await world.call(api.sends.list, { query: { lostTo: winner?.id ?? '' } })
    expect(losers.items.map(({ ruleId }) => ruleId).toSorted()).toEqual([low, spare].toSorted())
    await manager.confirmed()
    await manager.toTime('09:00')
    await manager.confirmed()
    expect(await massesOf(world, [person])).toEqual([['高优先级', '低优先级']])
  })

  it('a rep who does not confirm is reminded, then stopped; one tap in the sidebar sends it by hand', async () => {
    const person = one()
    const steps: Rule['steps'] = [
      {
        ...{ id: 'say', type: 'send', channel: 'mass', contentId: await manager.content('您要的色号到了') },
        ...{ fallback: 'task', expireHours: 24 },
      },
    ]
    const ruleId = await manager.begin({ name: '到货', trigger: { type: 'manual' }, steps })
    await manager.toTime('10:00')
    await manager.enter(ruleId, [person])
    await world.settle(hours(5))
    await world.settle(hours(5))
    expect(await world.wecom(admin.watch.requests, { query: { path: remindPath } })).toHaveLength(2)
    await manager.toTime('10:30')
    expect(await manager.sendOf(ruleId, person)).toMatchObject({ delivery: 'expired' })
    expect((await world.tasks('lina')).find(({ text }) => text === '您要的色号到了')?.status).toBe('cancelled')
    expect(await manager.openTasks(person)).toEqual(['手写给客户：您要的色号到了'])

    const lina = await callAs(world, 'lina')
    const [ready] = (await lina(api.customers.suggestions, { params: { id: person.id } })).items
    expect(ready).toMatchObject({ text: '您要的色号到了' })
    const { text = '', intentId } = ready ?? {}
    const said = { from: 'member' as const, userid: 'lina', external_userid: person.externalUserId, text }
    await world.wecom(admin.customers.say, { body: said })
    await lina(api.customers.said, {
      params: { id: person.id },
      body: { key: 'said-by-hand', text, ...(intentId && { intentId }) },
    })
    await world.drain()
    expect(await manager.openTasks(person)).toEqual([])
    const ledger = await world.ledger({ to: person.externalUserId })
    expect(ledger.map(({ via, text: words }) => `${via} ${words}`)).toEqual(['chat 您要的色号到了'])
    const { items } = await lina(api.sends.delays)
    expect(items).toMatchObject([{ userid: 'lina', expired: 1, waiting: 0 }])
    expect(items[0]?.medianMs).toBeLessThan(hours(1))
  })

  it('a rule after whose message customers delete the rep pauses by itself and sends nothing more', async () => {
    const who = Array.from({ length: 6 }, one)
    const [first, second] = [await manager.content('限时特惠'), await manager.content('最后一天')]
    const steps: Rule['steps'] = [
      { id: 'one', type: 'send', channel: 'mass', contentId: first },
      { id: 'rest', type: 'wait', hours: 24 },
      { id: 'two', type: 'send', channel: 'mass', contentId: second },
    ]
    const limits = { guard: { deletedPercent: 30, atLeast: 5 } }
    const id = await manager.begin({ name: '特惠', trigger: { type: 'manual' }, steps, limits })
    await manager.enter(id, who)
    await manager.confirmed()
    const leave = async (person: Person | undefined): Promise<void> => {
      const body = { userid: 'lina', external_userid: person?.externalUserId ?? '' }
      await world.wecom(admin.customers.deleteByCustomer, { body })
      await world.drain()
    }
    const rule = () => world.call(api.rules.get, { params: { id } })
    await leave(who[0])
    expect(await rule()).toMatchObject({ status: 'on' })
    await leave(who[1])
    expect(await rule()).toMatchObject({
      status: 'paused',
      pausedBecause: { code: 'rule.guard', params: { deleted: 2, of: 6, percent: 30 } },
    })
    await world.settle(days(2))
    expect(await massesOf(world, who)).toEqual(all(who, ['限时特惠']))
    // A person looks into it and lets it go on: for those who stayed, once.
    await world.call(api.rules.turnOn, { params: { id } })
    await world.settle()
    await manager.confirmed()
    expect(await massesOf(world, who.slice(2))).toEqual(all(who.slice(2), ['限时特惠', '最后一天']))
    expect(await massesOf(world, who.slice(0, 2))).toEqual(all(who.slice(0, 2), ['限时特惠']))
  })

  it('one customer’s life takes them into a rule of every trigger, each once', async () => {
    const tag = await world.call(api.tags.create, { body: { name: '重点', group: '跟进' } })
    const tagged = [{ id: tag.id, name: '重点' }]
    const isNew = { type: 'stage' as const, in: ['new' as const] }
    const segment = await world.call(api.segments.create, { body: { kind: 'rule', name: '新人', condition: isNew } })
    const newcomers = [{ id: segment.id, name: '新人' }]
    const triggers: Readonly<Record<string, z.input<typeof Trigger>>> = {
      加好友: { type: 'customer.added' },
      打标签: { type: 'tag.added', tags: tagged },
      去标签: { type: 'tag.removed', tags: tagged },
      进人群: { type: 'segment.entered', segments: newcomers },
      出人群: { type: 'segment.left', segments: newcomers },
      升为A: { type: 'tier.changed', to: ['A'] },
      离开C: { type: 'tier.left', from: ['C'] },
      离开新客: { type: 'stage.left', stages: ['new'] },
      进入沉默: { type: 'stage.entered', stages: ['silent'] },
      大单: {
        type: 'event',
        event: 'order.completed',
        where: [{ field: 'amount', test: { op: 'at_least', value: 100_000 } }],
      },
      进群: { type: 'event', event: 'group.joined' },
      退群: { type: 'event', event: 'group.left' },
      生日: { type: 'date', key: 'birthday', days: 0, yearly: true, at: '09:30' },
      下单三天: { type: 'date', key: 'last_order_at', days: 3, at: '10:00' },
      定时: { type: 'schedule', at: '10:30' },
      手动: { type: 'manual' },
      接口: { type: 'api' },
    }
    // What comes for others too is kept to whom it is about: a member gets no more than so many messages a minute.
    const bought: Condition[] = [{ type: 'orders', op: 'gte', value: 1 }]
    const only: Readonly<Record<string, Condition[]>> = {
      定时: [{ type: 'tag', tagId: tag.id, tag: '重点' }],
      ...{ 出人群: bought, 离开新客: bought, 进入沉默: bought },
    }
    const ids = new Map<string, string>()
    for (const [name, trigger] of Object.entries(triggers)) {
      const text = `${name}：{{ customer.name }}`
      const rule: Rule = {
        ...{ name, trigger, limits: { reentryDays: 365 } },
        condition: { type: 'all', of: only[name] ?? [] },
        steps: [{ id: 'tell', type: 'notify', to: 'members', userids: ['lina'], text }],
      }
      ids.set(name, await manager.begin(rule))
    }
    await manager.toTime('10:00')
    const person = await newcomer('小满')
    const { id, externalUserId } = person
    await world.call(api.customers.addTag, { params: { id }, body: { tagId: tag.id } })
    await company.order(externalUserId, 'order-small', 20)
    await world.drain()
    await company.order(externalUserId, 'order-big', 2380)
    const tomorrow = dayAt((await world.now()) + days(1))
    const birthday = tomorrow.replace(/^\d{4}/, '1990')
    await world.call(api.attributes.correct, { params: { id, key: 'birthday' }, body: { value: birthday } })
    const { chat_id } = await world.wecom(admin.groups.create, { body: { name: '福利群', owner: 'lina' } })
    await world.wecom(admin.groups.join, { params: { chat_id }, body: { id: externalUserId, scene: 3 } })
    await world.drain()
    await world.settle(minute)
    await world.wecom(admin.groups.leave, { params: { chat_id }, body: { id: externalUserId } })
    for (const name of ['手动', '接口']) await manager.enter(ids.get(name) ?? '', [person])
    await manager.toTime('10:40')
    await world.call(api.customers.removeTag, { params: { id, tagId: tag.id } })
    await world.drain()
    await world.settle(days(3))
    await world.settle(days(31))
    await world.settle(minute)
    const told = (await world.ledger({ to: 'lina', via: 'app' })).flatMap(
      ({ text }) => /^(.+)：小满$/.exec(text)?.[1] ?? [],
    )
    expect(told.toSorted()).toEqual(Object.keys(triggers).toSorted())
    for (const ruleId of ids.values()) await world.call(api.rules.pause, { params: { id: ruleId } })
  })

  it('a journey waits for what the customer does, and takes every kind of step once', async () => {
    const [opens, sleeps] = [await newcomer('春分'), await newcomer('秋分')]
    const who = [opens, sleeps]
    const tag = await world.call(api.tags.create, { body: { name: '看过新品', group: '跟进' } })
    await world.call(api.attributes.create, { body: { key: 'wish', name: '想要', layer: 'interests', type: 'text' } })
    const { id: contentId } = await world.call(api.contents.create, {
      body: {
        name: '新品',
        body: {
          // Words of their own make a message of their own, whose link tells who opened it.
          text: '{{ customer.name }}，新品来了',
          attachments: [{ type: 'link', title: '新品', url: 'https://shop.example/new' }],
        },
      },
    })
    const steps: Rule['steps'] = [
      { id: 'say', type: 'send', channel: 'mass', contentId },
      {
        ...{ id: 'opened', type: 'wait_until', until: { type: 'event', event: 'link.opened' }, hours: 24 },
        ...{ next: 'tag', otherwise: 'call' },
      },
      { id: 'tag', type: 'tag', add: [tag.id] },
      { id: 'wish', type: 'set_attribute', key: 'wish', value: '新品' },
      { id: 'hook', type: 'webhook', url: hook.url },
      { id: 'tell', type: 'notify', to: 'rep', text: '打开了新品的链接' },
      { id: 'give', type: 'transfer', userids: ['wangwei'] },
      { id: 'end', type: 'exit' },
      { id: 'call', type: 'task', title: '没看新品，问一句', next: null },
    ]
    // What another system is told of somebody they must have agreed to.
    await world.call(api.customers.setConsent, {
      params: { id: opens.id },
      body: { purpose: 'sharing', state: 'granted', source: 'form' },
    })
    const id = await manager.begin({ name: '新品', trigger: { type: 'manual' }, steps })
    await manager.toTime('10:00')
    await manager.enter(id, who)
    await manager.confirmed()
    const linkOf = async ({ externalUserId }: Person): Promise<string> => {
      const [got] = await world.ledger({ to: externalUserId, via: 'mass' })
      return Linked.parse(got?.content).attachments[0]?.link.url ?? ''
    }
    for (let times = 0; times < 2; times += 1) await fetch(await linkOf(opens), { redirect: 'manual' })
    await world.drain()
    await world.settle(days(1) + hours(1))
    await world.settle(days(1))
    const after = await company.profile(opens.externalUserId)
    expect(after.tags.map(({ name }) => name)).toContain('看过新品')
    expect(after.layers.flatMap(({ values }) => values).find(({ key }) => key === 'wish')?.value).toBe('新品')
    expect(hook.heard.map(({ stepId, customer }) => [stepId, customer.customerId])).toEqual([['hook', opens.id]])
    expect(await world.ledger({ to: 'lina', via: 'app', text: '打开了新品的链接' })).toHaveLength(1)
    const { relations } = await world.state()
    const repsOf = ({ externalUserId }: Person): string[] =>
      relations.flatMap((pair) => (pair.external_userid === externalUserId ? [pair.userid] : []))
    expect([repsOf(opens), repsOf(sleeps)]).toEqual([['wangwei'], ['lina']])
    expect([await manager.openTasks(opens), await manager.openTasks(sleeps)]).toEqual([[], ['没看新品，问一句']])
    const runs = await manager.runsOf(id)
    expect(who.map((person) => runs.find((run) => run.customerId === person.id)?.state)).toEqual(['exited', 'finished'])
    expect(await massesOf(world, who)).toEqual([['春分，新品来了'], ['秋分，新品来了']])
  })

  it('days off, the week’s cap and the global holdout hold for every rule', async () => {
    const person = one()
    await manager.toTime('10:00')
    const today = await world.now()
    const closed = { params: { day: dayAt(today) }, body: { work: false, name: '盘点' } }
    await world.call(api.calendar.setDay, closed)
    await world.call(api.calendar.setDay, {
      params: { day: dayAt(today + days(1)) },
      body: { work: true, name: '开门' },
    })
    const workdays = await manager.sendsOnce('工作日见', { days: 'workdays' })
    await manager.enter(workdays, [person])
    expect(await manager.waiting()).toEqual([])
    expect(codes((await manager.sendOf(workdays, person))?.because)).toEqual(['block.days'])
    await manager.toTime('09:00')
    expect(await manager.waiting()).toEqual(['工作日见'])
    await manager.confirmed()

    const { limits } = await world.call(api.settings.get)
    await world.call(api.settings.update, { body: { limits: { ...limits, perWeek: 1 } } })
    await manager.toTime('10:00')
    const again = await manager.sendsOnce('再来一条')
    await manager.enter(again, [person])
    expect(await manager.waiting()).toEqual([])
    expect(codes((await manager.sendOf(again, person))?.because)).toContain('block.cap_week')
    await world.call(api.settings.update, { body: { limits } })
    await world.call(api.rules.pause, { params: { id: again } })
    expect(await massesOf(world, [person])).toEqual([['工作日见']])

    await world.call(api.measure.beginSeason, { body: { name: '夏季', percent: 20 } })
    const who: Person[] = []
    const isOut = async ({ id }: Person): Promise<boolean> =>
      (await world.call(api.measure.customer, { params: { id } })).heldOut
    while ((await Promise.all(who.map(isOut))).filter((out) => out).length < 1)
      who.push(...(await heldBy(world, company, 'lina', 16)))
    const out = await Promise.all(who.map(isOut))
    const rule = await manager.sendsOnce('全员通知')
    await manager.enter(rule, who)
    await manager.confirmed()
    expect(await massesOf(world, who)).toEqual(out.map((alone) => (alone ? [] : ['全员通知'])))
    await world.call(api.measure.setHoldout, { body: { percent: 0 } })
  })

  it('the playbooks of every trade can be switched on as they come, and one does what it says', async () => {
    const { items } = await world.call(api.playbooks.list)
    expect(items.map(({ id }) => id)).toEqual(['beauty', 'education', 'restaurant'])
    let secondOrder = ''
    for (const { id } of items) {
      const made = await world.call(api.playbooks.install, { params: { id }, body: {} })
      for (const one of made.rules) {
        const rule = await world.call(api.rules.get, { params: { id: one.id } })
        const { problems } = await world.call(api.rules.check, { body: rule })
        expect(problems.filter(({ level }) => level === 'error')).toEqual([])
        if (id === 'beauty') await world.call(api.rules.turnOn, { params: { id: one.id } })
        if (id === 'beauty' && one.key === 'second_order') secondOrder = one.id
      }
    }
    await manager.toTime('10:00')
    const newcomers: Person[] = []
    for (const name of ['谷雨', '立夏', '芒种']) {
      const externalUserId = await company.stranger(name)
      await world.wecom(admin.customers.add, { body: { userid: 'lina', external_userid: externalUserId } })
      await world.drain()
      await company.order(externalUserId, `first-${externalUserId}`, 300)
      newcomers.push({ externalUserId, id: (await company.profile(externalUserId)).id })
    }
    await world.drain()
    await world.settle(days(4))
    await manager.confirmed()
    const runs = await manager.runsOf(secondOrder)
    for (const { externalUserId, id } of newcomers) {
      const alone = runs.find(({ customerId }) => customerId === id)?.state === 'held_out'
      const got = await world.ledger({ to: externalUserId })
      expect(got.map(({ via }) => via)).toEqual(alone ? ['welcome'] : ['welcome', 'mass'])
      expect(got[0]?.text).toContain('您的肤质')
      if (!alone) expect(got[1]?.text).toContain('用上了吗')
    }
  })
})

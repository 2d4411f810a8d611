import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { say } from '@zhiyin/shared/because'
import type { LossPolicy } from '@zhiyin/shared/intent'
import type { CountDoc } from '../../../server/outbox/counts.model.ts'
import type { WantInput } from '../../../server/outbox/read.ts'
import { sendingRooms } from '../../support/sending.ts'
import { day, hour, noon, useMassRooms } from '../mass/rooms.ts'

const setUp = useMassRooms()
const rule = (name: string) => ({ ruleId: `r_${name}`, rule: name, stepId: 's1' })
const text = (words: string) => ({ text: words, attachments: [] })

const rooms = async () => {
  const had = await setUp()
  const { want, sends, outbox, settle, platform, later } = had
  const wish = (name: string, over: Partial<WantInput> = {}, customerId = 'lin'): WantInput =>
    want(customerId, {
      key: `${customerId}:${name}`,
      cause: { ...rule(name), runId: customerId },
      body: text(name),
      ...over,
    })
  const all = async () => (await sends.list({ scope: null, limit: 100 })).items
  const by = async (name: string) => (await all()).find(({ cause }) => cause.rule === name)
  const ask = async (...wishes: WantInput[]) => {
    await outbox.wantMany(wishes)
    await settle()
  }
  const confirmed = new Set<string>()
  const confirmAll = async () => {
    for (const { msgid } of await platform.masses()) {
      if (confirmed.has(msgid)) continue
      confirmed.add(msgid)
      await platform.confirm(msgid)
    }
    await later(hour)
  }
  return { ...had, wish, all, by, ask, confirmAll }
}

describe('the quota of one customer, wanted by several rules', () => {
  it('goes to the highest priority, then to the higher value, then to who came first; the others say to whom and why', async () => {
    const { customer, wish, ask, by, platform } = await rooms()
    await customer('lin')
    await ask(
      wish('低', { priority: 10, expectedValue: 99_00 }),
      wish('先到'),
      wish('后到'),
      wish('值钱', { expectedValue: 500_00 }),
    )
    expect((await platform.masses()).map(({ text: said }) => said)).toEqual(['值钱'])
    const winner = await by('值钱')
    expect(winner).toMatchObject({ state: 'sent', delivery: 'waiting' })
    for (const [name, ground] of [
      ['低', 'priority'],
      ['先到', 'value'],
      ['后到', 'value'],
    ] as const)
      expect(await by(name)).toMatchObject({
        state: 'wanted',
        lost: { to: winner?.id, name: '值钱', ruleId: 'r_值钱', by: ground, policy: 'wait' },
        dueAt: new Date(noon.getTime() + 12 * hour),
      })
    const reasons = (await by('低'))?.because.map((reason) => say(reason, 'zh', 'Asia/Shanghai'))
    expect(reasons).toEqual([
      '今天已收到 1 条（每人每天上限 1）',
      '让位给「值钱」：它的优先级 50 高于 10',
      '等到 3月3日 00:00 再发',
    ])
  })

  it('those who waited go on the next days, in the order of their rank', async () => {
    const { customer, wish, ask, by, confirmAll, later, platform } = await rooms()
    await customer('lin')
    await ask(wish('低', { priority: 10 }), wish('中', { priority: 40 }), wish('高', { priority: 90 }))
    for (let turn = 0; turn < 2; turn += 1) {
      await confirmAll()
      await later(day)
    }
    await confirmAll()
    expect((await platform.masses()).map(({ text: said }) => said)).toEqual(['高', '中', '低'])
    expect((await by('低'))?.history.map(({ state }) => state).at(-1)).toBe('delivered')
  })

  it('is decided about among all that quiet hours held until the morning', async () => {
    const { customer, wish, ask, limits, clock, settle, platform, by } = await rooms()
    limits.quietHours = { from: '21:00', to: '09:00' }
    await customer('lin')
    clock.set(new Date('2026-03-02T13:30:00Z'))
    await ask(wish('早睡', { priority: 20 }))
    clock.advance(3 * hour)
    await ask(wish('夜猫', { priority: 80 }))
    clock.set(new Date('2026-03-03T01:00:00Z'))
    await settle()
    expect((await platform.masses()).map(({ text: said }) => said)).toEqual(['夜猫'])
    expect(await by('早睡')).toMatchObject({ state: 'wanted', lost: { name: '夜猫', by: 'priority' } })
  })

  it('that is free again goes to who waited with the highest rank, not to a newcomer', async () => {
    const { customer, wish, ask, platform, by, later } = await rooms()
    await customer('lin')
    // Refused by WeCom: the winner fails and gives back what it had counted.
    await platform.fault('mass', 40058)
    await ask(wish('赢家', { priority: 90 }), wish('等待', { priority: 60 }))
    expect(await by('赢家')).toMatchObject({ state: 'failed' })
    await ask(wish('新来', { priority: 55 }))
    await later(1_000)
    expect(['failed', 'sent']).toContain((await by('等待'))?.state)
    expect(await by('新来')).toMatchObject({ lost: { name: '等待', by: 'priority' } })
  })

  it('that was given and not yet claimed when the process died stays given: one message, nobody twice', async () => {
    const { customer, wish, outbox, settle, by, platform, mongo } = await rooms()
    await customer('lin')
    const [low] = await outbox.wantMany([wish('先给', { priority: 10 })])
    const by10 = { name: '先给', ruleId: 'r_先给', broadcastId: null, priority: 10, value: 0 }
    const today = Math.floor((noon.getTime() + 8 * hour) / day)
    await mongo.connection
      .collection<CountDoc>('sendcounts')
      .insertOne({ _id: 'lin', rev: 1, entries: [{ intent: low?._id ?? '', day: today, mass: true, by: by10 }] })
    await outbox.wantMany([wish('后来', { priority: 90 })])
    await settle()
    expect((await platform.masses()).map(({ text: said }) => said)).toEqual(['先给'])
    expect(await by('后来')).toMatchObject({ state: 'wanted', lost: { to: low?._id, by: 'earlier' } })
  })

  it('is dropped, or comes another way, where that was chosen', async () => {
    const { customer, wish, ask, by, tasks } = await rooms()
    await customer('lin')
    const fallback = { other: null, choice: 'task' as const }
    await ask(
      wish('赢家', { priority: 90 }),
      wish('放弃', { onLoss: 'drop' }),
      wish('换法', { onLoss: 'fallback', fallback }),
    )
    expect(await by('放弃')).toMatchObject({
      state: 'blocked',
      lost: { name: '赢家', policy: 'drop' },
      because: [{ code: 'block.cap_day' }, { code: 'block.lost_priority' }, { code: 'block.lost_drop' }],
    })
    const other = await by('换法')
    expect(other).toMatchObject({ state: 'blocked', lost: { policy: 'fallback' } })
    expect(other?.because.map(({ code }) => code)).toEqual([
      'block.cap_day',
      'block.lost_priority',
      'block.lost_fallback',
      'send.lost_task',
    ])
    const made = (await tasks.list({ scope: ['wang'], state: 'open', limit: 10 })).items
    expect(made.filter(({ kind }) => kind === 'rule')).toMatchObject([
      { title: '手写给客户：换法', customerIds: ['lin'] },
    ])
  })
})

describe('what goes along in the message of the winner', () => {
  it('is one message, and both end by it', async () => {
    const { customer, wish, ask, by, platform, confirmAll, all } = await rooms()
    await customer('lin')
    await customer('chen')
    const merging = { onLoss: 'merge' as const }
    await ask(wish('生日', { priority: 80 }), wish('补货', merging), wish('生日', { priority: 80 }, 'chen'))
    const masses = (await platform.masses()).toSorted((a, b) => b.text.length - a.text.length)
    expect(masses.map(({ text: said }) => said)).toEqual(['生日\n\n补货', '生日'])
    const winner = (await all()).find(({ cause, customerId }) => cause.rule === '生日' && customerId === 'lin')
    expect(winner).toMatchObject({ delivery: 'waiting', carries: [{ name: '补货' }] })
    expect(await by('补货')).toMatchObject({ state: 'permitted', along: winner?.id, lost: { name: '生日' } })
    await confirmAll()
    expect((await all()).map(({ delivery }) => delivery)).toEqual(['delivered', 'delivered', 'delivered'])
    expect(await by('补货')).toMatchObject({
      because: [{ code: 'send.delivered' }, { code: 'send.along', params: { winner: '生日' } }],
    })
    expect((await platform.received()).filter(({ text: said }) => said.includes('补货'))).toHaveLength(1)
  })

  it('waits by itself where both do not fit into one, or another rep sends it', async () => {
    const { customer, wish, ask, by, platform } = await rooms()
    await customer('lin', ['lina'])
    const merging = { onLoss: 'merge' as const }
    await ask(
      wish('生日', { priority: 80 }),
      wish('太长', { ...merging, body: text('长'.repeat(1_332)) }),
      wish('别人', { ...merging, userid: 'lina' }),
    )
    expect((await platform.masses()).map(({ text: said }) => said)).toEqual(['生日'])
    for (const name of ['太长', '别人'])
      expect(await by(name)).toMatchObject({ state: 'wanted', lost: { policy: 'merge' } })
  })

  it('leaves it when nobody wants it any more, before the call', async () => {
    const { customer, wish, ask, by, platform, outbox, clock, settle, confirmAll } = await rooms()
    await customer('lin')
    await platform.fault('mass', -1)
    // WeCom is busy, so the message goes a moment later; meanwhile the rule is switched off.
    await ask(wish('生日', { priority: 80 }), wish('补货', { onLoss: 'merge' }))
    await outbox.withdraw({ ruleId: 'r_补货' }, { code: 'block.rule_off', params: {} })
    clock.advance(10_000)
    await settle()
    expect((await platform.masses()).map(({ text: said }) => said)).toEqual(['生日'])
    await confirmAll()
    expect(await by('补货')).toMatchObject({ state: 'blocked', because: [{ code: 'block.rule_off' }] })
    expect(await by('生日')).toMatchObject({ delivery: 'delivered' })
  })

  it('goes by itself when what carried it is taken back', async () => {
    const { customer, wish, ask, by, platform, outbox, later } = await rooms()
    await customer('lin')
    await ask(wish('生日', { priority: 80 }), wish('补货', { onLoss: 'merge' }))
    await outbox.withdraw({ ruleId: 'r_生日' }, { code: 'block.rule_off', params: {} })
    await later(60_000)
    await later(1_000)
    expect(await by('生日')).toMatchObject({ delivery: 'cancelled' })
    expect(await by('补货')).toMatchObject({ state: 'sent', delivery: 'waiting' })
    expect((await platform.masses()).map(({ text: said }) => said)).toContain('补货')
  })

  it('whose answer was lost is found as one', async () => {
    const { customer, wish, ask, by, platform, later, confirmAll } = await rooms()
    await customer('lin')
    await platform.fault('mass', 'lost')
    await ask(wish('生日', { priority: 80 }), wish('补货', { onLoss: 'merge' }))
    await later(5_000)
    await later(25_000)
    expect(await platform.masses()).toHaveLength(1)
    await confirmAll()
    expect(await by('补货')).toMatchObject({ delivery: 'delivered' })
  })
})

const policies: readonly LossPolicy[] = ['wait', 'merge', 'fallback', 'drop']
const arrival = fc.record({
  who: fc.constantFrom('a', 'b', 'c'),
  hours: fc.integer({ min: 0, max: 24 }),
  priority: fc.integer({ min: 0, max: 3 }),
  expectedValue: fc.integer({ min: 0, max: 2 }),
  onLoss: fc.constantFrom(...policies),
})

/** Two workers on the same database. */
const pair = async () => {
  const first = await rooms()
  await first.mongo.connection.collection('intents').deleteMany({})
  for (const left of ['sendcounts', 'messages', 'receipts', 'tasks'])
    await first.mongo.connection.collection(left).deleteMany({})
  const other = sendingRooms(first.mongo, first.clock, first.platform)
  const limits = { ...first.limits, perDay: 9, perWeek: 50, perMonth: 200, quietHours: { from: '21:00', to: '09:00' } }
  Object.assign(first.limits, limits)
  Object.assign(other.limits, limits)
  for (const id of ['a', 'b', 'c']) await first.customer(id)
  for (const [id, view] of first.customers) other.customers.set(id, view)
  return { ...first, other }
}

it('for any arrivals: nobody gets more than the quota, nobody of a higher rank that waits loses to a lower, nothing goes twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { minLength: 6, maxLength: 12 }), async (list) => {
      const { wish, outbox, other, clock, all, platform, later } = await pair()
      const start = clock.now()
      const confirmed = new Set<string>()
      const coming = list
        .map((each, index) => ({ ...each, name: `规则${index}` }))
        .toSorted((a, b) => a.hours - b.hours)
      for (let hours = 0; hours <= 60; hours += 6) {
        clock.set(new Date(start + hours * hour))
        const now = coming.filter((each) => each.hours <= hours && each.hours > hours - 6)
        await outbox.wantMany(
          now.map(({ name, who, priority, expectedValue, onLoss }) =>
            wish(name, { priority, expectedValue, onLoss, key: `${who}:${name}` }, who),
          ),
        )
        await Promise.all([outbox.jobs['outbox.send'](), other.outbox.jobs['outbox.send']()])
        await later(0)
        // A rep confirms later, sometimes on the next day.
        for (const { msgid } of hours % 12 === 0 ? await platform.masses() : []) {
          if (confirmed.has(msgid)) continue
          confirmed.add(msgid)
          await platform.confirm(msgid)
        }
        await later(60_000)
        clock.set(new Date(start + hours * hour + 60_000))
      }
      await later(3 * day)
      const ended = await all()
      expect(ended.filter(({ state }) => state === 'wanted' || state === 'permitted')).toEqual([])
      const heard = await platform.received()
      for (const { name } of coming)
        expect(heard.filter(({ text: said }) => said.split('\n\n').includes(name)).length).toBeLessThan(2)
      for (const one of ended.filter(({ lost }) => lost?.by === 'priority')) expect(one.lost?.to).not.toBeNull()
      // WeCom itself would have refused what is above its quota.
      expect(ended.filter(({ delivery }) => delivery === 'quota_used')).toEqual([])
      for (const high of ended)
        for (const low of ended) {
          if (high.customerId !== low.customerId || (high.priority ?? 0) <= (low.priority ?? 0)) continue
          const claimed = (of: typeof high): number | undefined =>
            of.history.find(({ state }) => state === 'claimed')?.at.getTime()
          const [lowAt, highAt] = [claimed(low), claimed(high)]
          if (lowAt === undefined || high.createdAt.getTime() >= lowAt) continue
          // It was there already: it had gone, gone along, or had ended as its policy says.
          const over = high.settledAt?.getTime() ?? Infinity
          const along =
            high.along !== undefined &&
            (high.history.find(({ state }) => state === 'permitted')?.at.getTime() ?? Infinity) <= lowAt
          expect((highAt ?? Infinity) <= lowAt || over <= lowAt || along).toBe(true)
        }
    }),
    { numRuns: 3, endOnFailure: true },
  )
}, 90_000)

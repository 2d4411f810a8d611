import { describe, expect, it } from 'vitest'
import { because } from '@zhiyin/shared/because'
import { createOpenMessages } from '../../../server/outbox/read.ts'
import { RuleInput } from '@zhiyin/shared/rule'
import { day, hour, noon, useMassRooms } from './rooms.ts'

const setUp = useMassRooms()
const ended = because('block.run_ended')

describe('a rep who does not confirm', () => {
  it('is reminded as often as set, never in quiet hours, and by a manager within WeCom’s three a day', async () => {
    const { platform, customer, outbox, want, settle, later, limits, results, clock } = await setUp()
    await customer('lin')
    limits.reminders = { afterHours: 4, times: 2 }
    limits.quietHours = { from: '21:00', to: '09:00' }
    await outbox.wantMany([want('lin')])
    await settle()
    await later(3 * hour)
    expect(await platform.calls('remind')).toBe(0)
    await later(hour + 1000)
    expect(await platform.calls('remind')).toBe(1)
    await later(5 * hour)
    expect(clock.date().toISOString()).toContain('13:00')
    expect(await platform.calls('remind')).toBe(1)
    await later(12 * hour)
    expect(await platform.calls('remind')).toBe(2)
    await later(5 * hour)
    expect(await platform.calls('remind')).toBe(2)
    const msgid = (await platform.masses())[0]?.msgid ?? ''
    await results.remind(msgid)
    await expect(results.remind(msgid)).rejects.toMatchObject({ code: 'mass.remind_limit' })
    expect(await platform.errcodes('remind')).toEqual([0, 0, 0])
    await platform.confirm(msgid)
    await later(hour)
    await expect(results.remind(msgid)).rejects.toMatchObject({ code: 'mass.not_waiting' })
  })

  it('is not reminded twice when the answer of a reminder is lost', async () => {
    const { platform, customer, outbox, want, settle, later, limits } = await setUp()
    await customer('lin')
    limits.reminders = { afterHours: 4, times: 1 }
    await platform.fault('remind', 'lost')
    await outbox.wantMany([want('lin')])
    await settle()
    for (let turn = 0; turn < 4; turn += 1) await later(4 * hour + 1000)
    expect(await platform.calls('remind')).toBe(1)
  })

  it('loses the message to another rep who holds the customer: exactly one arrives', async () => {
    const { platform, customer, outbox, want, settle, later, newest, sends, limits } = await setUp()
    const lin = await customer('lin', ['lina'])
    limits.perDay = 1
    const other = { userid: 'lina', body: { text: '我是李娜', attachments: [] } }
    await outbox.wantMany([want('lin', { fallback: { other, choice: null } })])
    await settle()
    const msgid = (await platform.masses())[0]?.msgid ?? ''
    await later(73 * hour)
    expect(await platform.assistant('wang')).toMatchObject([{ msgid, status: 'cancelled' }])
    await expect(platform.confirm(msgid)).rejects.toThrow()
    const [first] = (await sends.list({ scope: ['wang'], limit: 1 })).items
    expect(first).toMatchObject({
      delivery: 'expired',
      because: [{ code: 'send.never_confirmed' }, { code: 'send.fallback_rep' }],
    })
    const second = await newest('lin')
    expect(second).toMatchObject({ userid: 'lina', state: 'sent', delivery: 'waiting', fallbackOf: first?.id })
    const [task] = await platform.assistant('lina')
    await platform.confirmBy('lina', task?.msgid ?? '')
    await later(hour)
    expect(await newest('lin')).toMatchObject({ delivery: 'delivered' })
    expect(await platform.received()).toEqual([{ to: lin, via: 'mass', text: '我是李娜' }])
  })

  it('gets a task to write by hand where nobody else holds the customer, and that is all that comes', async () => {
    const { customer, outbox, want, settle, later, tasks, sends } = await setUp()
    await customer('lin')
    await outbox.wantMany([want('lin', { fallback: { other: null, choice: 'rep_then_task' } })])
    await settle()
    await later(73 * hour)
    await later(73 * hour)
    const open = (await tasks.list({ scope: null, state: 'open', limit: 10 })).items
    expect(open).toMatchObject([{ kind: 'rule', userid: 'wang', customerIds: ['lin'], title: '手写给客户：在吗' }])
    expect((await sends.list({ scope: null, limit: 10 })).items).toHaveLength(1)
  })

  it('may press send in the last moment: then it has arrived, and nothing falls back', async () => {
    const { platform, customer, outbox, want, settle, clock, newest, tasks } = await setUp()
    await customer('lin')
    await outbox.wantMany([want('lin', { fallback: { other: null, choice: 'task' } })])
    await settle()
    clock.advance(72 * hour - 1000)
    await platform.confirm((await platform.masses())[0]?.msgid ?? '')
    clock.advance(2000)
    await settle()
    expect(await newest('lin')).toMatchObject({ delivery: 'delivered' })
    expect((await tasks.list({ scope: null, state: 'open', limit: 10 })).items).toEqual([])
  })

  it('is stopped in WeCom even when the first try fails', async () => {
    const { platform, customer, outbox, want, settle, later, newest } = await setUp()
    await customer('lin')
    // A write that may be repeated is tried three times.
    for (let turn = 0; turn < 3; turn += 1) await platform.fault('cancel', -1)
    await outbox.wantMany([want('lin')])
    await settle()
    await later(73 * hour)
    expect(await newest('lin')).toMatchObject({ delivery: 'waiting' })
    await later(2 * hour)
    expect(await newest('lin')).toMatchObject({ delivery: 'expired' })
    expect(await platform.assistant('wang')).toMatchObject([{ status: 'cancelled' }])
  })
})

describe('what nobody wants any more', () => {
  it('is taken back in WeCom once nobody else waits in the message, and until then kept and marked', async () => {
    const { platform, customer, outbox, want, settle, later, newest, tasks } = await setUp()
    for (const id of ['a', 'b']) await customer(id)
    await outbox.wantMany([want('a'), want('b')])
    await settle()
    await outbox.withdraw({ runId: 'a' }, ended)
    await later(1000)
    expect(await platform.assistant('wang')).toMatchObject([{ status: 'waiting' }])
    expect(await newest('a')).toMatchObject({
      delivery: 'waiting',
      because: [{ code: 'send.awaiting_rep' }, { code: 'send.withdrawn_shared' }],
    })
    await outbox.withdraw({ runId: 'b' }, ended)
    await later(1000)
    expect(await platform.assistant('wang')).toMatchObject([{ status: 'cancelled' }])
    for (const id of ['a', 'b'])
      expect(await newest(id)).toMatchObject({ delivery: 'cancelled', because: [{ code: 'block.run_ended' }] })
    expect((await tasks.list({ scope: null, state: 'dropped', limit: 10 })).items).toHaveLength(1)
    await outbox.wantMany([want('a', { key: 'again' })])
    await settle()
    expect(await newest('a')).toMatchObject({ state: 'sent' })
  })

  it('does not fall back', async () => {
    const { customer, outbox, want, settle, later, tasks } = await setUp()
    for (const id of ['a', 'b']) await customer(id)
    const fallback = { other: null, choice: 'task' } as const
    await outbox.wantMany([want('a', { fallback }), want('b', { fallback })])
    await settle()
    await outbox.withdraw({ runId: 'a' }, ended)
    await later(73 * hour)
    const open = (await tasks.list({ scope: null, state: 'open', limit: 10 })).items
    expect(open.map(({ customerIds }) => customerIds)).toEqual([['b']])
  })

  it('is not sent when it was on its way at that moment', async () => {
    const { platform, customer, outbox, want, settle, later, newest } = await setUp()
    await customer('a')
    await platform.fault('mass', 'cut')
    await outbox.wantMany([want('a')])
    await settle()
    expect(await newest('a')).toMatchObject({ state: 'unsure' })
    await outbox.withdraw({ runId: 'a' }, ended)
    await later(30_000)
    expect(await newest('a')).toMatchObject({ state: 'blocked', because: [{ code: 'block.run_ended' }] })
    expect(await platform.masses()).toEqual([])
  })
})

it('the console’s list of what waits and the members’ 群发助手 show the same', async () => {
  const { platform, customer, outbox, want, settle, later, mongo } = await setUp()
  const messages = createOpenMessages(mongo)
  const same = async (count: number): Promise<void> => {
    const shown = (await messages.waiting(null, 10)).map(({ id }) => id).sort()
    const open = (await platform.assistant('wang')).filter(({ status }) => status === 'waiting')
    expect(shown).toEqual(open.map(({ msgid }) => msgid).sort())
    expect(shown).toHaveLength(count)
  }
  for (const id of ['a', 'b', 'c']) await customer(id)
  const text = (words: string) => ({ text: words, attachments: [] })
  await outbox.wantMany(['a', 'b', 'c'].map((id) => want(id, { body: text(`给 ${id}`) })))
  await settle()
  await same(3)
  await outbox.withdraw({ runId: 'a' }, ended)
  await later(1000)
  await same(2)
  await platform.confirm((await platform.masses()).find(({ text: words }) => words === '给 b')?.msgid ?? '')
  await later(60_000)
  await same(1)
  await later(73 * hour)
  await same(0)
})

describe('results', () => {
  it('wait while WeCom is still handing the message out (41063), and do not hold up others', async () => {
    const { platform, customer, outbox, want, settle, later, newest } = await setUp()
    await customer('a')
    await platform.fault('massTasks', 41063)
    await outbox.wantMany([want('a')])
    await settle()
    await platform.confirm((await platform.masses())[0]?.msgid ?? '')
    await later(30_000)
    expect(await newest('a')).toMatchObject({ delivery: 'waiting' })
    await later(31_000)
    expect(await newest('a')).toMatchObject({ delivery: 'delivered' })
  })

  it('stay when WeCom has forgotten the message', async () => {
    const { platform, customer, outbox, want, settle, later, newest } = await setUp()
    await customer('a')
    await outbox.wantMany([want('a')])
    await settle()
    await platform.fault('massTasks', 41047)
    await later(day)
    expect(await newest('a')).toMatchObject({ delivery: 'expired', because: [{ code: 'send.forgotten' }] })
  })

  it('tell of a customer who has deleted the rep', async () => {
    const { platform, customer, outbox, want, settle, later, newest, noticed } = await setUp()
    const lin = await customer('lin')
    await outbox.wantMany([want('lin')])
    await settle()
    await platform.leaves(lin)
    await platform.confirm((await platform.masses())[0]?.msgid ?? '')
    await later(hour)
    expect(await newest('lin')).toMatchObject({ delivery: 'not_friend' })
    expect(noticed).toEqual([{ userid: 'wang', externalUserId: lin }])
  })
})

it('words that WeCom’s content check refuses stop the rule they belong to', async () => {
  const { platform, customer, contents, rules, outbox, want, settle, newest } = await setUp()
  for (const id of ['a', 'b']) await customer(id)
  const { id: contentId } = await contents.create(
    { name: '促销', body: { text: '限时秒杀', attachments: [] }, variants: [] },
    'manager',
  )
  const rule = await rules.store.create(
    RuleInput.parse({
      name: '促销',
      trigger: { type: 'schedule', at: '10:00' },
      steps: [{ id: 's1', type: 'send', channel: 'mass', contentId }],
    }),
    'manager',
  )
  await rules.turnOn(rule._id, false, 'manager', 'zh')
  await platform.fault('mass', 40201)
  const cause = { ruleId: rule._id, rule: '促销', runId: 'run', stepId: 's1' }
  await outbox.wantMany([
    want('a', { cause, body: { text: '限时秒杀', attachments: [] } }),
    want('b', { cause, dueAt: new Date(noon.getTime() + hour) }),
  ])
  await settle()
  expect(await newest('a')).toMatchObject({ state: 'failed', because: [{ params: { errcode: 40201 } }] })
  expect(await rules.store.get(rule._id)).toMatchObject({ status: 'paused', updatedBy: '企业微信' })
  expect(await newest('b')).toMatchObject({ state: 'blocked', because: [{ code: 'block.spam' }] })
})

import { describe, expect, it } from 'vitest'
import { say } from '@zhiyin/shared/because'
import { day, hour, useMassRooms } from './rooms.ts'

const setUp = useMassRooms()

describe('the quota of a customer', () => {
  it('used by hand: waits before asking, with who and when, and goes the next day', async () => {
    const { platform, customer, outbox, want, settle, newest, later } = await setUp()
    const lin = await customer('lin')
    await platform.sendsByHand('wang', { customers: [lin] })
    await settle()
    await outbox.wantMany([want('lin')])
    await settle()
    const send = await newest('lin')
    expect(send).toMatchObject({ state: 'wanted', lost: { by: 'outside', to: null } })
    expect(send?.because.map((reason) => say(reason, 'zh', 'Asia/Shanghai'))).toEqual([
      '群发额度（每天 1 条）已用：wang名 于 3月2日 12:00 手动群发',
      '等到 3月3日 00:00 再发',
    ])
    expect(await platform.calls('mass')).toBe(0)
    await later(day)
    expect(await newest('lin')).toMatchObject({ state: 'sent', delivery: 'waiting' })
  })

  it('used in the admin console or by another app, once its sender confirms', async () => {
    const { platform, customer, outbox, want, settle, newest, later } = await setUp()
    const lin = await customer('lin')
    // The same call as ours, but not by our outbox.
    const body = { text: '后台群发', attachments: [] }
    const { msgid } = await platform.write.addMassMessage({
      chatType: 'single',
      sender: 'wang',
      externalUserIds: [lin],
      body,
    })
    await settle()
    await platform.confirm(msgid)
    await later(6 * 60_000)
    await outbox.wantMany([want('lin')])
    await settle()
    expect(await newest('lin')).toMatchObject({ state: 'wanted', because: [{ code: 'block.quota_corp' }, {}] })
  })

  it('used without our knowing: the result teaches it', async () => {
    const { platform, customer, outbox, want, settle, newest, later, limits } = await setUp()
    const lin = await customer('lin')
    limits.perDay = 9
    await outbox.wantMany([want('lin')])
    await settle()
    await platform.sendsByHand('wang', { customers: [lin] })
    const [mass] = await platform.masses()
    await platform.confirm(mass?.msgid ?? '')
    await later(60_000)
    expect(await newest('lin')).toMatchObject({ delivery: 'quota_used' })
    await outbox.wantMany([want('lin', { key: 'again' })])
    await settle()
    expect(await newest('lin')).toMatchObject({ state: 'wanted', because: [{ code: 'block.quota_told' }, {}] })
    expect(await platform.calls('mass')).toBe(1)
  })

  it('counts ours on the day they arrive, not on the day they were made', async () => {
    const { platform, customer, outbox, want, settle, newest, later, limits } = await setUp()
    await customer('lin')
    limits.perDay = 9
    await outbox.wantMany([want('lin')])
    await settle()
    await later(day)
    await platform.confirm((await platform.masses())[0]?.msgid ?? '')
    await later(hour)
    expect(await newest('lin')).toMatchObject({ delivery: 'delivered' })
    await outbox.wantMany([want('lin', { key: 'again' })])
    await settle()
    expect(await newest('lin')).toMatchObject({ state: 'wanted', because: [{ code: 'block.platform_quota' }, {}, {}] })
  })

  it('by the week and by the month', async () => {
    const { platform, customer, outbox, want, settle, newest, later, limits, clock } = await setUp()
    const lin = await customer('lin')
    limits.perDay = 9
    limits.platform = { period: 'week', count: 1 }
    await platform.sendsByHand('wang', { customers: [lin] })
    await later(3 * day)
    await outbox.wantMany([want('lin')])
    await settle()
    // There is no room before it expires in three days.
    expect(await newest('lin')).toMatchObject({
      state: 'blocked',
      because: [{ code: 'block.quota_manual' }, { code: 'block.no_room_in_time' }],
    })
    limits.platform = { period: 'month', count: 31 }
    await outbox.wantMany([want('lin', { key: 'month' })])
    await settle()
    expect(await newest('lin')).toMatchObject({ state: 'sent' })
    limits.platform = { period: 'week', count: 1 }
    limits.perWeek = 9
    clock.set(new Date('2026-03-08T17:00:00Z'))
    await outbox.wantMany([want('lin', { key: 'monday', expiresAt: new Date(clock.now() + day) })])
    await settle()
    expect(await newest('lin')).toMatchObject({ state: 'sent' })
  })
})

it('a group has a quota of its own', async () => {
  const { platform, outbox, want, settle, sends } = await setUp()
  const [busy, calm] = [await platform.group('热闹群'), await platform.group('安静群')]
  await platform.sendsByHand('wang', { chats: [busy] })
  await settle()
  const ask = (groupId: string, chatId: string, key: string) =>
    want('', { key, channel: 'group_mass', customerId: null, groupId, chatId })
  await outbox.wantMany([ask('g1', busy, 'a'), ask('g2', calm, 'b')])
  await settle()
  await outbox.wantMany([ask('g2', calm, 'c')])
  await settle()
  const states = (await sends.list({ scope: null, limit: 10 })).items.map(({ state, because }) => [
    state,
    because[0]?.code,
  ])
  expect(states).toEqual([
    ['wanted', 'block.platform_quota'],
    ['sent', 'send.awaiting_rep'],
    ['wanted', 'block.quota_manual'],
  ])
})

it('a message of ours whose answer was lost is not taken for somebody else’s', async () => {
  const { platform, customer, outbox, want, settle, newest, later, limits } = await setUp()
  await customer('lin')
  limits.perDay = 9
  limits.platform = { period: 'day', count: 2 }
  await platform.fault('mass', 'lost')
  await outbox.wantMany([want('lin')])
  await settle()
  // Its sender confirms before we have found it, and the list of what others sent is read.
  await platform.confirm((await platform.masses())[0]?.msgid ?? '')
  await settle()
  await later(5_000)
  await later(6 * 60_000)
  expect(await newest('lin')).toMatchObject({ state: 'sent', delivery: 'delivered' })
  await outbox.wantMany([want('lin', { key: 'second', body: { text: '第二条', attachments: [] } })])
  await settle()
  expect(await newest('lin')).toMatchObject({ state: 'sent', delivery: 'waiting' })
})

it('what others sent is read in every five minutes, once, by two calls where nothing is new', async () => {
  const { platform, customer, settle, later } = await setUp()
  const lin = await customer('lin')
  await platform.sendsByHand('wang', { customers: [lin] })
  await settle()
  // The month of the first look is two spans for each of the two lists.
  const reads = async () =>
    Promise.all([platform.calls('massList'), platform.calls('massTasks'), platform.calls('massResults')])
  expect(await reads()).toEqual([4, 1, 1])
  await later(60_000)
  expect(await reads()).toEqual([4, 1, 1])
  await later(5 * 60_000)
  expect(await reads()).toEqual([6, 1, 1])
  await platform.fault('massList', 45009)
  await later(5 * 60_000)
  await platform.sendsByHand('wang', { customers: [lin] })
  await later(2 * 60_000)
  await later(5 * 60_000)
  expect((await reads()).slice(1)).toEqual([2, 2])
})

it('a preview says how many wait for the quota', async () => {
  const { platform, customer, outbox, settle, customers } = await setUp()
  const ids = ['a', 'b', 'c']
  for (const id of ids) await customer(id)
  await platform.sendsByHand('wang', { customers: [customers.get('b')?.externalUserId ?? ''] })
  await settle()
  const verdicts = await outbox.preview(
    ids.map((id) => ({
      _id: id,
      channel: 'mass',
      customerId: id,
      externalUserId: customers.get(id)?.externalUserId ?? null,
      groupId: null,
      chatId: null,
      userid: 'wang',
      code: null,
      refusal: null,
      quietHours: null,
      expiresAt: new Date('2027-01-01T00:00:00Z'),
    })),
  )
  expect(verdicts.map(({ kind }) => kind)).toEqual(['permit', 'wait', 'permit'])
})

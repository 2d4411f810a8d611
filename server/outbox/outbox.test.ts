import { beforeEach, describe, expect, it } from 'vitest'
import { movableClock } from '../../test/support/clock.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { usePlatform } from '../../test/support/platform.ts'
import { buildView, sendingRooms } from '../../test/support/sending.ts'
import { intentCollection } from './intents.model.ts'
import { previewOf, type WantInput } from './read.ts'
import { createRefusals } from './refusals.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const hour = 3_600_000
/** 12:00 in Shanghai. */
const noon = new Date('2026-03-02T04:00:00Z')

const setUp = async () => {
  const clock = movableClock(noon)
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform)
  const known = new Map<string, string>()
  const who = (id: string): string => known.get(id) ?? ''
  for (const id of ['c1', 'c2']) {
    const { externalUserId } = await platform.befriend(id)
    known.set(id, externalUserId)
    rooms.customers.set(id, buildView({ id, externalUserId }))
  }
  const want = (over: Partial<WantInput> & { key: string }): WantInput => ({
    channel: 'mass',
    customerId: 'c1',
    externalUserId: who(over.customerId ?? 'c1'),
    userid: 'wang',
    body: { text: '在吗', attachments: [] },
    cause: { ruleId: 'r', rule: '召回', runId: `run_${over.key}`, stepId: 's1' },
    expiresAt: new Date(clock.now() + 72 * hour),
    ...over,
  })
  const one = async (customerId = 'c1') => (await rooms.sends.list({ scope: null, customerId, limit: 10 })).items[0]
  return { clock, platform, ...rooms, want, one, who }
}

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  await setUp()
  await mongo.indexes()
})

describe('a mass message', () => {
  it('goes out once, waits for the rep, and is delivered', async () => {
    const { outbox, want, settle, platform, clock, one, facts, tasks, backlog, who } = await setUp()
    await outbox.wantMany([want({ key: 'a' }), want({ key: 'b', customerId: 'c2' })])
    await outbox.wantMany([want({ key: 'a' })])
    await settle()
    expect(await platform.masses()).toHaveLength(1)
    const [mass] = await platform.masses()
    const msgid = mass?.msgid ?? ''
    expect(mass?.to.sort()).toEqual([who('c1'), who('c2')].sort())
    expect(await one()).toMatchObject({
      state: 'sent',
      delivery: 'waiting',
      msgid,
      because: [{ code: 'send.awaiting_rep' }],
    })
    expect((await tasks.list({ scope: ['wang'], state: 'open', limit: 10 })).items).toMatchObject([
      { kind: 'confirm_mass' },
    ])
    await platform.usesQuota(who('c2'))
    await platform.confirm(msgid)
    clock.advance(60_000)
    await settle()
    expect(await one()).toMatchObject({ delivery: 'delivered', because: [{ code: 'send.delivered' }] })
    expect(await one('c2')).toMatchObject({ delivery: 'quota_used' })
    expect((await one())?.history.map(({ state }) => state)).toEqual([
      'wanted',
      'permitted',
      'claimed',
      'waiting',
      'delivered',
    ])
    expect([...facts.values()].map(({ payload }) => ('state' in payload ? payload.state : ''))).toEqual([
      'waiting',
      'waiting',
      'delivered',
      'quota_used',
    ])
    expect((await tasks.list({ scope: ['wang'], state: 'done', limit: 10 })).items).toHaveLength(1)
    expect((await backlog()).map(({ pending, due }) => pending + due)).toEqual([0, 0, 0, 0])
  })

  it('waits a moment for others that can go with it, and is under way meanwhile', async () => {
    const { want, platform, clock, customers } = await setUp()
    const rooms = sendingRooms(mongo.get(), clock, platform, { gatherMs: 2000 })
    for (const [id, view] of customers) rooms.customers.set(id, view)
    await rooms.outbox.wantMany([want({ key: 'a' })])
    await rooms.settle()
    expect((await rooms.backlog())[1]).toMatchObject({ pending: 1 })
    clock.advance(1000)
    await rooms.outbox.wantMany([want({ key: 'b', customerId: 'c2' })])
    clock.advance(2000)
    await rooms.settle()
    expect((await platform.masses()).map(({ to }) => to.length)).toEqual([2])
    expect((await rooms.backlog())[1]).toMatchObject({ pending: 0, due: 0 })
  })

  it('waits for the end of quiet hours', async () => {
    const { outbox, want, settle, platform, clock, one } = await setUp()
    clock.set(new Date('2026-03-02T14:00:00Z'))
    await outbox.wantMany([want({ key: 'a' })])
    await settle()
    expect(await one()).toMatchObject({
      state: 'wanted',
      dueAt: new Date('2026-03-03T01:00:00Z'),
      because: [{ code: 'block.quiet_hours', params: { until: '09:00' } }],
    })
    clock.set(new Date('2026-03-03T01:00:00Z'))
    await settle()
    expect(await platform.masses()).toHaveLength(1)
  })

  it('respects caps, also between racing permits, and gives back what did not arrive', async () => {
    const { outbox, want, settle, platform, clock, sends, limits, who } = await setUp()
    const other = sendingRooms(mongo.get(), clock, platform)
    other.customers.set('c1', buildView({ id: 'c1', externalUserId: who('c1') }))
    Object.assign(other.limits, { perDay: 2, platform: { period: 'day', count: 2 } })
    Object.assign(limits, { perDay: 2, platform: { period: 'day', count: 2 } })
    const body = (text: string) => ({ text, attachments: [] })
    await outbox.wantMany(['a', 'b', 'c', 'd', 'e'].map((key) => want({ key, body: body(key) })))
    await Promise.all([outbox.jobs['outbox.send'](), other.outbox.jobs['outbox.send']()])
    await settle()
    expect(await platform.masses()).toHaveLength(2)
    const states = (await sends.list({ scope: null, limit: 10 })).items.map(({ state }) => state).sort()
    expect(states).toEqual(['sent', 'sent', 'wanted', 'wanted', 'wanted'])
    await platform.leaves(who('c1'))
    for (const { msgid } of await platform.masses()) await platform.confirm(msgid)
    clock.advance(60_000)
    await settle()
    // Nothing arrived, so the next two that waited may go at once.
    const after = (await sends.list({ scope: null, limit: 10 })).items.map(({ state }) => state).sort()
    expect(after).toEqual(['sent', 'sent', 'sent', 'sent', 'wanted'])
    expect(await platform.masses()).toHaveLength(4)
  })

  it.each([
    ['withdrawn', true, 'block.consent'],
    ['unknown', false, 'block.consent'],
  ] as const)('is held back with consent %s', async (consent, without, code) => {
    const { outbox, want, settle, customers, limits, one, facts, who } = await setUp()
    limits.sendWithoutRecordedConsent = without
    customers.set('c1', buildView({ id: 'c1', externalUserId: who('c1'), consent }))
    await outbox.wantMany([want({ key: 'a' })])
    await settle()
    expect(await one()).toMatchObject({ state: 'blocked', because: [{ code }] })
    expect([...facts.keys()]).toEqual([`send.changed:${(await one())?.id}:blocked`])
  })

  it('expires when the rep never confirms', async () => {
    const { outbox, want, settle, clock, one, tasks } = await setUp()
    await outbox.wantMany([want({ key: 'a' })])
    await settle()
    clock.advance(73 * hour)
    await settle()
    expect(await one()).toMatchObject({ delivery: 'expired', because: [{ code: 'send.never_confirmed' }] })
    expect((await tasks.list({ scope: null, state: 'dropped', limit: 10 })).items).toHaveLength(1)
  })

  it('tells who cannot be reached at once', async () => {
    const { outbox, want, settle, platform, one, who } = await setUp()
    await platform.isDropped(who('c1'))
    await outbox.wantMany([want({ key: 'a' }), want({ key: 'b', customerId: 'c2' })])
    await settle()
    expect(await one()).toMatchObject({ state: 'failed', because: [{ code: 'send.unreachable' }] })
    expect(await one('c2')).toMatchObject({ state: 'sent' })
  })
})

describe('a lost answer', () => {
  it('is found in the list: sent once', async () => {
    const { outbox, want, settle, platform, clock, one } = await setUp()
    await platform.fault('mass', 'lost')
    await outbox.wantMany([want({ key: 'a' })])
    await settle()
    expect(await one()).toMatchObject({ state: 'unsure' })
    clock.advance(5000)
    await settle()
    expect(await platform.masses()).toHaveLength(1)
    expect(await one()).toMatchObject({
      state: 'sent',
      msgid: (await platform.masses())[0]?.msgid,
      because: [{ code: 'send.unsure_found' }, { code: 'send.awaiting_rep' }],
    })
  })

  it('of a message without words is found by its attachments, not taken from another of the rep’s', async () => {
    const { outbox, want, settle, platform, clock, one, sends, who } = await setUp()
    const picture = { type: 'image' as const, picUrl: 'https://a.example/p.png' }
    const link = { type: 'link' as const, title: '新品', url: 'https://a.example/' }
    await outbox.wantMany([want({ key: 'other', customerId: 'c2', body: { text: '', attachments: [picture] } })])
    await settle()
    await platform.fault('mass', 'lost')
    await outbox.wantMany([want({ key: 'a', body: { text: '', attachments: [link, picture] } })])
    await settle()
    expect(await one()).toMatchObject({ state: 'unsure' })
    clock.advance(5000)
    await settle()
    const masses = await platform.masses()
    expect(masses.map(({ text, to }) => [text, to])).toEqual([
      ['', [who('c2')]],
      ['', [who('c1')]],
    ])
    expect(await one()).toMatchObject({ state: 'sent', msgid: masses[1]?.msgid })
    for (const { msgid } of masses) await platform.confirm(msgid)
    clock.advance(60_000)
    await settle()
    expect((await platform.attachments(who('c1'))).at(-1)).toMatchObject([{ msgtype: 'link' }, { msgtype: 'image' }])
    expect((await sends.list({ scope: null, limit: 9 })).items.map(({ delivery }) => delivery)).toEqual([
      'delivered',
      'delivered',
    ])
    expect(previewOf((await one())?.body ?? null)).toBe('[新品] [https://a.example/p.png]')
  })

  it('is not found: sent again, later', async () => {
    const { outbox, want, settle, platform, clock, one } = await setUp()
    await platform.fault('mass', 'cut')
    await outbox.wantMany([want({ key: 'a' })])
    await settle()
    clock.advance(5000)
    await settle()
    expect(await platform.masses()).toHaveLength(0)
    clock.advance(30_000)
    await settle()
    expect(await platform.masses()).toHaveLength(1)
    expect((await one())?.history.flatMap(({ because }) => because.map(({ code }) => code))).toContain(
      'send.unsure_absent',
    )
  })

  it('of another message with the same text is not taken for ours', async () => {
    const { outbox, want, settle, platform, clock, sends, who } = await setUp()
    await outbox.wantMany([want({ key: 'a' })])
    await settle()
    await platform.fault('mass', 'cut')
    await outbox.wantMany([want({ key: 'b', customerId: 'c2' })])
    await settle()
    for (let turn = 0; turn < 4; turn += 1) {
      clock.advance(20_000)
      await settle()
    }
    expect((await platform.masses()).map(({ to }) => to)).toEqual([[who('c1')], [who('c2')]])
    expect((await sends.list({ scope: null, limit: 10 })).items.map(({ state }) => state)).toEqual(['sent', 'sent'])
  })

  it('after a crash between claim and answer is reconciled', async () => {
    const { outbox, want, settle, platform, clock, one } = await setUp()
    await outbox.wantMany([want({ key: 'a' })])
    await settle()
    const claim = { id: 'dead', at: clock.date() }
    const lookAt = new Date(clock.now() + 30_000)
    // What a killed process leaves: WeCom has the message, our record only the claim.
    const intents = intentCollection(mongo.get().connection)
    await intents.updateOne({ key: 'a' }, { $set: { state: 'claimed', claim, lookAt, delivery: 'none', msgid: null } })
    await mongo.get().connection.collection('messages').deleteMany({})
    clock.advance(31_000)
    await settle()
    expect(await platform.masses()).toHaveLength(1)
    expect(await one()).toMatchObject({ state: 'sent', msgid: (await platform.masses())[0]?.msgid })
  })

  it.each(['lost', 'cut'] as const)('of a welcome (%s) ends with one greeting', async (fault) => {
    const { outbox, want, settle, platform, clock, one } = await setUp()
    await platform.fault('welcome', fault)
    const { externalUserId, code } = await platform.befriend('新客')
    await outbox.wantMany([
      want({ key: 'w', channel: 'welcome', code, externalUserId, expiresAt: new Date(clock.now() + 20_000) }),
    ])
    await settle()
    clock.advance(1000)
    await settle()
    expect(await platform.received()).toEqual([{ to: externalUserId, text: '在吗', via: 'welcome' }])
    expect(await one()).toMatchObject({ state: 'sent' })
    expect(await intentCollection(mongo.get().connection).findOne({ key: 'w' })).toMatchObject({ code: null })
  })

  it('of a robot is shown and not repeated', async () => {
    const { outbox, want, settle, platform, clock, sends, backlog } = await setUp()
    await platform.fault('robot', 'lost')
    await outbox.wantMany([want({ key: 'r', channel: 'robot', groupId: 'g1', customerId: null })])
    await settle()
    clock.advance(hour)
    await settle()
    expect(await platform.received()).toHaveLength(1)
    expect((await sends.list({ scope: null, limit: 1 })).items[0]).toMatchObject({
      state: 'unsure',
      because: [{ code: 'send.unsure_robot' }],
    })
    expect((await backlog())[1]).toMatchObject({ pending: 0, due: 0, dead: 1 })
  })

  it('of an app message is repeated within the duplicate check', async () => {
    const { outbox, want, settle, platform, clock } = await setUp()
    await platform.fault('app', 'lost')
    await outbox.wantMany([want({ key: 'p', channel: 'app', customerId: null })])
    await settle()
    clock.advance(5000)
    await settle()
    expect(await platform.calls('app')).toBe(2)
    expect(await platform.received()).toHaveLength(1)
  })
})

it('backs off when WeCom is busy and gives up what it refuses', async () => {
  const { outbox, want, settle, platform, clock, one } = await setUp()
  await platform.fault('mass', -1)
  await platform.fault('mass', 40058)
  await outbox.wantMany([want({ key: 'a' })])
  await settle()
  expect(await one()).toMatchObject({ state: 'permitted' })
  clock.advance(5000)
  await settle()
  expect(await one()).toMatchObject({
    state: 'failed',
    because: [{ code: 'send.refused', params: { errcode: 40058 } }],
  })
})

it('takes back what has not gone out when the run ends', async () => {
  const { outbox, want, settle, clock, one, platform } = await setUp()
  clock.set(new Date('2026-03-02T15:00:00Z'))
  await outbox.wantMany([want({ key: 'run_a:s1' })])
  await settle()
  await outbox.withdraw({ runId: 'run_a' }, { code: 'block.run_ended', params: {} })
  clock.advance(24 * hour)
  await settle()
  expect(await platform.masses()).toHaveLength(0)
  expect(await one()).toMatchObject({ state: 'blocked', because: [{ code: 'block.run_ended' }] })
})

it('takes back what was on its way when the customer withdraws their consent, also what a rep has yet to confirm', async () => {
  const { outbox, want, settle, clock, one, platform, customers, who } = await setUp()
  const refusals = createRefusals({
    views: async (ids) => ids.flatMap((id) => customers.get(id) ?? []),
    withdraw: outbox.withdraw,
  })
  await outbox.wantMany([want({ key: 'a' })])
  await settle()
  expect(await one()).toMatchObject({ state: 'sent', delivery: 'waiting' })
  const said = {
    id: 'f1',
    customerId: 'c1',
    at: clock.date(),
    seenAt: clock.date(),
    source: 'rep' as const,
    type: 'consent.changed' as const,
    payload: { purpose: 'marketing' as const, state: 'withdrawn' as const, source: 'customer' as const },
  }
  // Somebody who said yes again meanwhile loses nothing.
  await refusals.match('c1', [said])
  customers.set('c1', buildView({ id: 'c1', externalUserId: who('c1'), consent: 'withdrawn' }))
  expect(refusals.concerns(said)).toBe(true)
  await refusals.match('c1', [said])
  clock.advance(60_000)
  await settle()
  expect(await one()).toMatchObject({ delivery: 'cancelled', because: [{ code: 'block.consent' }] })
  const [mass] = await platform.masses()
  expect(mass).toBeDefined()
})

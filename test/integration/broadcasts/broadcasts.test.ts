import { describe, expect, it } from 'vitest'
import type { Tier } from '@zhiyin/shared/tier'
import { day, hour } from '../mass/rooms.ts'
import { useBroadcasts } from './room.ts'

const setUp = useBroadcasts()

describe('a broadcast to customers', () => {
  it('shows before it is sent whom it reaches, by whom, and who is held back and why', async () => {
    const { platform, customer, customers, broadcasts, draft, settle } = await setUp()
    const lin = await customer('a-lin')
    await customer('b-both', ['lina'])
    await customer('c-free')
    await platform.sendsByHand('wang', { customers: [lin] })
    await settle()
    const free = customers.get('c-free')
    if (free !== undefined) customers.set('c-free', { ...free, consent: 'withdrawn' })
    const preview = await broadcasts.preview(draft(), null)
    expect(preview).toMatchObject({
      total: 3,
      checked: 3,
      counts: { send: 1, wait: 1, block: 1 },
      // Whoever waits for the quota gets it later, by their rep.
      reps: [
        { userid: 'wang', name: 'wang名', receivers: 1, messages: 1 },
        { userid: 'lina', name: 'lina名', receivers: 1, messages: 1 },
      ],
      sample: { text: '陈琳，为您留了一份，wang名' },
    })
    expect(preview.reasons.map(({ because, count }) => [because.code, count]).sort()).toEqual([
      ['block.consent', 1],
      ['block.quota_manual', 1],
    ])
    // Of his two, one gets it today and one when there is quota again.
    expect((await broadcasts.preview(draft(), ['wang'])).reps).toMatchObject([{ userid: 'wang', receivers: 2 }])
    expect(await broadcasts.preview(draft(), ['nobody'])).toMatchObject({ total: 0, reps: [] })
  })

  it('is judged as of its time: quiet hours hold it back, the next day has a quota of its own', async () => {
    const { platform, customer, broadcasts, draft, settle, limits } = await setUp()
    const lin = await customer('lin')
    await platform.sendsByHand('wang', { customers: [lin] })
    await settle()
    limits.quietHours = { from: '21:00', to: '09:00' }
    const tonight = await broadcasts.preview(draft({ at: '2026-03-03T16:30:00Z' }), null)
    expect(tonight).toMatchObject({ counts: { wait: 1 }, reasons: [{ because: { code: 'block.quiet_hours' } }] })
    const tomorrow = await broadcasts.preview(draft({ at: '2026-03-03T02:30:00Z' }), null)
    expect(tomorrow).toMatchObject({ counts: { send: 1, block: 0 } })
  })

  it('goes out at its time, once, however often it is asked for, and tells its progress per rep', async () => {
    const { platform, customer, broadcasts, create, build, later, sends, clock } = await setUp()
    for (const id of ['a', 'b']) await customer(id)
    await customer('c', ['lina'])
    const at = new Date(clock.now() + hour).toISOString()
    const made = await create({ at, sender: 'longest' }, 'the-same-key')
    expect((await create({ at }, 'the-same-key'))._id).toBe(made._id)
    expect((await broadcasts.list({ limit: 10, makerId: 'boss' })).items).toHaveLength(1)
    expect((await broadcasts.list({ limit: 10, makerId: 'another' })).items).toEqual([])
    await build()
    expect(await platform.calls('mass')).toBe(0)
    await later(hour)
    await build()
    await build()
    expect(await broadcasts.get(made._id)).toMatchObject({ state: 'under_way', receivers: 3 })
    // The same words to all three but for the name, which is the same too.
    const [mass] = await platform.masses()
    expect(mass?.to).toHaveLength(3)
    expect((await sends.list({ scope: null, broadcastId: made._id, limit: 10 })).items).toHaveLength(3)
    expect(await broadcasts.remind(made._id)).toEqual({ reminded: 1, tooSoon: 0 })
    expect(await broadcasts.remind(made._id, 'lina')).toEqual({ reminded: 0, tooSoon: 0 })
    await platform.confirm(mass?.msgid ?? '')
    await later(hour)
    await build()
    expect(await sends.tallyOf(made._id)).toEqual([{ userid: 'wang', state: 'sent', delivery: 'delivered', count: 3 }])
    expect(await broadcasts.get(made._id)).toMatchObject({ state: 'done' })
    expect(await platform.received()).toHaveLength(3)
  })

  it('keeps out whom the season leaves out, and their window begins with everybody’s, once', async () => {
    const { customer, customers, create, build, measure, sends, clock, later, mongo } = await setUp()
    await measure.seasons.begin('春季', 20)
    const isOut = await measure.seasons.heldOut()
    const ids = Array.from({ length: 12 }, (_, n) => `c${n}`)
    // Found among ids until both arms have somebody, for the salt is new each time.
    for (let n = 0; !ids.some(isOut) || ids.every(isOut); n += 1) ids.push(`more${n}`)
    for (const id of ids) await customer(id)
    const first = await create()
    await build()
    const began = clock.date()
    const rows = async () =>
      (await mongo.connection.collection('exposures').find().toArray()).map(
        ({ customerId, scope, arm, at, until }) => ({
          ...{ customerId, scope: scope.split(':')[0], arm, at, until },
        }),
      )
    const expected = ids.map((customerId) => ({
      ...{ customerId, scope: 'season', arm: isOut(customerId) ? 'global_holdout' : 'treated' },
      ...{ at: began, until: new Date(began.getTime() + 90 * day) },
    }))
    expect(await rows()).toEqual(expect.arrayContaining(expected))
    const found = (await sends.list({ scope: null, broadcastId: first._id, limit: 100 })).items
    for (const { customerId, state, because } of found)
      if (isOut(customerId ?? '')) expect([state, because[0]?.code]).toEqual(['blocked', 'block.global_holdout'])
      else expect(state).toBe('sent')
    await later(day)
    customers.delete(ids[0] ?? '')
    await create()
    await build()
    expect(await rows()).toHaveLength(ids.length)
  })

  it('is taken back: what was not handed out is blocked, what waits is cancelled in WeCom', async () => {
    const { platform, customer, broadcasts, create, build, later, sends } = await setUp()
    for (const id of ['a', 'b']) await customer(id)
    const made = await create()
    await build()
    expect(await platform.assistant('wang')).toMatchObject([{ status: 'waiting' }])
    await broadcasts.cancel(made._id, '主管')
    await later(2_000)
    expect(await platform.assistant('wang')).toMatchObject([{ status: 'cancelled' }])
    expect(await sends.reasonsOf(made._id)).toMatchObject([
      { because: { code: 'block.broadcast_cancelled' }, count: 2 },
    ])
    expect(await broadcasts.get(made._id)).toMatchObject({ state: 'cancelled' })
    const late = await create({ at: new Date('2026-03-05T02:00:00Z').toISOString() })
    await broadcasts.cancel(late._id, '主管')
    await later(4 * day)
    await build()
    expect((await sends.list({ scope: null, broadcastId: late._id, limit: 10 })).items).toEqual([])
  })

  it('of 2,300 people goes on where it was after a crash, and misses and doubles nobody', async () => {
    const { broadcasts, make, create, people, sends, clock, queue, mongo } = await setUp()
    people(2_300, 'C')
    const made = await create()
    const job = { broadcastId: made._id }
    await broadcasts.jobs['broadcasts.build'](job)
    await broadcasts.jobs['broadcasts.build'](job)
    expect(await broadcasts.get(made._id)).toMatchObject({ state: 'building', receivers: 1000, after: 'C00999' })
    // What a process leaves that died with the second batch made and its place not kept; another one takes over.
    const kept = { after: 'C00499', receivers: 500 }
    await mongo.connection.collection<{ _id: string }>('broadcasts').updateOne({ _id: made._id }, { $set: kept })
    queue.length = 0
    const next = make()
    clock.advance(20_000)
    expect(await next.sweep.run(clock.date())).toBe(1)
    for (let turn = 0; turn < 5; turn += 1) await next.jobs['broadcasts.build'](job)
    expect(await next.get(made._id)).toMatchObject({ state: 'under_way', receivers: 2_300 })
    const all = await sends.list({ scope: null, broadcastId: made._id, limit: 5_000 })
    expect(new Set(all.items.map(({ customerId }) => customerId)).size).toBe(2_300)
    expect(all.items).toHaveLength(2_300)
  })

  it('cancelled while it is being handed out: the batch on its way in goes with it', async () => {
    const { broadcasts, create, people, sends, later } = await setUp()
    people(700, 'C')
    const made = await create()
    const cut = broadcasts.jobs['broadcasts.build']({ broadcastId: made._id })
    await broadcasts.cancel(made._id, '主管')
    await cut
    await broadcasts.jobs['broadcasts.build']({ broadcastId: made._id })
    await later(60_000)
    const left = (await sends.list({ scope: null, broadcastId: made._id, limit: 1_000 })).items
    expect(left.every(({ state }) => state === 'blocked')).toBe(true)
  })
})

it('says who goes first and what becomes of it where there is no room', async () => {
  const { platform, customer, create, build, settle, sends } = await setUp()
  const lin = await customer('lin')
  await platform.sendsByHand('wang', { customers: [lin] })
  await settle()
  const { _id } = await create({ priority: 80, onLoss: 'drop' })
  await build()
  const { items } = await sends.list({ scope: null, broadcastId: _id, limit: 5 })
  expect(items).toMatchObject([{ state: 'blocked', priority: 80, lost: { policy: 'drop' } }])
})

it('a broadcast to customer groups goes by their owners, each group in its tier’s words', async () => {
  const { platform, groups, broadcasts, create, draft, build, later, sends } = await setUp()
  const group = async (name: string, tier: Tier): Promise<void> => {
    groups.push({ id: `grp_${name}`, chatId: await platform.group(name), name, owner: 'wang', tier })
  }
  await group('VIP 群', 'A')
  await group('福利群', 'C')
  const audience = { kind: 'groups', tiers: [], owners: [] } as const
  expect(await broadcasts.preview(draft({ audience: { ...audience, tiers: ['A'], owners: [] } }), null)).toMatchObject({
    total: 1,
    counts: { send: 1 },
    sample: { receiver: 'VIP 群', text: 'VIP 群，为您留了一份，wang名' },
  })
  const made = await create({ audience: { kind: 'groups', tiers: [], owners: ['wang'] } })
  await build()
  const masses = await platform.masses()
  expect(masses.map(({ text }) => text).sort()).toEqual(['VIP 群，为您留了一份，wang名', '春季新品到店'])
  for (const { msgid } of masses) await platform.confirm(msgid)
  await later(hour)
  expect(await sends.tallyOf(made._id)).toMatchObject([{ state: 'sent', delivery: 'delivered', count: 2 }])
  const again = await create({ audience: { kind: 'groups', tiers: [], owners: [] } })
  await build()
  // Both groups had theirs today.
  expect(await sends.tallyOf(again._id)).toMatchObject([{ state: 'wanted', count: 2 }])
})

import { beforeEach, describe, expect, it } from 'vitest'
import { ContentInput } from '@zhiyin/shared/content'
import type { PushItemInput, PushPlanInput } from '@zhiyin/shared/push-plan'
import type { Tier } from '@zhiyin/shared/tier'
import { groupModel } from '../../../server/groups/groups.model.ts'
import { pushPlanModel } from '../../../server/groups/push-plans.model.ts'
import { pushModel } from '../../../server/groups/pushes.model.ts'
import { createPace } from '../../../server/outbox/pace.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { useRedis } from '../../support/redis.ts'
import { pushRoom } from '../../support/pushes.ts'
import { sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const redis = useRedis()
const startPlatform = usePlatform()
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Monday, 08:00 in Shanghai; the days from Thursday to the next Wednesday are off. */
const monday = new Date('2026-09-28T00:00:00Z')
const worked = new Map<string, boolean>()
const isWorkday = (on: string): boolean =>
  worked.get(on) ??
  (!(on >= '2026-10-01' && on <= '2026-10-07') && ![0, 6].includes(new Date(`${on}T00:00:00Z`).getUTCDay()))

const setUp = async () => {
  const clock = movableClock(monday)
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform, { pace: createPace(redis.get(), clock) })
  const groups = groupModel(mongo.get().connection)
  /** What a process has of its own; another one is a restart. */
  const process = () => pushRoom(mongo.get(), clock, rooms, async () => undefined, { isWorkday })
  const text = (said: string) => ({ text: said, attachments: [] })
  const content = await rooms.contents.create(
    ContentInput.parse({
      name: '早报',
      body: text('早上好'),
      variants: [{ when: { tiers: ['A'] }, body: text('贵宾早') }],
    }),
    'm',
  )
  const group = async (_id: string, tier: Tier, over: Record<string, unknown> = {}) =>
    groups.create({
      _id,
      key: _id,
      kind: 'internal',
      name: `群${_id}`,
      tier,
      members: 0,
      webhook: 'x',
      dismissed: false,
      ...over,
    })
  await group('g1', 'A')
  await group('g2', 'C')
  const item = (over: Partial<PushItemInput> = {}): PushItemInput => ({
    contentId: content.id,
    audience: { type: 'named', groupIds: ['g1', 'g2'] },
    schedule: { type: 'repeated', at: '09:10', weekdays: [], monthdays: [], days: 'any' },
    until: null,
    onlyVariants: false,
    ...over,
  })
  const input = (...items: PushItemInput[]): PushPlanInput => ({ name: '早间计划', lateHours: 6, items })
  const at = (daily: string, over: Partial<Extract<PushItemInput['schedule'], { type: 'repeated' }>> = {}) =>
    item({ schedule: { type: 'repeated', at: daily, weekdays: [], monthdays: [], days: 'any', ...over } })
  let room = process()
  const running = async (...items: PushItemInput[]) => {
    const plan = await room.plans.create('plan-0001', input(...items), 'mei')
    return room.plans.setOn(plan.id, true)
  }
  const sweep = async () => {
    const found = await room.sweep.run(clock.date())
    await rooms.settle()
    return found
  }
  /** Looks every so many minutes until then. */
  const run = async (ms: number, every = 10 * minute) => {
    for (const until = clock.now() + ms; clock.now() < until;) {
      clock.advance(Math.min(every, until - clock.now()))
      await room.sweep.run(clock.date())
    }
    await rooms.settle()
  }
  const pushes = () => pushModel(mongo.get().connection).find().sort({ dueAt: 1, _id: 1 }).lean()
  return {
    ...{ clock, platform, rooms, groups, group, content, item, at, input, running, sweep, run, pushes, process },
    room: () => room,
    restart: () => {
      room = process()
    },
    said: async () => (await platform.received()).map(({ text: said }) => said).toSorted(),
  }
}

/** Indexes are made of what the rooms have named, which the first of them does. */
let named = false
beforeEach(async () => {
  worked.clear()
  await mongo.get().connection.dropDatabase()
  await redis.get().flushall()
  if (!named) await setUp()
  if (!named) await mongo.get().connection.dropDatabase()
  named = true
  await mongo.indexes()
})

describe('a content plan', () => {
  it('is off until it is switched on, and gives each group its variant once, however many processes see it', async () => {
    const { room, input, item, run, said, process, clock, sweep, pushes } = await setUp()
    const plan = await room().plans.create('plan-0001', input(item()), 'mei')
    expect(plan).toMatchObject({ on: false, nextAt: null, items: [{ groups: 2, content: '早报' }] })
    expect((await room().plans.create('plan-0001', input(item()), 'mei')).id).toBe(plan.id)
    await run(2 * hour)
    expect(await said()).toEqual([])
    await room().plans.setOn(plan.id, true)
    clock.advance(23.5 * hour)
    await Promise.all([process(), process(), process()].map((other) => other.sweep.run(clock.date())))
    await sweep()
    expect(await said()).toEqual(['早上好', '贵宾早'])
    expect(await pushes()).toHaveLength(1)
  })

  it('survives edits and restarts between its turns: no turn twice, none lost', async () => {
    const { room, running, at, input, run, restart, pushes, clock } = await setUp()
    let plan = await running(at('09:10'))
    const edit = async (daily: string) => {
      const [line] = plan.items
      if (line === undefined) throw new Error('no line')
      plan = await room().plans.update(plan.id, plan.rev, input({ ...at(daily), id: line.id }), 'mei')
    }
    await run(30 * minute)
    // 08:30, before today's turn: to an hour later.
    await edit('10:10')
    restart()
    await run(2 * hour)
    // 10:30, after it: once more to later today, which is no new turn.
    await edit('20:10')
    restart()
    await run(20 * hour)
    // Tuesday 06:30: from the evening to a time that has passed; what was promised for today goes at once.
    await edit('06:10')
    await run(10 * minute)
    restart()
    await edit('18:10')
    await run(day)
    expect((await pushes()).map(({ key }) => key.split(':').at(-1))).toEqual(['2026-09-28', '2026-09-29'])
    await run(day, hour)
    expect((await pushes()).map(({ skipped }) => skipped)).toEqual([null, null, null])
    expect(clock.date()).toEqual(new Date('2026-09-30T22:40:00Z'))
    await expect(room().plans.update(plan.id, 1, input(at('09:00')), 'mei')).rejects.toMatchObject({
      code: 'conflict.changed',
    })
  })

  it('repeats nothing when its process dies between a turn and its plan', async () => {
    const { running, at, clock, sweep, restart, said, pushes } = await setUp()
    const plan = await running(at('09:10'))
    const model = pushPlanModel(mongo.get().connection)
    const before = await model.findById(plan.id).lean()
    clock.advance(2 * hour)
    await sweep()
    // As if the write after the push had never come.
    if (before === null) throw new Error('no plan')
    await model.replaceOne({ _id: plan.id }, before)
    restart()
    clock.advance(10 * minute)
    await sweep()
    expect(await said()).toEqual(['早上好', '贵宾早'])
    expect(await pushes()).toHaveLength(1)
  })

  it('rests while it is paused, says what it missed, and goes on', async () => {
    const { room, running, at, run, pushes } = await setUp()
    const { id } = await running(at('09:10'), at('12:10'))
    await run(30 * minute)
    await room().plans.setOn(id, false)
    await run(2 * hour)
    const on = await room().plans.setOn(id, true)
    expect(on.nextAt).toBe('2026-09-28T04:10:00.000Z')
    await run(2 * hour)
    expect((await pushes()).map(({ skipped, groups }) => [skipped?.code ?? null, groups.length])).toEqual([
      ['push.paused', 0],
      [null, 2],
    ])
  })

  it('does not lose a turn that is paused and resumed in the minutes around it', async () => {
    const { room, running, at, clock, run, pushes } = await setUp()
    const { id } = await running(at('09:00'))
    clock.advance(hour + 10_000)
    await room().plans.setOn(id, false)
    await room().plans.setOn(id, true)
    await run(10 * minute, minute)
    expect((await pushes()).map(({ skipped }) => skipped)).toEqual([null])
  })

  it('after a halt makes up for the last turn within its hours, and says which it skipped', async () => {
    const { running, at, clock, sweep, pushes, said } = await setUp()
    await running(at('09:10'))
    clock.advance(3 * day + 5 * hour)
    await sweep()
    expect((await pushes()).map(({ skipped }) => skipped?.code ?? null)).toEqual([
      'push.newer',
      'push.newer',
      'push.newer',
      null,
    ])
    expect(await said()).toHaveLength(2)
    clock.advance(day + 6 * hour)
    await sweep()
    expect((await pushes()).at(-1)?.skipped).toMatchObject({ code: 'push.late', params: { hours: 6 } })
    expect(await said()).toHaveLength(2)
  })

  it('keeps to working days and to its last day, also when the company changes its calendar meanwhile', async () => {
    const { running, at, run, pushes } = await setUp()
    await running({ ...at('09:10', { days: 'workdays' }), until: '2026-10-12' })
    await run(3 * day, 3 * hour)
    worked.set('2026-10-03', true).set('2026-10-12', false)
    await run(13 * day, 3 * hour)
    expect((await pushes()).map(({ key }) => key.split(':').at(-1))).toEqual([
      '2026-09-28',
      '2026-09-29',
      '2026-09-30',
      '2026-10-03',
      '2026-10-08',
      '2026-10-09',
    ])
  })

  it('goes to whoever fits then, by kind, tier, owner and label', async () => {
    const { running, at, run, group, groups, pushes } = await setUp()
    await group('g3', 'B', { kind: 'customer', chatId: 'wr3', owner: 'wang', tags: ['华东'], webhook: null })
    await group('g4', 'B', { kind: 'customer', chatId: 'wr4', owner: 'wang', tags: [], webhook: null })
    await group('g5', 'B', { kind: 'customer', chatId: 'wr5', owner: 'lin', tags: ['华东'], webhook: null })
    const where = {
      type: 'where' as const,
      kinds: ['customer' as const],
      tiers: ['B' as const],
      owners: ['wang'],
      tags: ['华东'],
    }
    await running({ ...at('09:10'), audience: where })
    await run(2 * hour)
    expect((await pushes())[0]?.groups.map(({ id }) => id)).toEqual(['g3'])
    await groups.updateMany({}, { $set: { dismissed: true } })
    await run(day, hour)
    expect((await pushes())[1]).toMatchObject({ groups: [], skipped: { code: 'push.no_group' } })
  })

  it('refuses a moment that has passed, a line that never goes, and a group or content that is not there', async () => {
    const { room, input, item, at, clock } = await setUp()
    const create = (line: PushItemInput) => room().plans.create('plan-0002', input(line), 'mei')
    const past = item({ schedule: { type: 'dates', at: [clock.date().toISOString()] } })
    await expect(create(past)).rejects.toMatchObject({ code: 'plan.past', params: { line: 1 } })
    await expect(create({ ...at('09:10'), until: '2026-09-01' })).rejects.toMatchObject({ code: 'plan.never' })
    await expect(create(item({ contentId: 'nothing' }))).rejects.toMatchObject({ code: 'not_found' })
    await expect(create(item({ audience: { type: 'named', groupIds: ['nowhere'] } }))).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('what a plan will do', () => {
  it('is shown for each group before it is switched on: its variant, and what keeps it back', async () => {
    const { room, input, at, group, platform, rooms, clock } = await setUp()
    const chatId = await platform.group('福利群')
    await group('g3', 'B', { kind: 'customer', chatId, owner: 'wang', webhook: null })
    await group('g4', 'A', { kind: 'customer', chatId: 'wr4', owner: null, webhook: null })
    await group('g5', 'A', { webhook: null })
    const all = { type: 'where' as const, kinds: [], tiers: [], owners: [], tags: [] }
    const plan = input({ ...at('09:10'), audience: all }, { ...at('10:10'), audience: all, onlyVariants: true })
    const { items } = await room().preview(plan, undefined)
    const told = items.map(({ groups, stuck }) => ({
      stuck,
      groups: Object.fromEntries(
        groups.map(({ groupId, own, text, problem }) => [groupId, problem?.code ?? (own ? text : `默认 ${text}`)]),
      ),
    }))
    expect(told).toEqual([
      {
        stuck: 2,
        groups: { g1: '贵宾早', g2: '默认 早上好', g3: '默认 早上好', g4: 'block.no_owner', g5: 'robot.unregistered' },
      },
      {
        stuck: 4,
        groups: {
          g1: '贵宾早',
          g2: 'block.no_variant',
          g3: 'block.no_variant',
          g4: 'block.no_owner',
          g5: 'robot.unregistered',
        },
      },
    ])
    expect(items[0]?.times.slice(0, 2)).toEqual(['2026-09-28T01:10:00.000Z', '2026-09-29T01:10:00.000Z'])
    // The group has had its message of the day: the quota says so before anything is sent.
    await room().push({ key: 'by-hand-0001', contentId: plan.items[0]?.contentId ?? '', groupIds: ['g3'] })
    clock.advance(hour + minute)
    await rooms.settle()
    const after = await room().preview(input({ ...at('10:10'), audience: all }), undefined)
    expect(after.items[0]?.groups.find(({ groupId }) => groupId === 'g3')?.problem?.code).toBe('block.platform_quota')
  })

  it('stands in the calendar: gone, skipped and to come', async () => {
    const { room, running, at, run, clock } = await setUp()
    const { id } = await running(at('09:10'))
    await run(2 * hour)
    clock.advance(day + 6 * hour)
    await room().sweep.run(clock.date())
    const entries = await room().calendar('2026-09-28', 4)
    expect(entries.map(({ at: when, state, groups, plan }) => [when.slice(0, 10), state, groups, plan?.id])).toEqual([
      ['2026-09-28', 'gone', 2, id],
      ['2026-09-29', 'skipped', 0, id],
      ['2026-09-30', 'planned', 2, id],
      ['2026-10-01', 'planned', 2, id],
    ])
  })
})

/** Groups of wang's, each called by name in its message, so that each message is one to confirm. */
const withOwned = async () => {
  const rooms = await setUp()
  const { group, platform } = rooms
  const named = await rooms.rooms.contents.create(
    ContentInput.parse({ name: '点名', body: { text: '{{ customer.name }}早' } }),
    'm',
  )
  const owned = async (from: number, to: number): Promise<string[]> => {
    const ids = Array.from({ length: to - from }, (_, n) => `c${from + n}`)
    for (const id of ids)
      await group(id, 'C', { kind: 'customer', chatId: await platform.group(`群${id}`), owner: 'wang', webhook: null })
    return ids
  }
  const goes = (groupIds: string[], at: string) =>
    rooms.item({ contentId: named.id, audience: { type: 'named', groupIds }, schedule: { type: 'dates', at: [at] } })
  /** Looks every three minutes, so many times; answers how many messages the owner has to confirm after each. */
  const look = async (times: number): Promise<number[]> => {
    const seen: number[] = []
    for (let n = 0; n < times; n += 1) {
      rooms.clock.advance(3 * minute)
      await rooms.room().sweep.run(rooms.clock.date())
      await rooms.rooms.settle()
      seen.push((await platform.masses()).length)
    }
    return seen
  }
  return { ...rooms, named, owned, goes, look }
}
/** The most that came within a quarter of an hour. */
const mostAtOnce = (seen: readonly number[]): number =>
  Math.max(...seen.map((count, index) => count - (seen[index - 5] ?? 0)))

describe('many messages for one owner', () => {
  it('come a few at a time over all pushes and plans together, in the order they were wanted', async () => {
    const { room, running, named, owned, goes, look, clock, platform } = await withOwned()
    const [first, second] = [await owned(0, 4), await owned(4, 8)]
    await running(goes(await owned(8, 12), '2026-09-28T02:20:00.000Z'))
    clock.set(new Date('2026-09-28T02:09:30Z'))
    await room().push({ key: 'by-hand-0001', contentId: named.id, groupIds: first })
    const seen = await look(2)
    await room().push({ key: 'by-hand-0002', contentId: named.id, groupIds: second })
    seen.push(...(await look(12)))
    expect(seen.slice(0, 3)).toEqual([4, 4, 5])
    expect(seen.at(-1)).toBe(12)
    expect(mostAtOnce(seen)).toBe(5)
    // One of the plan's shares the second turn with the last three of the pushes by hand.
    const told = (await platform.masses()).map(({ text }) => text)
    expect(told.slice(0, 9)).toEqual(expect.arrayContaining([...first, ...second].map((id) => `群${id}早`)))
    const waited = await mongo.get().connection.collection('intents').findOne({ groupId: 'c7' })
    expect(waited?.['history'].flatMap((entry: { because: { code: string }[] }) => entry.because)).toContainEqual(
      expect.objectContaining({ code: 'push.paced', params: expect.objectContaining({ most: 5, minutes: 15 }) }),
    )
  }, 60_000)

  it('wait for the morning where their turn falls into the night, and come a few at a time then too', async () => {
    const { room, named, owned, look, clock } = await withOwned()
    const ids = await owned(0, 12)
    clock.set(new Date('2026-09-28T12:54:00Z'))
    await room().push({ key: 'by-hand-0001', contentId: named.id, groupIds: ids })
    expect((await look(7)).at(-1)).toBe(5)
    clock.set(new Date('2026-09-29T00:56:00Z'))
    const morning = await look(8)
    expect([morning[0], morning[1]]).toEqual([5, 10])
    expect(morning.at(-1)).toBe(12)
  }, 60_000)

  it('of a plan for working days wait over the weekend, too', async () => {
    const { running, item, named, owned, look, clock } = await withOwned()
    const audience = { type: 'named' as const, groupIds: await owned(0, 12) }
    // Friday, twenty to nine in the evening.
    clock.set(new Date('2026-10-16T12:40:00Z'))
    const schedule = { type: 'repeated' as const, at: '20:50', weekdays: [], monthdays: [], days: 'workdays' as const }
    await running(item({ contentId: named.id, audience, schedule }))
    expect((await look(7)).at(-1)).toBe(5)
    clock.set(new Date('2026-10-17T01:00:00Z'))
    expect((await look(3)).at(-1)).toBe(5)
    clock.set(new Date('2026-10-19T00:56:00Z'))
    expect((await look(8)).at(-1)).toBe(12)
  }, 60_000)

  it('of the same words are one, and those taken back keep nobody waiting', async () => {
    const { room, running, named, content, owned, goes, look, clock } = await withOwned()
    const plan = await running(goes(await owned(0, 9), '2026-09-28T02:10:00.000Z'))
    clock.set(new Date('2026-09-28T02:05:00Z'))
    expect((await look(4)).at(-1)).toBe(5)
    await room().plans.setOn(plan.id, false)
    await room().push({ key: 'by-hand-0001', contentId: named.id, groupIds: await owned(9, 10) })
    await room().push({ key: 'by-hand-0002', contentId: content.id, groupIds: await owned(10, 14) })
    // Two turns in the place of the four that were taken back.
    expect((await look(5)).at(-1)).toBe(7)
  })

  it('are shown with their turns before they go, over all lines that go at that time', async () => {
    const { room, input, owned, goes } = await withOwned()
    const at = '2026-09-28T02:10:00.000Z'
    const { items } = await room().preview(input(goes(await owned(0, 4), at), goes(await owned(4, 8), at)), undefined)
    expect(items.map(({ groups }) => groups.map(({ problem }) => problem?.code ?? null).toSorted())).toEqual([
      [null, null, null, null],
      [null, 'push.paced', 'push.paced', 'push.paced'],
    ])
  })
})

describe('a plan that is paused or deleted', () => {
  const states = async () => {
    const found = await mongo.get().connection.collection('intents').find().sort({ key: 1 }).toArray()
    return found
      .map(({ channel, state, delivery, withdrawn, because: why }) =>
        [channel, state, delivery, (withdrawn ?? why.at(-1))?.code].join(' '),
      )
      .toSorted()
  }
  const begun = async () => {
    const rooms = await withOwned()
    const ids = await rooms.owned(0, 7)
    const { id } = await rooms.running(rooms.goes(['g1', ...ids], '2026-09-28T02:10:00.000Z'))
    await rooms.run(2 * hour + 11 * minute, minute)
    expect(await rooms.platform.masses()).toHaveLength(5)
    return { ...rooms, id }
  }

  it.each([
    ['paused', 'block.plan_paused'],
    ['deleted', 'block.plan_removed'],
  ])('takes back what waits for an owner or for its turn when it is %s; what was said stays', async (how, code) => {
    const { room, rooms, run, platform, clock, id } = await begun()
    expect(await room().plans.waiting(id)).toBe(7)
    if (how === 'paused') await room().plans.setOn(id, false)
    else expect(await room().plans.remove(id)).toBe('早间计划')
    await rooms.settle()
    expect(await states()).toEqual([
      ...Array(2).fill(`group_mass blocked none ${code}`),
      ...Array(5).fill(`group_mass sent cancelled ${code}`),
      expect.stringContaining('robot sent'),
    ])
    expect((await room().results.list({ limit: 9 })).items).toMatchObject([{ groups: 8, sent: 1, waiting: 0 }])
    clock.advance(hour)
    await run(hour)
    expect(await platform.masses()).toHaveLength(5)
    expect((await room().plans.list()).map(({ on }) => on)).toEqual(how === 'paused' ? [false] : [])
  })

  it('takes back what a turn wants at the moment it is deleted', async () => {
    const { rooms, running, goes, owned, clock, room } = await withOwned()
    const { id } = await running(goes(await owned(0, 2), '2026-09-28T02:10:00.000Z'))
    // Between reading the plan and wanting its turn.
    const other = pushRoom(mongo.get(), clock, rooms, async () => {
      if ((await room().plans.list()).length > 0) await room().plans.remove(id)
    })
    clock.advance(2 * hour + 20 * minute)
    await other.sweep.run(clock.date())
    await rooms.settle()
    expect(await states()).toEqual(Array(2).fill('group_mass blocked none block.plan_removed'))
    await expect(room().plans.waiting(id)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('plans and pushes from before plans had lines', () => {
  it('go on as plans of one line, at the moment they had', async () => {
    const { room, run, pushes, content, clock, said } = await setUp()
    const { connection } = mongo.get()
    const nextAt = new Date(clock.now() + hour + 13 * minute)
    const former = {
      contentId: content.id,
      content: '早报',
      key: 'former-0001',
      createdAt: clock.date(),
      lastAt: null,
      problem: null,
    }
    await connection.collection<{ _id: string }>('pushplans').insertOne({
      ...{ _id: 'psh_old', ...former, groupIds: ['g1', 'g2'], on: true, next: '2026-09-28T09:10', nextAt },
      ...{ schedule: { type: 'repeated', at: '09:10', weekdays: [1] } },
    })
    await connection.collection<{ _id: string }>('grouppushes').insertOne({
      ...{ _id: 'psh_gone', key: 'gone-0001', contentId: content.id, content: '早报', at: new Date(clock.now() - day) },
      ...{ groups: [{ id: 'g1', name: '群g1', tier: 'A' }] },
    })
    await room().upgrade()
    await room().upgrade()
    expect(await room().plans.list()).toMatchObject([
      { id: 'psh_old', on: true, name: '早报', nextAt: nextAt.toISOString(), items: [{ groups: 2 }] },
    ])
    expect((await room().results.list({ limit: 9 })).items).toMatchObject([{ id: 'psh_gone', groups: 1, plan: null }])
    await run(2 * hour)
    expect(await said()).toHaveLength(2)
    expect((await pushes()).map(({ plan }) => plan?.id ?? null)).toEqual([null, 'psh_old'])
  })
})

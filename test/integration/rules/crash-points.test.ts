import { describe, expect, it } from 'vitest'
import { RuleInput } from '@zhiyin/shared/rule'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { startDying, type Death, type Dying } from '../../support/dying.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform, type Platform } from '../../support/platform.ts'
import { buildView, keep, sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const hour = 3_600_000
const day = 24 * hour
const first = new Date('2026-03-02T04:00:00Z')

type Rooms = ReturnType<typeof sendingRooms>

const body = (text: string) => ({ body: { text, attachments: [] }, folder: '', variants: [], couponId: null })
const contentOf = (name: string) => ({ ...body(name), name, expiresAt: null, fallbacks: {} })

/** Sends, waits for the rep and for a day, splits, tags, sets an attribute, makes a task, tells the rep, sends again. */
const journey = (hello: string, again: string) =>
  RuleInput.parse({
    name: '旅程',
    trigger: { type: 'manual' },
    limits: { reentryDays: 0 },
    steps: [
      { id: 'hello', type: 'send', channel: 'mass', contentId: hello },
      {
        id: 'until',
        type: 'wait_until',
        until: { type: 'confirmed', stepId: 'hello' },
        hours: 48,
        next: 'rest',
        otherwise: null,
      },
      { id: 'rest', type: 'wait', hours: 24 },
      {
        id: 'chance',
        type: 'split',
        arms: [
          { id: 'a', percent: 50, next: 'tagA' },
          { id: 'b', percent: 50, next: 'tagB' },
        ],
      },
      { id: 'tagA', type: 'tag', add: ['甲'], next: 'note' },
      { id: 'tagB', type: 'tag', add: ['乙'], next: 'note' },
      { id: 'note', type: 'set_attribute', key: 'seen', value: true },
      { id: 'call', type: 'task', title: '打个电话' },
      { id: 'tell', type: 'notify', to: 'rep', text: '去问问 {{ customer.name }}' },
      { id: 'again', type: 'send', channel: 'mass', contentId: again },
    ],
  })

/** One company whose processes die again and again; each life leads two customers through the same journey. */
const setUp = async (platform: Platform, clock: MovableClock, name: string) => {
  await mongo.indexes()
  const kept = keep()
  const shown = new Set<string>()
  let lives = 0
  const on = (db = mongo.get()): Rooms => {
    const rooms = sendingRooms(db, clock, platform, { kept })
    rooms.limits.quietHours = null
    rooms.limits.perWeek = 100
    return rooms
  }
  const founding = on()
  await mongo.indexes()
  const { id: hello } = await founding.contents.create(contentOf('第一条'), 'manager')
  const { id: again } = await founding.contents.create(contentOf('第二条'), 'manager')
  const { _id: ruleId } = await founding.rules.store.create(journey(hello, again), 'manager')
  await founding.rules.turnOn(ruleId, false, 'manager', 'zh')

  const befriend = async (id: string): Promise<void> => {
    const { externalUserId } = await platform.befriend(id)
    kept.customers.set(id, buildView({ id, externalUserId, name: id }))
  }
  /** Everything that is due, and the facts it left shown to the rules, as the stage before them does: again until that has worked. */
  const work = async (rooms: Rooms): Promise<void> => {
    await rooms.settle()
    const news = [...kept.facts.values()].filter(({ id }) => !shown.has(id))
    for (const fact of news) await rooms.rules.match(fact.customerId, [{ ...fact, seenAt: clock.date() }])
    for (const { id } of news) shown.add(id)
    if (news.length > 0) await rooms.settle()
  }
  const confirmAll = async (): Promise<void> => {
    for (const { msgid, status } of await platform.assistant('wang'))
      if (status === 'waiting') await platform.confirm(msgid)
  }

  /** One life; `death` null: nothing happens, else each process dies so, and the next one too, to the last. Answers what each wrote. */
  const live = async (deaths: readonly Death[]) => {
    const life = (lives += 1)
    clock.set(new Date(first.getTime() + life * 4 * day))
    const ids = [`甲${name}${life}`, `乙${name}${life}`]
    for (const id of ids) await befriend(id)
    const left = [...deaths]
    const processes: Dying[] = []
    const begin = async (): Promise<{ dying: Dying; rooms: Rooms }> => {
      const dying = await startDying(mongo.url(), left.shift() ?? null)
      processes.push(dying)
      return { dying, rooms: on(dying.mongo) }
    }
    let { dying, rooms } = await begin()
    const enter = async (): Promise<unknown> => {
      const because = { code: 'rule.manual' as const, params: { by: '王敏' } }
      return rooms.rules.byHand(ruleId, ids, { key: `${name}${life}`, because, userid: null })
    }
    /** Does it, and once more in a process started anew, on the same database and with nothing in its queue, until one outlives it. */
    const surviving = async (act: () => Promise<unknown>): Promise<void> => {
      for (let reborn = false; ; reborn = true) {
        try {
          // What the dead had claimed runs out meanwhile.
          for (let round = 0; reborn && round < 2; round += 1) {
            clock.advance(61_000)
            await work(rooms)
          }
          await act()
          await work(rooms)
        } catch (error) {
          if (!dying.isDead()) throw error
        }
        if (!dying.isDead()) return
        const next = await begin()
        dying = next.dying
        rooms = next.rooms
      }
    }
    let at = clock.now()
    const later = (ms: number) => {
      at += ms
      return async (): Promise<void> => {
        if (clock.now() < at) clock.set(new Date(at))
      }
    }
    await surviving(enter)
    await confirmAll()
    await surviving(later(hour))
    await surviving(later(25 * hour))
    await confirmAll()
    await surviving(later(hour))
    await Promise.all(processes.map((process) => process.close()))
    return { ids, processes }
  }

  /** What there is of these customers: what they received by the ledger, and what the rooms keep. */
  const found = async (ids: readonly string[]) => {
    const rooms = on()
    const names = new Map(ids.map((id) => [kept.customers.get(id)?.externalUserId ?? '', id]))
    const ledger = await platform.received()
    const each = async <T>(look: (customerId: string) => Promise<{ items: readonly T[] }>): Promise<T[]> =>
      (await Promise.all(ids.map(look))).flatMap(({ items }) => items)
    const runs = (await rooms.rules.listRuns({ ruleId, limit: 4 })).items.filter((run) => ids.includes(run.customerId))
    const sends = await each((customerId) => rooms.sends.list({ scope: null, customerId, limit: 100 }))
    const tasks = await each((customerId) => rooms.tasks.list({ scope: null, customerId, state: 'open', limit: 100 }))
    return {
      received: ledger.flatMap(({ to, text }) => (names.has(to) ? [`${names.get(to)} ${text}`] : [])).toSorted(),
      told: ledger.flatMap(({ via, text }) => (via === 'app' ? ids.filter((id) => text.includes(id)) : [])).toSorted(),
      runs: runs.map(({ customerId, state, at, log }) => [customerId, state, at, log.length]).toSorted(),
      sends: sends.map(({ channel, state, delivery }) => `${channel} ${state} ${delivery}`).toSorted(),
      tasks: tasks.map(({ kind, title }) => `${kind} ${title}`),
      facts: [...kept.facts.values()]
        .flatMap(({ customerId, type }) => (ids.includes(customerId) ? [type] : []))
        .toSorted(),
      counted: await mongo
        .get()
        .connection.collection<{ _id: string }>('sendcounts')
        .countDocuments({
          _id: { $in: [...ids] },
          entries: { $size: 2 },
          'entries.until': { $exists: false },
        }),
      exposures: await mongo
        .get()
        .connection.collection('exposures')
        .countDocuments({ customerId: { $in: [...ids] } }),
      backlog: (await rooms.backlog()).reduce((sum, { due }) => sum + due, 0),
    }
  }
  return { live, found }
}

const once = <T>(of: T): readonly T[] => [of, of]
/** Everything once for each of two customers, as a life leaves it in which nothing happens. */
const whole = (ids: readonly string[]) => ({
  received: ids.flatMap((id) => [`${id} 第一条`, `${id} 第二条`]).toSorted(),
  told: ids.toSorted(),
  runs: ids.toSorted().map((id) => [id, 'finished', null, 10]),
  sends: [
    ...once('app sent none'),
    ...once('mark_tag sent none'),
    ...once('mass sent delivered'),
    ...once('mass sent delivered'),
  ],
  tasks: once('rule 打个电话'),
  facts: [
    ...once('profile.identified'),
    ...once('rule.entered'),
    ...once('rule.left'),
    ...Array.from({ length: 8 }, () => 'send.changed'),
    ...once('tag.added'),
    ...once('task.created'),
  ],
  counted: 2,
  // The rule and the split.
  exposures: 4,
  backlog: 0,
})

/** Writes between one death and the next of a life: more than any batch of a journey needs to come a step further. */
const apart = 16

describe('a process dies at each of its writes', () => {
  it.each(['before', 'after'] as const)(
    'death comes %s the write: everybody gets everything once, and nothing is left undone',
    async (when) => {
      const clock = movableClock(first)
      const company = await setUp(await startPlatform(clock), clock, when)
      const clean = await company.live([])
      expect(await company.found(clean.ids)).toEqual(whole(clean.ids))
      const writes = clean.processes[0]?.writes ?? []
      const times = Math.ceil(writes.length / apart)
      expect(times).toBeGreaterThan(4)
      const diedAt = new Set<string>()
      const die = async (deaths: readonly Death[]): Promise<void> => {
        const { ids, processes } = await company.live(deaths)
        expect({ deaths, ...(await company.found(ids)) }).toEqual({ deaths, ...whole(ids) })
        for (const dead of processes.filter(({ isDead }) => isDead())) diedAt.add(dead.writes.at(-1) ?? '')
      }
      for (let write = 1; write <= apart; write += 1)
        await die([{ write, when }, ...Array.from({ length: times - 1 }, () => ({ write: apart, when }))])
      // Processes that come after a death write a little more, so their later deaths may have stepped over a kind of write.
      for (const kind of new Set(writes)) if (!diedAt.has(kind)) await die([{ of: kind, write: 1, when }])
      expect([...diedAt].toSorted()).toEqual([...new Set(writes)].toSorted())
    },
    180_000,
  )
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factTypes, type NewFact } from '@zhiyin/shared/fact'
import { RuleInput } from '@zhiyin/shared/rule'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { lifeOf, worldDefinitions } from '../../support/random-lives.ts'
import { sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const dayMs = 86_400_000
const begin = new Date('2026-06-01T00:00:00Z')

/** The real rooms of customers and rules together: what happens to customers is shown to the rules as it comes. */
const setUp = async () => {
  const clock = movableClock(begin)
  const platform = await startPlatform(clock)
  const engine = customerEngine(mongo.get(), clock, {}, async () => worldDefinitions)
  const rooms = sendingRooms(mongo.get(), clock, platform, {
    past: {
      definitions: engine.definitions.get,
      factsOf: (ids) => engine.timeline.pieces(ids, factTypes),
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
      fallbacks: {},
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

/** The next moment at which time alone changes anything: of a customer or of a run. */
const nextDue = async (now: number): Promise<number> => {
  const { connection } = mongo.get()
  const after = (field: string) => ({ [field]: { $gt: new Date(now) } })
  const [customer, run] = await Promise.all([
    connection.collection<{ nextDueAt: Date }>('customers').findOne(after('nextDueAt'), { sort: { nextDueAt: 1 } }),
    connection.collection<{ dueAt: Date }>('ruleruns').findOne(after('dueAt'), { sort: { dueAt: 1 } }),
  ])
  return Math.min(customer?.nextDueAt.getTime() ?? Infinity, run?.dueAt.getTime() ?? Infinity)
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

describe('a backtest of a rule that was on', () => {
  it('finds the entries that really happened: the same customers, the same moments', async () => {
    const seeds = [1, 2]
    for (const seed of seeds) {
      const world = await setUp()
      const { clock, engine, rooms, on, backtest } = world
      const ids: string[] = []
      for (let n = 0; n < 5; n += 1)
        ids.push(
          await engine.profile.ensureCustomer([
            { kind: 'external_userid', value: `wm_${seed}_${n}`, at: clock.date() },
          ]),
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
        const runs = (await rooms.rules.listRuns({ ruleId: id, limit: 1000 })).items
        const really = runs
          .map(({ customerId, enteredAt, state }) => `${customerId} ${enteredAt.toISOString()} ${state === 'held_out'}`)
          .sort()
        const { examples, state } = await backtest(id, 90)
        expect(state).toBe('done')
        const found = examples
          .flatMap(({ customerId, lines }) =>
            lines
              .filter(({ kind }) => kind === 'entered' || kind === 'held_out')
              .map(({ at, kind }) => `${customerId} ${at.toISOString()} ${kind === 'held_out'}`),
          )
          .sort()
        expect(found).toEqual(really)
        entries += really.length
      }
      expect(entries).toBeGreaterThan(10)
      await mongo.get().connection.dropDatabase()
    }
  }, 120_000)
})

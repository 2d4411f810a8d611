import { beforeAll, describe, expect, it } from 'vitest'
import { zonedTime } from '@zhiyin/shared/zone'
import { createCalendar } from '../../../server/calendar/calendar.ts'
import { heldOut } from '../../../server/rules/enter.ts'
import { movableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { begin, foundCompany, liveSixMonths } from '../../support/six-months.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const zone = 'Asia/Shanghai'
/** A thousand take many minutes: `SIX_MONTHS_CUSTOMERS=1000`, which prints its figures, too. */
const asked = process.env['SIX_MONTHS_CUSTOMERS']
const people = Number(asked ?? 36)

type Intent = {
  _id: string
  key: string
  channel: string
  state: string
  delivery: string
  externalUserId: string
  msgid: string
  body: { text: string } | null
  because: { code: string }[]
  lookAt?: Date
  along?: string
  cause: { ruleId: string | null; runId: string | null; stepId: string | null }
}
type Run = {
  _id: string
  ruleId: string
  customerId: string
  state: string
  arm: string
  open?: true
  dueAt: Date | null
  leftAt: Date | null
  claim: string | null
  untold: boolean
  log: { stepId: string; what: string; arm?: string }[]
}
type Exposure = { _id: string; arm: string }
type Counts = { _id: string; entries: { intent: string; until?: number }[] }

/** The most of these local days that fall within so many days in a row. */
const mostWithin = (found: readonly number[], span: number): number =>
  Math.max(0, ...found.map((last) => found.filter((one) => one <= last && one > last - span).length))

const tally = (list: readonly string[]): Record<string, number> => {
  const sum: Record<string, number> = {}
  for (const one of list) sum[one] = (sum[one] ?? 0) + 1
  return sum
}

const live = async () => {
  const began = performance.now()
  const clock = movableClock(new Date(begin + 10 * 3_600_000))
  const platform = await startPlatform(clock)
  const { rooms, rules } = await foundCompany(mongo, clock, platform)
  const { ids, withdrawn } = await liveSixMonths({ rooms, rules, platform, clock, people })
  const { connection } = mongo.get()
  const all = <T extends object>(name: string, filter = {}): Promise<T[]> =>
    connection.collection(name).find<T>(filter).toArray()
  const [received, isOut] = [await platform.ledger(), await rooms.measure.seasons.heldOut()]
  const calendar = createCalendar({ mongo: mongo.get(), clock, log: quietLog })
  await calendar.refresh()
  return {
    seconds: Math.round((performance.now() - began) / 1000),
    now: clock.now(),
    ids,
    withdrawn,
    rules: await rooms.rules.store.list(),
    limits: rooms.limits,
    isWorkday: (at: number): boolean => calendar.isWorkday(zonedTime(new Date(at), zone).date),
    externalOf: (id: string): string => rooms.customers.get(id)?.externalUserId ?? '',
    out: ids.filter(isOut),
    /** What customers got by mass messages of the product, and what it put into 群发助手. */
    masses: received.filter(({ via, text }) => via === 'mass' && text !== '自己发的'),
    tasks: [...(await platform.assistant('wang')), ...(await platform.assistant('lina'))].filter(
      ({ text }) => text !== '自己发的',
    ),
    welcomes: received.filter(({ via }) => via === 'welcome'),
    intents: await all<Intent>('intents'),
    runs: await all<Run>('ruleruns'),
    exposures: await all<Exposure>('exposures', { ruleId: { $ne: null } }),
    counts: await all<Counts>('sendcounts'),
  }
}
type Life = Awaited<ReturnType<typeof live>>

const figuresOf = ({ seconds, runs, intents, masses, welcomes, tasks, out, withdrawn }: Life) => ({
  customers: people,
  seconds,
  runs: runs.length,
  steps: runs.reduce((sum, { log }) => sum + log.length, 0),
  messages: { mass: masses.length, welcome: welcomes.length, in: tasks.length },
  alone: { always: out.length, ofRules: runs.filter(({ state }) => state === 'held_out').length },
  withdrawn: withdrawn.size,
  ends: tally(intents.map(({ channel, state, delivery }) => `${channel} ${state} ${delivery}`)),
  blocked: tally(intents.flatMap(({ state, because }) => (state === 'blocked' ? (because.at(-1)?.code ?? '') : []))),
})

/** What one message says: the words of what went along come after a blank line. */
const wordsOf = (text: string): string[] => text.split('\n\n')

describe(`${people} customers live six months under twenty rules`, () => {
  let life: Life
  beforeAll(async () => {
    life = await live()
    if (asked !== undefined) process.stdout.write(`${JSON.stringify(figuresOf(life), null, 2)}\n`)
  }, 2_400_000)

  it('is a life: every rule had people in it, most texts came to somebody, and every policy was needed', () => {
    const { runs, rules, masses, welcomes, intents } = life
    expect(new Set(runs.map(({ ruleId }) => ruleId))).toEqual(new Set(rules.map(({ _id }) => _id)))
    const said = new Set([...masses, ...welcomes].flatMap(({ text }) => wordsOf(text)))
    expect(said.size).toBeGreaterThan(15)
    expect(masses.length).toBeGreaterThan(people * 5)
    const ends = new Set(intents.map(({ state, delivery }) => `${state} ${delivery}`))
    expect([...ends]).toEqual(expect.arrayContaining(['sent delivered', 'sent expired', 'blocked none']))
    const codes = new Set(intents.flatMap(({ because }) => because.map(({ code }) => code)))
    const needed = ['block.lost_drop', 'block.lost_fallback', 'block.consent', 'block.expired']
    expect([...codes]).toEqual(expect.arrayContaining(needed))
    expect(intents.filter(({ along, delivery }) => along !== undefined && delivery === 'delivered')).not.toEqual([])
  })

  it('every intent is settled, nothing waits in 群发助手, every run is over or waits for a time to come', () => {
    const { intents, tasks, runs, now } = life
    const ends = ['sent', 'blocked', 'failed']
    const open = intents.filter(
      ({ state, delivery, lookAt }) => lookAt !== undefined || delivery === 'waiting' || !ends.includes(state),
    )
    expect(open).toEqual([])
    expect(tasks.filter(({ status }) => status === 'waiting')).toEqual([])
    const stuck = runs.filter(({ open: going, dueAt, leftAt, state, claim, untold }) => {
      const waits = going === true && dueAt !== null && dueAt.getTime() > now
      return claim !== null || untold || !(waits || leftAt !== null || state === 'held_out')
    })
    expect(stuck).toEqual([])
  })

  it('no duplicate: what came is what the database says came, each word of it once', () => {
    const { masses, intents } = life
    const came = masses.flatMap(({ to, request, text }) => wordsOf(text).map((words) => `${to.id} ${request} ${words}`))
    const delivered = intents.filter(({ channel, delivery }) => channel === 'mass' && delivery === 'delivered')
    expect(came.toSorted()).toEqual(
      delivered.map(({ externalUserId, msgid, body }) => `${externalUserId} ${msgid} ${body?.text}`).toSorted(),
    )
    expect(new Set(came).size).toBe(came.length)
    const steps = tally(delivered.map(({ cause }) => `${cause.runId} ${cause.stepId}`))
    expect(Object.entries(steps).filter(([, times]) => times > 1)).toEqual([])
    expect(new Set(intents.map(({ key }) => key)).size).toBe(intents.length)
  })

  it('no cap broken at any customer, and nothing counted that did not come', () => {
    const { masses, limits, counts, intents } = life
    const days = new Map<string, number[]>()
    for (const { to, at } of masses) days.set(to.id, [...(days.get(to.id) ?? []), zonedTime(new Date(at), zone).day])
    const { perDay, perWeek, perMonth } = limits
    const over = [...days].filter(
      ([, got]) => mostWithin(got, 1) > perDay || mostWithin(got, 7) > perWeek || mostWithin(got, 30) > perMonth,
    )
    expect(over).toEqual([])
    const of = new Map(intents.map(({ _id, delivery }) => [_id, delivery]))
    const wrong = counts
      .flatMap(({ entries }) => entries)
      .filter(({ intent, until }) => of.get(intent) !== 'delivered' || until !== undefined)
    expect(wrong).toEqual([])
  })

  it('no quiet hour broken and no day a rule leaves out: nothing was put into 群发助手 then, nothing came at night', () => {
    const { tasks, masses, limits, rules, intents, isWorkday } = life
    const isQuiet = (at: number, { from, to } = limits.quietHours ?? { from: '', to: '' }): boolean => {
      const { clock } = zonedTime(new Date(at), zone)
      return from > to ? clock >= from || clock < to : clock >= from && clock < to
    }
    const ruleOf = new Map(intents.flatMap(({ body, cause }) => (body === null ? [] : [[body.text, cause.ruleId]])))
    const limitsOf = new Map(rules.map(({ _id, limits: own }) => [_id, own]))
    const broken = tasks.filter(({ text, create_time: made }) =>
      wordsOf(text).some((words) => {
        const own = limitsOf.get(ruleOf.get(words) ?? '')
        const wrongDay = own !== undefined && own.days !== 'any' && isWorkday(made) !== (own.days === 'workdays')
        return wrongDay || isQuiet(made, own?.quietHours ?? undefined)
      }),
    )
    expect(broken).toEqual([])
    expect(masses.filter(({ at }) => isQuiet(at))).toEqual([])
  })

  it('no holdout customer touched: of a rule by its words, of all by anything; nobody after they withdrew', () => {
    const { ids, rules, runs, intents, masses, externalOf, out, withdrawn } = life
    const got = new Map<string, string[]>()
    for (const { to, text } of masses) got.set(to.id, [...(got.get(to.id) ?? []), ...wordsOf(text)])
    const wordsOfRule = (ruleId: string) =>
      new Set(intents.flatMap(({ cause, body }) => (cause.ruleId === ruleId ? (body?.text ?? []) : [])))
    const alone = rules.flatMap(({ _id, limits: { holdoutPercent } }) => {
      const words = wordsOfRule(_id)
      return ids
        .filter((id) => heldOut(_id, id, holdoutPercent))
        .map((id) => ({ rule: _id, id, got: (got.get(externalOf(id)) ?? []).filter((one) => words.has(one)) }))
    })
    expect(alone.length).toBeGreaterThan(0)
    expect(alone.filter((one) => one.got.length > 0)).toEqual([])
    expect(runs.some(({ state }) => state === 'held_out')).toBe(true)
    expect(out.length).toBeGreaterThan(0)
    expect(out.filter((id) => got.has(externalOf(id)))).toEqual([])
    expect(withdrawn.size).toBeGreaterThan(0)
    expect(masses.filter(({ to, at }) => at > (withdrawn.get(to.id) ?? Infinity))).toEqual([])
  })

  it('the exposure log tells of every run, and of every way at a split, as it was', () => {
    const { runs, exposures } = life
    const entered = runs.flatMap(({ _id, arm, log }) => [
      `${_id} ${arm}`,
      ...log.flatMap((line) => (line.what === 'split' ? [`${_id}:${line.stepId} ${line.arm}`] : [])),
    ])
    expect(exposures.map(({ _id, arm }) => `${_id} ${arm}`).toSorted()).toEqual(entered.toSorted())
  })
})

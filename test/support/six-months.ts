import { because } from '@zhiyin/shared/because'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import { jobTable } from '../../server/flow/jobs.ts'
import { shareOf } from '../../server/platform/share.ts'
import type { MovableClock } from './clock.ts'
import type { useMongo } from './mongo.ts'
import type { Platform } from './platform.ts'
import { sendingRooms } from './sending.ts'
import { createLives, randomOf } from './six-month-lives.ts'
import { texts, twentyRules, type Text } from './six-month-rules.ts'

const hour = 3_600_000
const day = 24 * hour
const lifeDays = 180
const restDays = 48
/** The clock goes on by so much, and within a step by hours. */
const stepDays = 3
const perJob = 200
/** 00:00 of a Monday in Shanghai; the holidays of its year are announced. */
export const begin = Date.parse('2026-03-01T16:00:00Z')

type Database = ReturnType<typeof useMongo>
type Rooms = ReturnType<typeof sendingRooms>
type Rules = ReadonlyMap<string, string>

/** Two reps, the contents and the twenty rules, on. Whom a rule leaves alone depends on its id and the season's salt, so both stay the same. */
export const foundCompany = async (mongo: Database, clock: MovableClock, platform: Platform) => {
  await platform.member('lina', '李娜')
  const rooms = sendingRooms(mongo.get(), clock, platform)
  await mongo.indexes()
  await rooms.measure.seasons.begin('半年', 5)
  await mongo
    .get()
    .connection.collection('holdoutseasons')
    .updateOne({ until: null }, { $set: { salt: 'half a year' } })
  await rooms.measure.seasons.fresh()
  const ids = new Map<Text, string>()
  for (const text of texts) {
    const blank = { folder: '', variants: [], couponId: null, expiresAt: null, fallbacks: {} }
    const content = { name: text, body: { text, attachments: [] }, ...blank }
    ids.set(text, (await rooms.contents.create(content, 'manager')).id)
  }
  const rules = new Map<string, string>()
  for (const [index, input] of twentyRules((text) => ids.get(text) ?? '').entries()) {
    const { _id } = await rooms.rules.store.create(input, 'manager', '', `rul_${index}`)
    await rooms.rules.turnOn(_id, false, 'manager', 'zh')
    rules.set(input.name, _id)
  }
  return { rooms, rules }
}

/** What is due in the rooms, done until nothing is; every fact is shown to the rules once the customer is as it says. */
const createWork = (rooms: Rooms, clock: MovableClock) => {
  const { facts, queue, customers } = rooms
  let shown = 0

  /** What a fact that a rule brought about changes of its customer. */
  const apply = (fact: NewFact): void => {
    const view = customers.get(fact.customerId)
    if (view === undefined) return
    const { id, tagIds } = view
    if (fact.type === 'tag.added') customers.set(id, { ...view, tagIds: [...new Set([...tagIds, fact.payload.tagId])] })
    if (fact.type === 'tag.removed')
      customers.set(id, { ...view, tagIds: tagIds.filter((tagId) => tagId !== fact.payload.tagId) })
  }

  /** Runs that came in one by one go on together, as with workers beside each other, and what they want goes out together. */
  const gather = (): void => {
    const jobs = queue.splice(0)
    const runIds = jobs.flatMap(({ name, payload }) =>
      name === 'rules.advance' ? jobTable[name].payload.parse(payload).runIds : [],
    )
    for (let from = 0; from < runIds.length; from += perJob)
      queue.push({ name: 'rules.advance', payload: { runIds: runIds.slice(from, from + perJob) } })
    queue.push(...jobs.filter(({ name }) => name !== 'rules.advance'))
  }

  return async (): Promise<void> => {
    for (let turn = 0; ; turn += 1) {
      const news = [...facts.values()].slice(shown)
      shown += news.length
      const of = new Map<string, Fact[]>()
      for (const fact of news) {
        apply(fact)
        const mine = of.get(fact.customerId)
        const seen = { ...fact, seenAt: clock.date() }
        if (mine === undefined) of.set(fact.customerId, [seen])
        else mine.push(seen)
      }
      await Promise.all([...of].map(([id, list]) => rooms.rules.match(id, list)))
      gather()
      if (turn > 0 && queue.length === 0 && facts.size === shown) return
      await rooms.settle()
    }
  }
}

type Deps = { rooms: Rooms; rules: Rules; platform: Platform; clock: MovableClock; people: number }

/**
 * Half a year in which customers come, live and are written to, and then six weeks in which nothing new begins, so that everything comes to
 * its end. Reps confirm most of what waits in 群发助手 within the hour, some when they look again, some never; now and then a call gets lost.
 */
export const liveSixMonths = async ({ rooms, rules, platform, clock, people }: Deps) => {
  const random = randomOf(20_260_301)
  const lives = createLives({ rooms, platform, clock, random })
  const work = createWork(rooms, clock)
  const ids = Array.from({ length: people }, (_, n) => `客${n}`)
  /** Half are about a lot, the others fall silent sooner or later. */
  const keenOf = (n: number, today: number): number => (n % 2 === 0 ? 1 : today % 90 < 20 + (n % 40) ? 0.8 : 0.02)
  const arrivesOn = (n: number): number =>
    n < people / 2 ? 0 : stepDays * Math.floor((80 * (n - people / 2)) / people)
  const ruleOf = (name: string): string => rules.get(name) ?? ''

  const confirm = async (share: number): Promise<void> => {
    for (const userid of ['wang', 'lina'])
      for (const { msgid, status, text, create_time: made } of await platform.assistant(userid)) {
        const mood = shareOf('mood', `${userid} ${text} ${Math.floor(made / hour)}`)
        if (status === 'waiting' && mood < share) await platform.confirmBy(userid, msgid)
      }
    clock.advance(hour)
    await work()
  }
  const until = (at: number): void => clock.set(new Date(Math.max(clock.now(), at)))

  for (let step = 0; step < lifeDays / stepDays; step += 1) {
    const today = step * stepDays
    const night = step % 2 === 0
    const midnight = begin + today * day
    until(midnight + (night ? 22.5 : 9 + random() * 5) * hour)
    for (const [n, id] of ids.entries()) {
      if (arrivesOn(n) === today) await lives.arrive(id)
      if (arrivesOn(n) < today) await lives.live(id, keenOf(n, today))
    }
    if (step % 5 === 3) {
      const some = ids.filter(() => random() < 0.2)
      const deed = { because: because('rule.manual', { by: '王敏' }), key: `day${today}`, userid: null }
      await rooms.rules.byHand(ruleOf('店长来信'), some, deed)
    }
    if (step % 3 === 1) await platform.fault('mass', 'lost')
    if (step % 5 === 2) await platform.fault('mass', 'cut')
    await work()
    if (night) {
      // What came up at night had to wait for the morning.
      until(midnight + day + 10 * hour)
      await work()
    }
    await confirm(step % 3 === 0 ? 0.9 : 0.75)
  }
  // No time of a schedule takes anybody in any more.
  for (const name of ['周报', '会员日', '生日']) await rooms.rules.pause(ruleOf(name), '王敏')
  for (let rest = 0; rest < restDays; rest += stepDays) {
    until(begin + (lifeDays + rest) * day + 10 * hour)
    await work()
    await confirm(0.85)
  }
  clock.advance(3 * hour)
  await work()
  return { ids, withdrawn: lives.withdrawn }
}

import { createHash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { calendarOf, onlineRetail } from './calendar.ts'
import type { Deed } from './deed.ts'
import { expectedRepeats, expectedSilent, expectedSpend } from './expected.ts'
import { reactionTo } from './manners.ts'
import { populationOf } from './population.ts'
import { cdnow, drawBuyer, drawGap, drawSpend } from './purchase.ts'
import { chanceOf } from './random.ts'
import { staffOf } from './team.ts'
import { streamOf } from './stream.ts'

const start = Date.UTC(2026, 0, 5) - 8 * 3_600_000
/** A mean may miss by so many of its own standard errors: once in some 16,000 honest runs. */
const errors = 4
const meanOf = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length
const standardError = (list: readonly number[]): number => {
  const mean = meanOf(list)
  return Math.sqrt(meanOf(list.map((one) => (one - mean) ** 2)) / list.length)
}
const expectMean = (list: readonly number[], expected: number): void =>
  expect(Math.abs(meanOf(list) - expected) / standardError(list), `${meanOf(list)} for ${expected}`).toBeLessThan(
    errors,
  )

/** Repeat purchases within `weeks` weeks of the first one, straight from the model. */
const repeatsIn = (weeks: number, index: number): number => {
  const chance = chanceOf('test', index)
  const buyer = drawBuyer(cdnow, chance)
  let bought = 0
  for (let at = drawGap(cdnow, buyer, chance); at <= weeks; at += drawGap(cdnow, buyer, chance)) {
    bought += 1
    if (chance.is(buyer.dropout)) break
  }
  return bought
}

test('the closed forms: short times, a known special case, the mean', () => {
  // At first everybody buys at the mean rate.
  expect(expectedRepeats(cdnow, 1e-6) / 1e-6).toBeCloseTo(0.243 / 4.414, 5)
  // Nobody ever leaves when b is huge: then the count is the NBD's, r t / alpha.
  expect(expectedRepeats({ ...cdnow, b: 1e6 }, 39)).toBeCloseTo((0.243 * 39) / 4.414, 3)
  expect(expectedSilent(cdnow, 39)).toBeCloseTo((4.414 / 43.414) ** 0.243, 12)
  expect(expectedSpend(cdnow)).toBeCloseTo((6.25 * 15.44) / 2.74, 12)
})

test('draws of the purchase model agree with its closed forms', () => {
  const repeats = Array.from({ length: 20_000 }, (_, index) => repeatsIn(39, index))
  expectMean(repeats, expectedRepeats(cdnow, 39))
  expectMean(
    repeats.map((count) => (count === 0 ? 1 : 0)),
    expectedSilent(cdnow, 39),
  )
  const spends = Array.from({ length: 20_000 }, (_, index) => {
    const chance = chanceOf('spend', index)
    return drawSpend(cdnow, drawBuyer(cdnow, chance), chance)
  })
  expectMean(spends, expectedSpend(cdnow))
})

const cohort = populationOf({ seed: 5, customers: 3000, start, days: 400, model: cdnow, lookers: 0, mark: 't' })
const cohortDeeds = [...streamOf(cohort)]

test('what the stream brings agrees with the model: repeats, silence, spend', () => {
  const weeks = 30
  const ordered = new Map<number, { at: number; total: number }[]>()
  for (const deed of cohortDeeds)
    if (deed.kind === 'order')
      ordered.set(deed.person, [...(ordered.get(deed.person) ?? []), { at: deed.at, total: deed.total }])
  const { toWeeks } = cohort.calendar
  const whole = [...ordered.values()].filter(([first]) => first && toWeeks(first.at) + weeks <= cohort.calendar.weeks)
  const repeats = whole.map(
    (orders) => orders.filter(({ at }) => toWeeks(at) <= toWeeks(orders[0]?.at ?? 0) + weeks).length - 1,
  )
  expect(repeats.length).toBeGreaterThan(1000)
  expectMean(repeats, expectedRepeats(cdnow, weeks))
  expectMean(
    repeats.map((count) => (count === 0 ? 1 : 0)),
    expectedSilent(cdnow, weeks),
  )
  expectMean(
    [...ordered.values()].map(([first]) => first?.total ?? 0),
    expectedSpend(cdnow),
  )
})

test('orders follow hours, weekdays and months of Online Retail', () => {
  // Repeat purchases in steady time come at a falling rate; uniform points show the calendar alone.
  const days = 365
  const calendar = calendarOf(start, days)
  const points = Array.from({ length: 40_000 }, (_, i) => calendar.toMinute(((i + 0.5) / 40_000) * calendar.weeks))
  const shares = (of: (minute: number) => number, size: number): number[] =>
    Array.from({ length: size }, (_, i) => points.filter((minute) => of(minute) === i).length / points.length)
  const total = onlineRetail.hours.reduce<number>((sum, one) => sum + one, 0)
  shares((minute) => Math.floor((minute % 1440) / 60), 24).forEach((share, hour) =>
    expect(share, `hour ${hour}`).toBeCloseTo((onlineRetail.hours[hour] ?? 0) / total, 2),
  )
  const months = shares((minute) => new Date(start + (8 * 60 + minute) * 60_000).getUTCMonth(), 12)
  const invoices = onlineRetail.months.reduce<number>((sum, one) => sum + one, 0)
  months.forEach((share, month) =>
    expect(share, `month ${month}`).toBeCloseTo((onlineRetail.months[month] ?? 0) / invoices, 1),
  )
  const weekdays = shares((minute) => Math.floor(minute / 1440) % 7, 7)
  expect((weekdays[3] ?? 0) / (weekdays[6] ?? 1)).toBeCloseTo(4032 / 2169, 1)

  const hours = cohortDeeds.flatMap((deed) => (deed.kind === 'order' ? [Math.floor((deed.at % 1440) / 60)] : []))
  for (const hour of [10, 12, 15])
    expectMean(
      hours.map((one) => (one === hour ? 1 : 0)),
      (onlineRetail.hours[hour] ?? 0) / total,
    )
})

test('a calendar turns steady weeks into minutes and back', () => {
  const calendar = calendarOf(start, 365)
  expect(calendar.weeks).toBeCloseTo(52, 0)
  for (let i = 0; i < 500; i += 1) {
    const weeks = (calendar.weeks * (i + 0.3)) / 500
    expect(calendar.toWeeks(calendar.toMinute(weeks))).toBeCloseTo(weeks, 6)
  }
  expect(calendar.toMinute(calendar.weeks)).toBe(Infinity)
})

const digest = (deeds: Iterable<Deed>): string => {
  const hash = createHash('sha256')
  for (const deed of deeds) hash.update(JSON.stringify(deed))
  return hash.digest('hex')
}

test('the same seed gives the same people and deeds, on every machine', () => {
  const small = () => populationOf({ seed: 42, customers: 40, start, days: 90 })
  expect(digest(streamOf(small()))).toBe(digest(streamOf(small())))
  expect(small().person(17)).toEqual(small().person(17))
  expect(digest(streamOf(populationOf({ seed: 43, customers: 40, start, days: 90 })))).not.toBe(
    digest(streamOf(small())),
  )
  expect(digest(streamOf(small()))).toMatchInlineSnapshot(
    `"7d5560923c3e307f5abd0a16dc49f34ed2a0e306c553502a9eb3f81e2c71d034"`,
  )
})

test('deeds come in order of time, none before its person, each with an id of its own', () => {
  const ids = new Set(cohortDeeds.map(({ id }) => id))
  expect(ids.size).toBe(cohortDeeds.length)
  expect(cohortDeeds.every(({ at }, i) => at >= (cohortDeeds[i - 1]?.at ?? -Infinity))).toBe(true)
  const come = new Set<number>()
  for (const deed of cohortDeeds) {
    if (deed.kind === 'join') come.add(deed.person)
    else if (!come.has(deed.person)) expect.fail(`${deed.id} before they came`)
  }
  expect(come.size).toBe(3000)
})

test('the better the customer, the more they answer and the less they delete', () => {
  const people = Array.from({ length: 1500 }, (_, index) => cohort.person(index))
  const share = (worth: string, kind: Deed['kind']): number => {
    const of = people.filter((person) => person.worth === worth)
    return meanOf(of.map((person) => (reactionTo(cohort, person, 'm1', 600).some((one) => one.kind === kind) ? 1 : 0)))
  }
  expect(people.filter(({ worth }) => worth === 'A').length / people.length).toBeCloseTo(0.2, 1)
  expect(share('A', 'talk')).toBeGreaterThan(share('C', 'talk') + 0.1)
  expect(share('A', 'order')).toBeGreaterThan(share('C', 'order') + 0.2)
  expect(share('C', 'delete_rep')).toBeGreaterThan(0)
  const silent = people.filter((person) => reactionTo(cohort, person, 'm1', 600).length === 0)
  expect(silent.length).toBeGreaterThan(people.length / 3)
})

test('a company has the staff it needs, within WeCom’s limits', () => {
  for (const customers of [10, 900, 901, 50_000, 1_000_000]) {
    const { teams } = staffOf(customers)
    const reps = teams.flatMap((team) => team.reps.map(({ userid }) => userid))
    expect(new Set(reps).size).toBe(reps.length)
    expect(customers / reps.length).toBeLessThanOrEqual(300)
    for (const { reps: members } of teams) expect(members.length).toBeLessThanOrEqual(100)
    const names = teams.flatMap(({ channels, groups }) => [...channels, ...groups.map(({ name }) => name)])
    expect(new Set(names).size).toBe(names.length)
    expect(names.every((name) => [...name].length <= 30)).toBe(true)
  }
})

test('memory does not grow with time: a year of 5,000 customers needs what a month needs', () => {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('no gc')
  const heapAfter = (days: number): number => {
    const population = populationOf({ seed: 3, customers: 5000, start, days, model: cdnow, lookers: 0 })
    let count = 0
    let heap = 0
    for (const _deed of streamOf(population)) {
      count += 1
      if (count % 10_000 !== 0) continue
      collect()
      heap = process.memoryUsage().heapUsed
    }
    expect(count).toBeGreaterThan(15_000)
    return heap / 1e6
  }
  // The deeds of that year would take some 40 MB.
  expect(heapAfter(365)).toBeLessThan(heapAfter(30) + 8)
})

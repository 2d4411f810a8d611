import { createHash } from 'node:crypto'
import { onDay } from '@zhiyin/shared/occurrence'
import type { PushSchedule } from '@zhiyin/shared/push-plan'
import { minutesOf, momentOf, zonedTime } from '@zhiyin/shared/zone'

const minuteMs = 60_000
const dayMs = 86_400_000
/** A month's day that is a day off every time may be far away; after so many days there is none. */
const mostDays = 800
/** No run of days off is longer. */
const mostDaysOff = 20

/** Whether a day (YYYY-MM-DD) is worked, weekends that are made up for included. */
export type IsWorkday = (day: string) => boolean
/** What turns depend on beside the item: the company's zone and its calendar. */
export type Times = { readonly zone: string; readonly isWorkday: IsWorkday }

/** What decides when an item goes; `since`: nothing before it counts; `handled`: the name of the last turn that went or was skipped. */
export type Timed = {
  readonly id: string
  readonly schedule: PushSchedule
  readonly until: string | null
  readonly since: Date
  readonly handled: string | null
}

/**
 * One time of an item. `name` is its identity: the day of a repeated one, so that another time of day is no other turn; the local moment
 * of one that was named. `at` as planned, `goAt` when it really goes.
 */
export type Turn = { readonly name: string; readonly at: Date; readonly goAt: Date }

/**
 * Milliseconds a turn goes later than planned: on the full and half hour 1 to 5 minutes, else none (limits.md §2: bulk work keeps off
 * :00 and :30). The same for the same item and turn.
 */
const jitterMs = (itemId: string, name: string, minutes: number): number => {
  if (minutes % 30 !== 0) return 0
  const hash = createHash('sha256').update(`${itemId} ${name}`).digest().readUInt32BE(0)
  return minuteMs + (hash % (4 * minuteMs))
}

const turnOf = (itemId: string, name: string, at: Date, minutes: number): Turn => ({
  name,
  at,
  goAt: new Date(at.getTime() + jitterMs(itemId, name, minutes)),
})

const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
/** Days since 1970 of a name, which begins with its date. */
const dayIn = (name: string): number => Date.parse(`${name.slice(0, 10)}T00:00:00Z`) / dayMs

type Repeated = Extract<PushSchedule, { type: 'repeated' }>

const falls = (schedule: Repeated, day: number, isWorkday: IsWorkday): boolean => {
  if (schedule.days === 'any') return onDay(schedule, day)
  if (!isWorkday(dateOf(day))) return false
  if (onDay(schedule, day)) return true
  if (schedule.days === 'workdays') return false
  // Put off from the days off right before it.
  for (let back = 1; back <= mostDaysOff && !isWorkday(dateOf(day - back)); back += 1)
    if (onDay(schedule, day - back)) return true
  return false
}

function* repeated(item: Timed, schedule: Repeated, { zone, isWorkday }: Times): Generator<Turn> {
  const from = Math.max(zonedTime(item.since, zone).day, item.handled === null ? 0 : dayIn(item.handled))
  const last = item.until === null ? from + mostDays : Math.min(dayIn(item.until), from + mostDays)
  const minutes = minutesOf(schedule.at)
  for (let day = from; day <= last; day += 1) {
    if (!falls(schedule, day, isWorkday)) continue
    yield turnOf(item.id, dateOf(day), momentOf(day, minutes, zone), minutes)
  }
}

function* named(item: Timed, moments: readonly string[], { zone }: Times): Generator<Turn> {
  const sorted = [...new Set(moments.map((at) => Date.parse(at)))].sort((a, b) => a - b)
  for (const ms of sorted) {
    const { date, clock, minutes } = zonedTime(new Date(ms), zone)
    yield turnOf(item.id, `${date}T${clock}`, new Date(ms), minutes)
  }
}

/** The turns of an item that count and have not been handled, one after the other, past ones too. */
export function* turnsOf(item: Timed, times: Times): Generator<Turn> {
  const { schedule } = item
  const all = schedule.type === 'dates' ? named(item, schedule.at, times) : repeated(item, schedule, times)
  for (const turn of all)
    if (turn.goAt.getTime() > item.since.getTime() && (item.handled === null || turn.name > item.handled)) yield turn
}

/** The next one; null: none is to come. */
export const nextTurn = (item: Timed, times: Times): Turn | null => turnsOf(item, times).next().value ?? null

/** Those that go at a moment or before. */
export const turnsUntil = (item: Timed, until: Date, times: Times): Turn[] => {
  const found: Turn[] = []
  for (const turn of turnsOf(item, times)) {
    if (turn.goAt.getTime() > until.getTime()) return found
    found.push(turn)
  }
  return found
}

/** The first so many. */
export const firstTurns = (item: Timed, count: number, times: Times): Turn[] => {
  const found: Turn[] = []
  for (const turn of turnsOf(item, times)) {
    if (found.length === count) break
    found.push(turn)
  }
  return found
}

const turnNamed = (item: Timed, name: string, times: Times): Turn | null => {
  const near = { ...item, since: new Date((dayIn(name) - 2) * dayMs) }
  for (const turn of turnsOf(near, times)) {
    if (turn.name === name) return turn
    if (turn.name > name) return null
  }
  return null
}

/**
 * From when the turns of a changed item count: from now, except that the turn which was to come next and is still on that day keeps its
 * promise, also when its new time has just passed.
 */
export const sinceChanged = (was: Timed, changed: Timed, now: Date, times: Times): Date => {
  const pending = nextTurn(was, times)
  const kept = pending === null ? null : turnNamed({ ...changed, handled: was.handled }, pending.name, times)
  return kept === null ? now : new Date(Math.min(now.getTime(), kept.goAt.getTime() - 1))
}

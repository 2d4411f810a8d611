import { minutesOf, momentOf, zonedTime } from './zone.ts'

/** At HH:MM of a zone, every day or on the weekdays (1 = Monday) and days of the month named; a day the month does not have is its last. */
export type Schedule = {
  readonly at: string
  readonly weekdays: readonly number[]
  readonly monthdays?: readonly number[]
}
/** A time of a schedule; `name` (local date and time) is its identity. */
export type Occurrence = { readonly at: Date; readonly name: string }

const dayMs = 86_400_000
/** A month and its longest neighbours. */
const mostDays = 62

const inMonth = (monthdays: readonly number[], day: number): boolean => {
  const date = new Date(day * dayMs)
  const of = date.getUTCDate()
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  return monthdays.some((wanted) => Math.min(wanted, last) === of)
}

export const onDay = ({ weekdays, monthdays = [] }: Schedule, day: number): boolean =>
  (weekdays.length === 0 && monthdays.length === 0) ||
  weekdays.includes(((((day + 3) % 7) + 7) % 7) + 1) ||
  inMonth(monthdays, day)

const occurrenceOf = ({ at }: Schedule, day: number, zone: string): Occurrence => {
  const moment = momentOf(day, minutesOf(at), zone)
  const { date, clock } = zonedTime(moment, zone)
  return { at: moment, name: `${date}T${clock}` }
}

/** The first occurrence after a moment, by the zone's clocks. */
export const nextOccurrence = (schedule: Schedule, after: Date, zone: string): Occurrence => {
  const { day } = zonedTime(after, zone)
  for (let ahead = 0; ahead <= mostDays; ahead += 1) {
    if (!onDay(schedule, day + ahead)) continue
    const occurrence = occurrenceOf(schedule, day + ahead, zone)
    if (occurrence.at.getTime() > after.getTime()) return occurrence
  }
  throw new Error('A schedule without days has no next occurrence')
}

/** The last occurrence at or before a moment: after a long halt only that one is made up for. */
export const lastOccurrence = (schedule: Schedule, upTo: Date, zone: string): Occurrence => {
  const { day } = zonedTime(upTo, zone)
  for (let back = 0; back <= mostDays; back += 1) {
    if (!onDay(schedule, day - back)) continue
    const occurrence = occurrenceOf(schedule, day - back, zone)
    if (occurrence.at.getTime() <= upTo.getTime()) return occurrence
  }
  throw new Error('A schedule without days has no last occurrence')
}

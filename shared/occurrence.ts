import { minutesOf, momentOf, zonedTime } from './zone.ts'

/** Every day, or on the weekdays named (1 = Monday), at HH:MM of the company's zone. */
type Schedule = { readonly at: string; readonly weekdays: readonly number[] }
/** A time of a schedule; `name` (local date and time) is its identity. */
export type Occurrence = { readonly at: Date; readonly name: string }

const onDay = ({ weekdays }: Schedule, day: number): boolean =>
  weekdays.length === 0 || weekdays.includes(((((day + 3) % 7) + 7) % 7) + 1)

const occurrenceOf = ({ at }: Schedule, day: number, zone: string): Occurrence => {
  const moment = momentOf(day, minutesOf(at), zone)
  const { date, clock } = zonedTime(moment, zone)
  return { at: moment, name: `${date}T${clock}` }
}

/** The first occurrence after a moment, by the zone's clocks. */
export const nextOccurrence = (schedule: Schedule, after: Date, zone: string): Occurrence => {
  const { day } = zonedTime(after, zone)
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    if (!onDay(schedule, day + ahead)) continue
    const occurrence = occurrenceOf(schedule, day + ahead, zone)
    if (occurrence.at.getTime() > after.getTime()) return occurrence
  }
  throw new Error('A schedule without days has no next occurrence')
}

/** The last occurrence at or before a moment: after a long halt only that one is made up for. */
export const lastOccurrence = (schedule: Schedule, upTo: Date, zone: string): Occurrence => {
  const { day } = zonedTime(upTo, zone)
  for (let back = 0; back <= 8; back += 1) {
    if (!onDay(schedule, day - back)) continue
    const occurrence = occurrenceOf(schedule, day - back, zone)
    if (occurrence.at.getTime() <= upTo.getTime()) return occurrence
  }
  throw new Error('A schedule without days has no last occurrence')
}

import { z } from 'zod'
import type { SendDays } from './intent.ts'
import { minutesOf, momentOf, zonedTime } from './zone.ts'

/** A day of the calendar, as YYYY-MM-DD. */
export const Day = z.iso.date()
export const dayNames = 60

/** Why a day is what it is: the holidays the state announces, the company's own word, or the day of the week. */
export const daySources = ['holidays', 'company', 'week'] as const

/** One day: whether people work, what it is called (null: nothing), and who says so. */
export const CalendarDay = z.object({
  day: Day,
  work: z.boolean(),
  name: z.string().nullable(),
  nameEn: z.string().nullable(),
  source: z.enum(daySources),
})
export type CalendarDay = z.infer<typeof CalendarDay>

/** What a company says of one day, in place of what the holidays or the week say. */
export const CompanyDay = z.object({ work: z.boolean(), name: z.string().trim().min(1).max(dayNames) })
export type CompanyDay = z.infer<typeof CompanyDay>

/** Hours of the day, HH:MM in the company's zone; `from` inclusive, `to` exclusive, over midnight when from > to. */
export type Hours = { readonly from: string; readonly to: string }

/** Whether people work on a day (YYYY-MM-DD). */
export type IsWorkday = (day: string) => boolean

/** Whether `now` lies in the quiet hours, and when they end. Equal ends mean no quiet hours. */
export const quietUntil = (now: Date, hours: Hours | null, zone: string): Date | null => {
  if (hours === null) return null
  const from = minutesOf(hours.from)
  const to = minutesOf(hours.to)
  const { day, minutes } = zonedTime(now, zone)
  const overnight = from > to
  const quiet = overnight ? minutes >= from || minutes < to : minutes >= from && minutes < to
  if (!quiet) return null
  return momentOf(overnight && minutes >= from ? day + 1 : day, to, zone)
}

/** When something may go out: not in the quiet hours, and only on such days. */
export type When = {
  readonly quiet: Hours | null
  readonly days: SendDays
  readonly isWorkday: IsWorkday
  readonly zone: string
}

/** Looked ahead so many days; a calendar with longer holidays has nothing to say. */
const horizonDays = 400

export const isDayFor = (date: string, { days, isWorkday }: Pick<When, 'days' | 'isWorkday'>): boolean =>
  days === 'any' || isWorkday(date) === (days === 'workdays')

/** The first moment, not before `from`, that the hours and the days allow; null where there is none within 400 days. */
export const nextMoment = (from: Date, when: When): Date | null => {
  const { quiet, zone } = when
  const last = zonedTime(from, zone).day + horizonDays
  let at = from
  for (;;) {
    const { day, date } = zonedTime(at, zone)
    if (day > last) return null
    const quietEnd = quietUntil(at, quiet, zone)
    if (!isDayFor(date, when)) at = momentOf(day + 1, 0, zone)
    else if (quietEnd !== null) at = quietEnd
    else return at
  }
}

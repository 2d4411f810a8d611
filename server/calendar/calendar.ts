import type { CalendarDay, CompanyDay } from '@zhiyin/shared/calendar'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { companyDayModel } from './days.model.ts'
import { holidayOf, isWeekday, lastAnnouncedYear } from './holidays.ts'

/** How old the company's days may be; every process sees a change within this. */
const keptMs = 2_000
const dayMs = 86_400_000

type Deps = { mongo: Mongo; clock: Clock; log: Log }
type Days = ReadonlyMap<string, CompanyDay>

/** All days of a year, YYYY-MM-DD. */
const daysOf = (year: number): string[] => {
  const days: string[] = []
  for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += dayMs)
    days.push(new Date(ms).toISOString().slice(0, 10))
  return days
}

/**
 * On which days people work: the company's own word, else the holidays the state announced, else the week. `isWorkday` answers at once
 * from what this process knows; `refresh` brings in what others have changed since, and is asked before decisions.
 */
export const createCalendar = ({ mongo, clock, log }: Deps) => {
  const model = companyDayModel(mongo.connection)
  let known: Days = new Map()
  let readAt: number | null = null
  let reading: Promise<void> | null = null

  const read = async (): Promise<void> => {
    const at = clock.now()
    const found = await model.find().lean()
    known = new Map(found.map(({ _id, work, name }) => [_id, { work, name }]))
    readAt = at
  }
  /** Joins a reading under way; one that begins later sees what was written before it was asked for. */
  const load = (): Promise<void> =>
    (reading ??= read().finally(() => {
      reading = null
    }))
  const isOld = (): boolean => readAt === null || Math.abs(clock.now() - readAt) >= keptMs
  const refresh = async (): Promise<void> => (isOld() ? load() : undefined)

  const dayOf = (day: string): CalendarDay => {
    const company = known.get(day)
    if (company !== undefined) return { day, ...company, nameEn: null, source: 'company' }
    const holiday = holidayOf(day)
    if (holiday !== null) return { day, ...holiday, source: 'holidays' }
    return { day, work: isWeekday(day), name: null, nameEn: null, source: 'week' }
  }

  return {
    refresh,

    /** `day`: YYYY-MM-DD. Never waits; what it knows is brought up to date beside it. */
    isWorkday(day: string): boolean {
      if (isOld())
        load().catch((error: unknown) =>
          log.warn({ err: error }, 'the company’s days cannot be read; again at the next look'),
        )
      return dayOf(day).work
    },

    /** Every day of a year with the reason for what it is, and the last year whose holidays are known. */
    async year(year: number): Promise<{ days: CalendarDay[]; announcedUntil: number }> {
      await load()
      return { days: daysOf(year).map(dayOf), announcedUntil: lastAnnouncedYear() }
    },

    /** What the company says of a day from now on; answers what it said before, null: nothing. */
    async set(day: string, { work, name }: CompanyDay, by: string): Promise<CompanyDay | null> {
      const set = { work, name, by, updatedAt: clock.date() }
      const before = await model.findByIdAndUpdate(day, { $set: set }, { upsert: true }).lean()
      await read()
      return before === null ? null : { work: before.work, name: before.name }
    },

    /** The company has nothing to say of a day any more; answers what it said before. */
    async unset(day: string): Promise<CompanyDay | null> {
      const before = await model.findByIdAndDelete(day).lean()
      await read()
      return before === null ? null : { work: before.work, name: before.name }
    },
  }
}

export type Calendar = ReturnType<typeof createCalendar>

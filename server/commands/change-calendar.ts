import type { CompanyDay } from '@zhiyin/shared/calendar'
import type { Audit } from '../audit/audit.ts'
import type { Calendar } from '../calendar/read.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import { notFound } from '../platform/errors.ts'

type Deps = { calendar: Pick<Calendar, 'set' | 'unset'>; audit: Audit }

/** A manager says of a day (YYYY-MM-DD) whether the company works, or (`to` null) leaves it to the holidays again. Throws not_found. */
export const changeCalendar =
  ({ calendar, audit }: Deps) =>
  async (actor: SignedIn, day: string, to: CompanyDay | null): Promise<void> => {
    const before = to === null ? await calendar.unset(day) : await calendar.set(day, to, nameOf(actor))
    if (to === null && before === null) throw notFound('day', day)
    const act = to === null ? 'calendar.day_unset' : 'calendar.day_set'
    await audit.record({ actor, act, subject: 'settings:calendar', detail: { day, before, after: to } })
  }

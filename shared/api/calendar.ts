import { z } from 'zod'
import { CalendarDay, CompanyDay, Day } from '../calendar.ts'
import { endpoint, none, Ok } from './endpoint.ts'

const DayParams = z.object({ day: Day })

export const calendar = {
  /** `announcedUntil`: the last year whose holidays the State Council had announced when this version was made. */
  year: endpoint({
    method: 'GET',
    path: '/api/calendar',
    permission: 'manager',
    summary: 'Working days and days off of a year, each with the reason',
    params: none,
    query: z.object({ year: z.coerce.number().int().min(2004).max(2100) }),
    body: none,
    output: z.object({ year: z.int(), days: z.array(CalendarDay), announcedUntil: z.int() }),
  }),
  setDay: endpoint({
    method: 'PUT',
    path: '/api/calendar/:day',
    permission: 'manager',
    summary: 'Say that the company works or does not work on a day',
    params: DayParams,
    query: none,
    body: CompanyDay,
    output: Ok,
  }),
  unsetDay: endpoint({
    method: 'DELETE',
    path: '/api/calendar/:day',
    permission: 'manager',
    summary: 'Leave a day to the holidays and the week again',
    params: DayParams,
    query: none,
    body: none,
    output: Ok,
  }),
}

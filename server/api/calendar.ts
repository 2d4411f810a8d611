import { calendar as endpoints } from '@zhiyin/shared/api/calendar'
import type { Audit } from '../audit/audit.ts'
import type { Calendar } from '../calendar/read.ts'
import { changeCalendar } from '../commands/change-calendar.ts'
import { bind, type Bound } from './bind.ts'

type Deps = { calendar: Calendar; audit: Audit }

export const calendarApi = ({ calendar, audit }: Deps): Bound[] => {
  const change = changeCalendar({ calendar, audit })
  return [
    bind(endpoints.year, async ({ query: { year } }) => ({ year, ...(await calendar.year(year)) })),
    bind(endpoints.setDay, async ({ actor, params, body }) => {
      await change(actor, params.day, body)
      return { ok: true as const }
    }),
    bind(endpoints.unsetDay, async ({ actor, params }) => {
      await change(actor, params.day, null)
      return { ok: true as const }
    }),
  ]
}

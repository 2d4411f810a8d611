import type { SendDays } from '@zhiyin/shared/intent'
import type { PushItemDoc } from './push-plans.model.ts'
import { nextTurn, type Times } from './push-turns.ts'

/** The company may change its calendar: a plan that keeps to working days is aimed anew this often. */
const calendarMs = 6 * 3_600_000

const keepsToCalendar = ({ schedule }: Pick<PushItemDoc, 'schedule'>): boolean =>
  schedule.type === 'repeated' && schedule.days !== 'any'

/** The days the messages of a line may go out on: what is put back overnight keeps to its working days, too. */
export const daysOf = (line: Pick<PushItemDoc, 'schedule'>): { days?: SendDays } =>
  keepsToCalendar(line) ? { days: 'workdays' } : {}

type Aimed = { items: PushItemDoc[]; lookAt?: Date }

/** What has to be written of a plan: when each of its lines goes next, and when to look. */
export const aimed = (
  { on, items }: { on: boolean; items: readonly PushItemDoc[] },
  now: Date,
  times: Times,
): { set: Aimed; unset: { $unset?: { lookAt: 1 } } } => {
  const next = items.map((item) => ({
    ...item,
    nextAt: on && item.problem === null ? (nextTurn(item, times)?.goAt ?? null) : null,
  }))
  const looks = next.flatMap((item) => {
    if (item.nextAt === null) return []
    const look = item.nextAt.getTime()
    return keepsToCalendar(item) ? Math.min(look, now.getTime() + calendarMs) : look
  })
  return looks.length === 0
    ? { set: { items: next }, unset: { $unset: { lookAt: 1 } } }
    : { set: { items: next, lookAt: new Date(Math.min(...looks)) }, unset: {} }
}

import { nextMoment, quietUntil, type IsWorkday } from '@zhiyin/shared/calendar'
import { because, type Because } from '@zhiyin/shared/because'
import type { SendDays } from '@zhiyin/shared/intent'
import { zonedTime } from '@zhiyin/shared/zone'
import type { QuietHours } from './intents.model.ts'

type Held = { readonly hours: QuietHours | null; readonly days: SendDays; readonly zone: string }

/** Why something does not go out before `until`: the quiet hours of this night, or the days it is for. */
export const heldBecause = (now: Date, until: Date, { hours, days, zone }: Held): Because => {
  const end = quietUntil(now, hours, zone)
  if (hours !== null && end?.getTime() === until.getTime())
    return because('block.quiet_hours', { from: hours.from, to: hours.to, until: zonedTime(until, zone).clock })
  return because('block.days', { days, until: until.getTime() })
}

/** The first moment that quiet hours and days allow, each question worked out once. */
export const createAllowed = (isWorkday: IsWorkday, zone: string) => {
  const moments = new Map<string, Date | null>()
  return (from: Date, quiet: QuietHours | null, days: SendDays): Date | null => {
    const key = `${from.getTime()} ${quiet?.from} ${quiet?.to} ${days}`
    const had = moments.get(key)
    if (had !== undefined) return had
    const next = nextMoment(from, { quiet, days, isWorkday, zone })
    moments.set(key, next)
    return next
  }
}

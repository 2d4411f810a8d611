import { because, type Because } from '@zhiyin/shared/because'
import { minutesOf, momentOf, zonedTime } from '@zhiyin/shared/zone'
import type { QuietHours } from './intents.model.ts'

/**
 * Whether `now` lies in the quiet hours (from inclusive, to exclusive, over midnight when from > to) of the zone, and when they end.
 * Equal ends mean no quiet hours.
 */
export const quietUntil = (now: Date, hours: QuietHours | null, zone: string): Date | null => {
  if (hours === null) return null
  const from = minutesOf(hours.from)
  const to = minutesOf(hours.to)
  const { day, minutes } = zonedTime(now, zone)
  const overnight = from > to
  const quiet = overnight ? minutes >= from || minutes < to : minutes >= from && minutes < to
  if (!quiet) return null
  return momentOf(overnight && minutes >= from ? day + 1 : day, to, zone)
}

export const quietBecause = (hours: QuietHours, until: Date, zone: string): Because =>
  because('block.quiet_hours', { from: hours.from, to: hours.to, until: zonedTime(until, zone).clock })

/** A moment as the clocks of a time zone show it. `day` counts whole local days since 1970-01-01. */
export type ZonedTime = { day: number; minutes: number; weekday: number; date: string; clock: string }

const dayMs = 86_400_000
const minuteMs = 60_000
const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const had = formats.get(zone)
  if (had !== undefined) return had
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** Local time as if it were UTC, in ms. */
const localMs = (at: Date, zone: string): number => {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = Number(value)
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** Minutes since midnight of an HH:MM. */
export const minutesOf = (clock: string): number => {
  const [hours = '0', minutes = '0'] = clock.split(':')
  return Number(hours) * 60 + Number(minutes)
}

/** What the zone's clocks show; `weekday` 1 = Monday … 7 = Sunday. */
export const zonedTime = (at: Date, zone: string): ZonedTime => {
  const ms = localMs(at, zone)
  const iso = new Date(ms).toISOString()
  const day = Math.floor(ms / dayMs)
  return {
    day,
    minutes: Math.floor((ms - day * dayMs) / minuteMs),
    // 1970-01-01 was a Thursday.
    weekday: ((((day + 3) % 7) + 7) % 7) + 1,
    date: iso.slice(0, 10),
    clock: iso.slice(11, 16),
  }
}

/** The moment at which the zone's clocks show `minutes` past midnight of local day `day` (a gap of summer time: right after it). */
export const momentOf = (day: number, minutes: number, zone: string): Date => {
  const wanted = day * dayMs + minutes * minuteMs
  const first = wanted - (localMs(new Date(wanted), zone) - wanted)
  const shown = localMs(new Date(first), zone)
  if (shown === wanted) return new Date(first)
  const second = first - (shown - wanted)
  return new Date(localMs(new Date(second), zone) === wanted ? second : Math.max(first, second))
}

/** The day so many days after another, both as YYYY-MM-DD. */
export const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** The moment at which a day (YYYY-MM-DD), or the one so many days later, begins in the zone. */
export const dayStart = (date: string, zone: string, later = 0): Date =>
  momentOf(Date.parse(`${date}T00:00:00Z`) / dayMs + later, 0, zone)

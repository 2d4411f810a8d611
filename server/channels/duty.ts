import type { Shift } from '@zhiyin/shared/api/channels'
import { minutesOf, momentOf, zonedTime } from '@zhiyin/shared/zone'

const dayMinutes = 1440
/** A weekly plan repeats; what does not change within eight days never does. */
const aheadDays = 8

/** One occurrence of a shift: from, inclusive, to, exclusive. */
type Turn = { readonly from: Date; readonly to: Date; readonly userids: readonly string[] }

// 1970-01-01 was a Thursday.
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

/** The turns that begin on a local day. Moments, not clock readings: a day with 23 or 25 hours has no turn twice. */
const turnsOf = (shifts: readonly Shift[], day: number, zone: string): Turn[] =>
  shifts
    .filter(({ weekdays }) => weekdays.includes(weekdayOf(day)))
    .map(({ from, to, userids }) => {
      const [begin, end] = [minutesOf(from), minutesOf(to)]
      return {
        from: momentOf(day, begin, zone),
        to: momentOf(day, end > begin ? end : end + dayMinutes, zone),
        userids,
      }
    })

const at = (turns: readonly Turn[], moment: Date): string[] => [
  ...new Set(turns.filter(({ from, to }) => from <= moment && moment < to).flatMap(({ userids }) => userids)),
]

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((userid) => b.includes(userid))

/**
 * Who is on duty at a moment by the shifts of a weekly plan in the company's zone, and the next moment at which somebody else is
 * (null: never).
 */
export const dutyAt = (
  shifts: readonly Shift[],
  moment: Date,
  zone: string,
): { readonly userids: string[]; readonly until: Date | null } => {
  const today = zonedTime(moment, zone).day
  let turns = [-1, 0, 1].flatMap((offset) => turnsOf(shifts, today + offset, zone))
  const now = at(turns, moment)
  for (let ahead = 1; ahead <= aheadDays; ahead += 1) {
    // Turns of the next day are known already, so what begins or ends before it is over is known whole.
    const horizon = momentOf(today + ahead, 0, zone)
    const edges = turns
      .flatMap(({ from, to }) => [from, to])
      .filter((edge) => edge > moment && edge < horizon)
      .sort((a, b) => a.getTime() - b.getTime())
    const until = edges.find((edge) => !same(at(turns, edge), now))
    if (until !== undefined) return { userids: now, until }
    turns = [...turns, ...turnsOf(shifts, today + ahead + 1, zone)]
  }
  return { userids: now, until: null }
}

/** The local day of a moment as 2026-11-23. */
export const dayOf = (moment: Date, zone: string): string => zonedTime(moment, zone).date

/** When the local day of a moment ends. */
export const midnightAfter = (moment: Date, zone: string): Date => momentOf(zonedTime(moment, zone).day + 1, 0, zone)

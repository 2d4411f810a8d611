import type { StepOf } from '@zhiyin/shared/rule'
import { minutesOf, momentOf, zonedTime } from '@zhiyin/shared/zone'

const hourMs = 3_600_000
const mostDays = 60

/** When a wait that begins at a moment is over. */
export type WaitEnd = (step: Pick<StepOf<'wait'>, 'hours' | 'at' | 'workdays'>, now: Date) => Date

/** `isWorkday`: of a day (YYYY-MM-DD) of the zone, by the calendar the company keeps. */
export const createWaitEnd =
  (zone: string, isWorkday: (day: string) => boolean): WaitEnd =>
  ({ hours, at, workdays }, now) => {
    const earliest = new Date(now.getTime() + hours * hourMs)
    if (at === undefined && workdays !== true) return earliest
    const { day, minutes } = zonedTime(earliest, zone)
    const wanted = at === undefined ? minutes : minutesOf(at)
    const first = wanted < minutes ? day + 1 : day
    for (let ahead = 0; ahead < mostDays; ahead += 1) {
      const moment = momentOf(first + ahead, wanted, zone)
      if (workdays === true && !isWorkday(zonedTime(moment, zone).date)) continue
      return moment.getTime() < earliest.getTime() ? earliest : moment
    }
    return earliest
  }

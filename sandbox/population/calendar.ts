const day = 1440
const shanghaiMs = 8 * 3_600_000

/**
 * How purchases lie over day, week and year: invoices (18,532: with a customer, not cancelled, quantity and price above 0) of the UCI
 * Online Retail set, 2010-12-01 to 2011-12-09 (Chen, Sain, Guo 2012; CC BY 4.0), counted by their first line.
 */
export const onlineRetail = {
  /** By hour of day from 0. */
  hours: [0, 0, 0, 0, 0, 0, 1, 29, 555, 1393, 2226, 2277, 3129, 2636, 2274, 2037, 1100, 544, 169, 144, 18, 0, 0, 0],
  /** From Monday. The shop booked nothing on a Saturday. */
  weekdays: [2863, 3184, 3455, 4032, 2829, 0, 2169],
  /** From January: 2011, for December 2010, the last one that is whole. */
  months: [987, 997, 1321, 1149, 1555, 1393, 1331, 1280, 1755, 1929, 2657, 1400],
} as const
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length
const relative = (list: readonly number[]): readonly number[] => list.map((one) => one / mean(list))

/** A Saturday is as busy as the days around it: our shops are open then. */
const weekdays = relative(
  onlineRetail.weekdays.map((count, i, all) => (i === 5 ? ((all[4] ?? 0) + (all[6] ?? 0)) / 2 : count)),
)
const months = relative(onlineRetail.months.map((count, i) => count / (monthDays[i] ?? 30)))
const hours = relative(onlineRetail.hours)

/** Share of the day's purchases before each hour. */
const before = hours.map((_, hour) => hours.slice(0, hour).reduce((sum, one) => sum + one, 0) / 24)

/** Share of a day's purchases that are made up to this minute. */
const shareUpTo = (minute: number): number => {
  const hour = Math.min(23, Math.floor(minute / 60))
  return (before[hour] ?? 0) + ((minute / 60 - hour) * (hours[hour] ?? 0)) / 24
}
const minuteAtShare = (share: number): number => {
  const hour = Math.max(
    0,
    before.findLastIndex((one, at) => one <= share && (hours[at] ?? 0) > 0),
  )
  return Math.min(day - 0.01, (hour + ((share - (before[hour] ?? 0)) * 24) / (hours[hour] ?? 1)) * 60)
}

/**
 * Turns steady time, in which somebody's rate never changes (weeks), into the minutes of a calendar with seasons, weekdays and hours.
 * A steady week lasts as long as the average week of a year. Beyond the last day time stands still at Infinity.
 */
export type Calendar = { readonly weeks: number; toWeeks(minute: number): number; toMinute(weeks: number): number }

/** `start`: midnight of the first day in Shanghai, epoch ms. Minutes count from there. */
export const calendarOf = (start: number, days: number): Calendar => {
  const upTo = new Float64Array(days + 1)
  for (let n = 0; n < days; n += 1) {
    const date = new Date(start + shanghaiMs + n * day * 60_000)
    const weight = (months[date.getUTCMonth()] ?? 1) * (weekdays[(date.getUTCDay() + 6) % 7] ?? 1)
    upTo[n + 1] = (upTo[n] ?? 0) + weight / 7
  }
  const at = (n: number): number => upTo[n] ?? Infinity
  const weeks = at(days)

  const dayAt = (steady: number): number => {
    let [low, high] = [0, days - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (at(middle) <= steady) low = middle
      else high = middle - 1
    }
    return low
  }

  return {
    weeks,
    toWeeks(minute) {
      const n = Math.min(days - 1, Math.max(0, Math.floor(minute / day)))
      return at(n) + (at(n + 1) - at(n)) * shareUpTo(Math.min(day, Math.max(0, minute - n * day)))
    },
    toMinute(steady) {
      if (steady >= weeks) return Infinity
      const n = dayAt(steady)
      return n * day + minuteAtShare((steady - at(n)) / (at(n + 1) - at(n)))
    },
  }
}

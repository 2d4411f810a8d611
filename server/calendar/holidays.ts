// It is CommonJS: node knows its default export alone.
import chineseDays from 'chinese-days'

/** A day as the state announces it: a holiday, a day off in lieu, or a weekend day that is worked instead. */
export type Holiday = { readonly work: boolean; readonly name: string; readonly nameEn: string }

const firstYear = 2004
const maxYears = 60

/** What the announcements of the State Council say of a day (YYYY-MM-DD), kept by `chinese-days`; null: nothing, the week decides. */
export const holidayOf = (day: string): Holiday | null => {
  const { work, name: names } = chineseDays.getDayDetail(day)
  // An announced day is named “National Day,国庆节,3”; any other by its weekday.
  const [nameEn, name] = names.split(',')
  return nameEn === undefined || name === undefined ? null : { work, name, nameEn }
}

const isAnnounced = (year: number): boolean =>
  holidayOf(`${year}-10-01`) !== null && holidayOf(`${year}-05-01`) !== null

/** The last year the kept announcements cover; they come each November for the next year. */
export const lastAnnouncedYear = (): number => {
  let year = firstYear
  while (year < firstYear + maxYears && isAnnounced(year + 1)) year += 1
  return year
}

/** Whether people work on a day by the week alone: Monday to Friday. */
export const isWeekday = (day: string): boolean => new Date(`${day}T00:00:00Z`).getUTCDay() % 6 !== 0

import { populationOf, type Population } from '../population/population.ts'
import type { Pages } from './book.ts'
import { starOf } from './star.ts'

export const daysOf = ({ months }: Pick<Pages, 'months'>): number => months * 30

/** The demo company's customers: most of them came in its first weeks, 林晓雯 first of all. A day more for today. */
export const demoPeople = ({ seed, customers, start, mark, months }: Pages): Population => {
  const days = daysOf({ months })
  return populationOf({ seed, customers, start, days: days + 1, rush: 2.5, mark }, starOf(days))
}

/** Who comes after the history, one after another. */
export const newcomersOf = ({ seed, customers, start, months }: Pages): Population =>
  populationOf({ seed: seed + 1, customers, start, days: daysOf({ months }), mark: 'new' })

import type { Histogram } from '@zhiyin/shared/api/tiers'
import { quantile } from './quantiles.ts'
import type { Summary } from './summary.ts'

const mostBars = 48

/** 1, 2 or 5 times a power of ten, at least `least`, so that `mostBars` steps reach `most`. */
const niceStep = (most: number, least: number): number => {
  const wanted = Math.max(least, most / mostBars)
  const power = 10 ** Math.floor(Math.log10(wanted))
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= wanted) ?? wanted
}

const histogramOf = (column: Float64Array, least: number): Histogram => {
  const sorted = column.slice().sort()
  // The few far ones would press everybody else into the first bar.
  const most = sorted.length === 0 ? 0 : quantile(sorted, 0.98) * 1.05
  const step = niceStep(most, least)
  const counts = Array.from({ length: Math.min(mostBars, Math.floor(most / step) + 1) }, () => 0)
  let over = 0
  for (const value of column) {
    const bar = Math.floor(value / step)
    const count = counts[bar]
    if (count === undefined) over += 1
    else counts[bar] = count + 1
  }
  return { step, counts, over }
}

export const histogramsOf = ({ days, orders, spend, average }: Summary) => ({
  days: histogramOf(days, 1),
  orders: histogramOf(orders, 1),
  // Whole yuan.
  spend: histogramOf(spend, 100),
  average: histogramOf(average, 100),
})
export type Histograms = ReturnType<typeof histogramsOf>

import { join } from 'node:path'
import { linesIn } from './csv.ts'
import type { CustomerRecord } from './product.ts'
import { dayMs, zoneMs } from './zone.ts'

const end = Date.UTC(1997, 8, 30) / dayMs
const weeks = (days: number): string => (days / 7).toFixed(2)

/** Days with purchases behind the first, weeks to the last of them, weeks to the end of the period; by the orders the profile holds. */
const summaryOf = ({ state }: CustomerRecord): string => {
  const days = state.orders.map(({ placed }) => Math.floor((placed.at.getTime() + zoneMs) / dayMs))
  const inside = [...new Set(days.filter((day) => day <= end))].toSorted((a, b) => a - b)
  const first = inside[0] ?? 0
  return `${inside.length - 1} ${weeks((inside.at(-1) ?? 0) - first)} ${weeks(end - first)}`
}

/** Fader, Hardie & Lee (2005): frequency, recency and T of the tenth of the customers, calibration 1997-01-01 to 1997-09-30. */
export const cdnowSummary = (folder: string, customers: ReadonlyMap<string, CustomerRecord>) => {
  const ids = new Map(
    linesIn(join(folder, 'cdnow', 'CDNOW_sample.txt')).map((line) => {
      const [master = '', sample = ''] = line.trim().split(/\s+/)
      return [String(Number(sample)), master]
    }),
  )
  const expected = new Map<string, string>()
  const found = new Map<string, string>()
  for (const line of linesIn(join(folder, 'cdnow', 'cdnow_customers_summary.csv')).slice(1)) {
    const [id = '', x = '', last = '', t = ''] = line.split(',')
    const master = ids.get(id) ?? id
    expected.set(master, `${Number(x)} ${Number(last).toFixed(2)} ${Number(t).toFixed(2)}`)
    const one = customers.get(master)
    if (one !== undefined) found.set(master, summaryOf(one))
  }
  return { expected, found }
}

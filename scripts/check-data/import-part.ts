import { loadavg } from 'node:os'
import type { Import } from '@zhiyin/shared/api/imports'
import { problemTexts } from '@zhiyin/shared/cleaning'
import type { Checks } from './checks.ts'
import { startProduct, type CustomerRecord, type Product } from './product.ts'
import { cellsOf } from './csv.ts'
import type { DataSet, Raw } from './sets.ts'
import { cdnowSummary } from './cdnow-summary.ts'
import { zoneMs } from './zone.ts'

/** What the file says of each customer: orders, what they come to, the first and the last. */
const expectedOf = ({ orders }: Raw, currency: string): Map<string, string> => {
  const found = new Map<string, number[]>()
  for (const { customer, at, amount } of orders) {
    const [n = 0, sum = 0, first = Infinity, last = 0] = found.get(customer) ?? []
    found.set(customer, [n + 1, sum + amount, Math.min(first, at - zoneMs), Math.max(last, at - zoneMs)])
  }
  return new Map([...found].map(([customer, figures]) => [customer, [...figures, currency].join(' ')]))
}

const foundOf = (customers: ReadonlyMap<string, CustomerRecord>): Map<string, string> =>
  new Map(
    [...customers].map(([customer, { orders, state }]) => {
      const placed = state.orders.map((order) => order.placed)
      const times = placed.map(({ at }) => at.getTime())
      const sum = placed.reduce((total, { amount }) => total + amount, 0)
      const currencies = [...new Set(placed.map(({ currency = 'CNY' }) => currency))]
      return [customer, [orders, sum, Math.min(...times), Math.max(...times), ...currencies].join(' ')]
    }),
  )

/** How many rows of the file of refused rows give which reason; a row may have several. */
const reasonsIn = (csv: string): Record<string, number> => {
  const reasons: Record<string, number> = {}
  // What the text of a problem says whatever the value is.
  const said = Object.entries(problemTexts).map(([code, { en }]): [string, string] => [
    code,
    en.split(/\{\w+\}/).toSorted((a, b) => b.length - a.length)[0] ?? en,
  ])
  for (const line of csv.split('\n').slice(1)) {
    const [reason = ''] = cellsOf(line)
    for (const [code, part] of said) if (reason.includes(part)) reasons[code] = (reasons[code] ?? 0) + 1
  }
  return reasons
}

const byName = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, n]) => `${code} ${n}`)
    .join(', ')

/** Kills the server once while it reads and once while it writes; notes what it holds at each tenth. */
const createWatch = (product: Product, rows: number) => {
  const left = new Set(['reading', 'writing'])
  const memory: number[] = []
  return {
    memory,
    kills: () => 2 - left.size,
    look: async ({ phase, counts, progress }: Import, held: number): Promise<void> => {
      memory[Math.floor(progress * 10)] = Math.max(memory[Math.floor(progress * 10)] ?? 0, held)
      const due = phase === 'reading' ? counts.rows * 2 > rows : progress > 0.7
      if (!due || !left.delete(phase)) return
      await product.crash()
    },
  }
}

/** The whole file through the import, killed twice on the way and brought once more; every customer is compared. */
export const checkImport = async (checks: Checks, set: DataSet, raw: Raw, folder: string): Promise<void> => {
  const product = await startProduct()
  try {
    const began = performance.now()
    const id = await product.start(set.name, raw.csv, set.columns, set.currency)
    const watch = createWatch(product, raw.rows)
    const one = await product.over(id, watch.look)
    const imported = performance.now()
    await product.quiet()
    const settled = performance.now()
    const customers = await product.customers()
    const expected = expectedOf(raw, set.currency)
    checks.same('state', 'done', one.state)
    checks.same('rows', raw.rows, one.counts.rows)
    checks.same('orders', raw.orders.length, one.counts.created)
    checks.same('customers', expected.size, customers.size)
    checks.each('orders, amount, first, last of each customer', expected, foundOf(customers))
    checks.same('refused, by reason', byName(raw.rejected), byName(reasonsIn(await product.rejected(id))))
    if (set.name === 'cdnow' && raw.rows === set.published.rows) {
      const summary = cdnowSummary(folder, customers)
      checks.each('published: repeat days, weeks to the last, T', summary.expected, summary.found)
    }
    const again = await product.bring(set.name, raw.csv, set.columns, set.currency)
    checks.same('new the second time', 0, again.counts.created + again.counts.updated)
    checks.same('unchanged the second time', raw.orders.length, again.counts.unchanged)
    const seconds = (imported - began) / 1000
    const load = loadavg().map((n) => n.toFixed(1))
    checks.say(
      `  ${raw.rows} rows in ${seconds.toFixed(0)} s, ${watch.kills()} × kill -9 included, profiles ${((settled - imported) / 1000).toFixed(1)} s later; ` +
        `MB held by tenths: ${watch.memory.join(' ')}; load ${load.join(' ')}`,
    )
  } finally {
    await product.close()
  }
}

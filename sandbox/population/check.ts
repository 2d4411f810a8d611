import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { onlineRetail } from './calendar.ts'
import { expectedSpend } from './expected.ts'
import { cdnow, drawBuyer, drawGap, drawSpend } from './purchase.ts'
import { chanceOf } from './random.ts'

/**
 * npx tsx sandbox/population/check.ts FOLDER: compares cohorts of the generator with the real customers of CDNOW, and the calendar's
 * figures with those of Online Retail. FOLDER holds cdnow/CDNOW_sample.txt and online-retail/online_retail.csv.gz (public data sets).
 */

/** Days of purchases since 1997-01-01, each once, with what was spent that day. */
type Buyer = readonly { readonly day: number; readonly spent: number }[]

const dayMs = 86_400_000
const firstDay = Date.UTC(1997, 0, 1)
/** First purchases fall into 12 weeks; the first 39 weeks are observed, the next 39 are the hold-out. */
const entryDays = 84
const calibrationEnd = (Date.UTC(1997, 8, 30) - firstDay) / dayMs
const holdOutEnd = (Date.UTC(1998, 5, 30) - firstDay) / dayMs
const cohorts = 20

const ofDays = (lines: readonly { day: number; spent: number }[]): Buyer => {
  const days = new Map<number, number>()
  for (const { day, spent } of lines) days.set(day, (days.get(day) ?? 0) + spent)
  return [...days].map(([day, spent]) => ({ day, spent })).toSorted((a, b) => a.day - b.day)
}

const realBuyers = (file: string): Buyer[] => {
  const byCustomer = new Map<string, { day: number; spent: number }[]>()
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const [, id = '', date = '', , amount = ''] = line.trim().split(/\s+/)
    const at = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)))
    const lines = byCustomer.get(id) ?? []
    lines.push({ day: (at - firstDay) / dayMs, spent: Number(amount) })
    byCustomer.set(id, lines)
  }
  return [...byCustomer.values()].map(ofDays)
}

/** A customer of the model with the same entry period and the same hold-out. */
const madeBuyer = (cohort: number, index: number): Buyer => {
  const chance = chanceOf('check', cohort, index)
  const buyer = drawBuyer(cdnow, chance)
  const lines: { day: number; spent: number }[] = []
  let gone = false
  for (let day = chance.next() * entryDays; day <= holdOutEnd && !gone; day += drawGap(cdnow, buyer, chance) * 7) {
    lines.push({ day: Math.floor(day), spent: drawSpend(cdnow, buyer, chance) })
    gone = lines.length > 1 && chance.is(buyer.dropout)
  }
  return ofDays(lines)
}

const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length)

/** Repeat purchase days from the day after `from` up to `to`. */
const repeats = (buyer: Buyer, from: number, to: number): number =>
  buyer.slice(1).filter(({ day }) => day > from && day <= to).length

type Figure = readonly [name: string, of: (buyers: readonly Buyer[]) => number]
const early = (buyer: Buyer): number => repeats(buyer, -1, calibrationEnd)
const late = (buyer: Buyer): number => repeats(buyer, calibrationEnd, holdOutEnd)
const share = (test: (buyer: Buyer) => boolean) => (buyers: readonly Buyer[]) =>
  mean(buyers.map((one) => (test(one) ? 1 : 0)))

/** Mean spend of somebody's repeat purchase days of the first 39 weeks: the papers' z. */
const meanSpend = (buyer: Buyer): number =>
  mean(buyer.slice(1).flatMap(({ day, spent }) => (day <= calibrationEnd ? [spent] : [])))

const figures: readonly Figure[] = [
  ['repeat purchases per customer, 39 weeks', (buyers) => mean(buyers.map(early))],
  ['share without a repeat, 39 weeks', share((one) => early(one) === 0)],
  ...[1, 2, 3, 4].map((count): Figure => [`share with ${count}`, share((one) => early(one) === count)]),
  ['share with 7 or more', share((one) => early(one) >= 7)],
  ['repeat purchases per customer, next 39 weeks', (buyers) => mean(buyers.map(late))],
  ['share without one in the next 39 weeks', share((one) => late(one) === 0)],
  ['share that never buys again in 78 weeks', share((one) => one.length === 1)],
  [
    'mean spend per repeat purchase, by customer (dollars)',
    (buyers) => mean(buyers.flatMap((one) => (early(one) > 0 ? [meanSpend(one)] : []))),
  ],
]

const print = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  process.stdout.write(`\n${title}\n${line(head)}\n${rows.map(line).join('\n')}\n`)
}

/** The generated figure is the mean of many cohorts; z says how far the real one lies from it, in standard deviations of one cohort. */
const compareCdnow = (file: string): void => {
  const real = realBuyers(file)
  const made = Array.from({ length: cohorts }, (_, cohort) => real.map((_one, index) => madeBuyer(cohort, index)))
  const rows = figures.map(([name, of]) => {
    const values = made.map(of)
    const spread = Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))
    return [name, of(real).toFixed(3), mean(values).toFixed(3), ((of(real) - mean(values)) / spread).toFixed(1)]
  })
  print(`CDNOW: ${real.length} customers, ${cohorts} generated cohorts`, ['', 'real', 'generated', 'z'], rows)
  process.stdout.write(`The model's mean spend over all customers: ${expectedSpend(cdnow).toFixed(3)}\n`)
}

/** The times of invoices with a customer, not cancelled, with quantity and price above 0; an invoice counts once, by its first line. */
const invoiceTimes = (file: string): string[] => {
  const first = new Map<string, string>()
  for (const line of gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n').slice(1)) {
    // The description in between may hold commas: the fields wanted lie at the two ends.
    const found = /^"?([^",]+)"?,.*,"?(-?\d+)"?,"?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"?,"?(-?[\d.]+)"?,"?(\d+)"?,/.exec(
      line,
    )
    const [, invoice = '', quantity, time = '', price] = found ?? []
    if (found === null || invoice.startsWith('C') || Number(quantity) <= 0 || Number(price) <= 0) continue
    const known = first.get(invoice)
    if (known === undefined || time < known) first.set(invoice, time)
  }
  return [...first.values()]
}

const compareRetail = (file: string): void => {
  const times = invoiceTimes(file)
  const count = (test: (time: string) => boolean): number => times.filter(test).length
  const weekday = (time: string): number => (new Date(`${time.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7
  const row = (name: string, real: number, ours: number): string[] => [name, String(real), String(ours)]
  const two = (value: number): string => String(value).padStart(2, '0')
  print(
    `Online Retail: ${times.length} invoices`,
    ['', 'real', 'calendar.ts'],
    [
      ...onlineRetail.hours.map((ours, hour) =>
        row(
          `hour ${hour}`,
          count((time) => time.slice(11, 13) === two(hour)),
          ours,
        ),
      ),
      ...onlineRetail.weekdays.map((ours, at) =>
        row(
          `weekday ${at + 1}`,
          count((time) => weekday(time) === at),
          ours,
        ),
      ),
      ...onlineRetail.months.map((ours, at) => {
        const month = at === 11 ? '2010-12' : `2011-${two(at + 1)}`
        return row(
          month,
          count((time) => time.startsWith(month)),
          ours,
        )
      }),
    ],
  )
}

const folder = process.argv[2]
const wanted = ['cdnow/CDNOW_sample.txt', 'online-retail/online_retail.csv.gz']
const missing = folder === undefined ? wanted : wanted.filter((file) => !existsSync(join(folder, file)))
if (folder === undefined || missing.length > 0) {
  process.stderr.write(
    `npx tsx sandbox/population/check.ts FOLDER, which holds ${wanted.join(' and ')}; missing: ${missing.join(', ')}\n`,
  )
  process.exitCode = 2
} else {
  compareCdnow(join(folder, 'cdnow/CDNOW_sample.txt'))
  compareRetail(join(folder, 'online-retail/online_retail.csv.gz'))
}

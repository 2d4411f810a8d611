import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Target } from '@zhiyin/shared/import'

/** What must come out. Money in minor units. */
export type Figures = { customers: number; orders: number; revenue: number; rejected: number }

/** Orders as a CSV file, how its columns are read, and what its README and an independent count say of it. */
export type DataSet = {
  readonly name: string
  /** `lines`: only so many lines of the file. */
  read(folder: string, lines: number): { csv: string; expected: Figures; note: string }
  readonly columns: readonly Target[]
}

const user: Target = { to: 'identity', kind: 'user_id' }
const field = (name: Extract<Target, { to: 'order' }>['field']): Target => ({ to: 'order', field: name })
const skip: Target = { to: 'skip' }

const linesOf = (text: string, most: number): string[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, most)

/** “12.345” in hundredths, half up, without floating point. */
const cents = (text: string): number => {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const up = (fraction[2] ?? '0') >= '5' ? 1 : 0
  return (text.startsWith('-') ? -1 : 1) * (Number(whole + fraction.padEnd(2, '0').slice(0, 2)) + up)
}

const summed = (rows: readonly { customer: string; order: string; amount: number }[], rejected: number): Figures => ({
  customers: new Set(rows.map(({ customer }) => customer)).size,
  orders: new Set(rows.map(({ order }) => order)).size,
  revenue: rows.reduce((sum, { amount }) => sum + amount, 0),
  rejected,
})

/** 69,659 purchases of 23,570 customers; no order numbers, so lines that say the same are told apart by how often they stand there. */
const cdnow: DataSet = {
  name: 'cdnow',
  columns: [user, field('time'), skip, field('amount')],
  read: (folder, most) => {
    const [, ...rows] = linesOf(readFileSync(join(folder, 'cdnow', 'CDNOW_master.txt'), 'utf8'), most + 1).map((line) =>
      line.trim().split(/\s+/),
    )
    const bought = rows.map(([customer = '', , , amount = ''], n) => ({
      customer,
      order: String(n),
      amount: cents(amount),
    }))
    return {
      csv: ['customer,date,cds,amount', ...rows.map((cells) => cells.join(','))].join('\n'),
      expected: summed(bought, 0),
      note: 'published: 69,659 purchases, 23,570 customers',
    }
  },
}

const rfmOrders: DataSet = {
  name: 'rfm-orders',
  columns: [user, field('time'), field('amount')],
  read: (folder, most) => {
    const lines = linesOf(readFileSync(join(folder, 'rfm-orders', 'rfm_orders.csv'), 'utf8'), most + 1)
    const rows = lines.slice(1).map((line) => line.split(','))
    const bought = rows.map(([customer = '', , amount = ''], n) => ({
      customer,
      order: String(n),
      amount: cents(amount),
    }))
    return {
      csv: lines.join('\n'),
      expected: summed(bought, 0),
      note: 'published: 4,906 orders, 995 customers, revenue 464,158',
    }
  },
}

/** Cells of one line; this set has quotes, but no line breaks in them. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'),
  )

/** Lines of invoices. What the usual cleaning drops is rejected: no customer, cancellations (negative quantity). */
const onlineRetail: DataSet = {
  name: 'online-retail',
  columns: [
    field('id'),
    field('product_id'),
    field('product'),
    field('quantity'),
    field('time'),
    field('price'),
    user,
    skip,
  ],
  read: (folder, most) => {
    const text = gunzipSync(readFileSync(join(folder, 'online-retail', 'online_retail.csv.gz'))).toString('utf8')
    const lines = linesOf(text, most + 1)
    const rows = lines.slice(1).map(cellsOf)
    const good = rows.filter(
      ([invoice = '', , , quantity = '', , , customer = '']) =>
        customer !== '' && !invoice.startsWith('C') && Number(quantity) > 0,
    )
    const bought = good.map(([order = '', , , quantity = '', , price = '', customer = '']) => ({
      customer,
      order,
      amount: Number(quantity) * cents(price),
    }))
    return {
      csv: lines.join('\n'),
      expected: summed(bought, rows.length - good.length),
      note: 'published for the whole set, free invoices apart: 18,532 invoices, 4,338 customers, £8,911,407.90',
    }
  },
}

export const dataSets: readonly DataSet[] = [rfmOrders, cdnow, onlineRetail]

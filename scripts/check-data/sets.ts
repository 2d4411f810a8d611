import { join } from 'node:path'
import type { Target } from '@zhiyin/shared/import'
import { cellsOf, cents, linesIn } from './csv.ts'

/** An order as the raw file tells of it; `at`: ms of the clock on the wall as if it were UTC, `amount` in minor units. */
export type RawOrder = {
  readonly customer: string
  readonly order: string
  readonly at: number
  readonly amount: number
  /** Nothing was asked for it. */
  readonly free: boolean
}

/** What a raw file holds: orders by what is usually done with it, and rows that cannot be taken, by the code of why. */
export type Raw = {
  readonly csv: string
  readonly rows: number
  readonly orders: readonly RawOrder[]
  readonly rejected: Readonly<Record<string, number>>
}

export type DataSet = {
  readonly name: string
  readonly currency: string
  /** What its columns are. */
  readonly columns: readonly Target[]
  /** What has been published of it; money in minor units. */
  readonly published: Readonly<Record<'rows' | 'customers' | 'orders', number>> & { readonly amount?: number }
  /** Orders are of a day, without a time. */
  readonly midnight: boolean
  /** Minor units that are one unit of what was published on tiers. */
  readonly unit: number
  /** `lines`: only so many lines of the file. */
  read(folder: string, lines?: number): Raw
  /** A part of it that is imported within a minute or two, every order with a number. */
  few(folder: string): readonly RawOrder[]
}

export const user: Target = { to: 'identity', kind: 'user_id' }
export const field = (name: Extract<Target, { to: 'order' }>['field']): Target => ({ to: 'order', field: name })
const skip: Target = { to: 'skip' }

/** “YYYYMMDD”, “YYYY-MM-DD” or “YYYY-MM-DD HH:MM:SS”. */
const wall = (text: string): number => {
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0'] =
    /^(\d{4})-?(\d\d)-?(\d\d)(?: (\d\d):(\d\d):(\d\d))?$/.exec(text) ?? []
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
}

/** No order numbers: every line is an order. */
const eachLine = (rows: readonly { customer: string; date: string; amount: string }[]): RawOrder[] =>
  rows.map(({ customer, date, amount }, n) => ({
    customer,
    order: `n${n}`,
    at: wall(date),
    amount: cents(amount),
    free: Number(amount) === 0,
  }))

const cdnowLines = (path: string, from: number) =>
  linesIn(path)
    .slice(from)
    .map((line) => line.trim().split(/\s+/))

/** Fader & Hardie (2001). No order numbers; lines that say the same are told apart by how often they stand there. */
const cdnow: DataSet = {
  name: 'cdnow',
  currency: 'USD',
  columns: [user, field('time'), skip, field('amount')],
  published: { rows: 69_659, customers: 23_570, orders: 69_659 },
  midnight: true,
  unit: 1,
  read: (folder, lines = Infinity) => {
    const rows = cdnowLines(join(folder, 'cdnow', 'CDNOW_master.txt'), 1).slice(0, lines)
    const orders = eachLine(rows.map(([customer = '', date = '', , amount = '']) => ({ customer, date, amount })))
    const csv = ['customer,date,cds,amount', ...rows.map((cells) => cells.join(','))].join('\n')
    return { csv, rows: rows.length, orders, rejected: {} }
  },
  few: (folder) => {
    const rows = cdnowLines(join(folder, 'cdnow', 'CDNOW_sample.txt'), 0)
    return eachLine(rows.map(([, customer = '', date = '', , amount = '']) => ({ customer, date, amount })))
  },
}

const rfmRows = (folder: string): string[] => linesIn(join(folder, 'rfm-orders', 'rfm_orders.csv'))
const rfmOrdersOf = (lines: readonly string[]): RawOrder[] =>
  eachLine(
    lines.slice(1).map((line) => {
      const [customer = '', date = '', amount = ''] = cellsOf(line)
      return { customer, date, amount }
    }),
  )

/** Hebbali, R package rfm (`rfm_data_orders`), made up. */
const rfmOrders: DataSet = {
  name: 'rfm-orders',
  currency: 'CNY',
  columns: [user, field('time'), field('amount')],
  published: { rows: 4_906, customers: 995, orders: 4_906, amount: 46_415_800 },
  midnight: true,
  unit: 100,
  read: (folder, lines = Infinity) => {
    const text = rfmRows(folder).slice(0, lines + 1)
    return { csv: text.join('\n'), rows: text.length - 1, orders: rfmOrdersOf(text), rejected: {} }
  },
  few: (folder) => rfmOrdersOf(rfmRows(folder)),
}

/** Why a line of Online Retail cannot be an order's; several may hold. */
const faultsOf = ([, , , quantity = '', , price = '', customer = '']: readonly string[]): string[] => [
  ...(customer === '' ? ['row.no_identity'] : []),
  ...(Number(quantity) <= 0 ? ['quantity.not'] : []),
  ...(price.startsWith('-') ? ['money.negative'] : []),
]

const invoicesOf = (rows: readonly (readonly string[])[]): RawOrder[] => {
  const invoices = new Map<string, RawOrder>()
  for (const [order = '', , , quantity = '', time = '', price = '', customer = ''] of rows) {
    const known = invoices.get(order)
    const at = Math.min(known?.at ?? Infinity, wall(time))
    const free = known?.free !== false && Number(price) === 0
    invoices.set(order, { customer, order, at, amount: (known?.amount ?? 0) + Number(quantity) * cents(price), free })
  }
  return [...invoices.values()]
}

/**
 * Chen, Sain & Guo (2012), UCI 352: a line is a line of an invoice. The usual cleaning drops lines without a customer and cancellations; the
 * published figures also leave out 4 invoices that were free, and a customer who has no other.
 */
const onlineRetail: DataSet = {
  name: 'online-retail',
  currency: 'GBP',
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
  published: { rows: 541_909, customers: 4_338, orders: 18_532, amount: 891_140_790 },
  midnight: false,
  unit: 1,
  read: (folder, lines = Infinity) => {
    const text = linesIn(join(folder, 'online-retail', 'online_retail.csv.gz')).slice(0, lines + 1)
    const rows = text.slice(1).map(cellsOf)
    const rejected: Record<string, number> = {}
    for (const fault of rows.flatMap(faultsOf)) rejected[fault] = (rejected[fault] ?? 0) + 1
    const good = rows.filter((cells) => faultsOf(cells).length === 0)
    return { csv: text.join('\n'), rows: rows.length, orders: invoicesOf(good), rejected }
  },
  few: (folder) => {
    const rows = linesIn(join(folder, 'online-retail', 'online_retail_sample.csv'))
      .slice(1)
      .map(cellsOf)
    return invoicesOf(rows.filter((cells) => faultsOf(cells).length === 0))
  },
}

export const dataSets: readonly DataSet[] = [rfmOrders, cdnow, onlineRetail]

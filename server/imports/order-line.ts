import { createHash } from 'node:crypto'
import type { OrderProduct } from '@zhiyin/shared/fact'
import type { Mapping, OrderField, RowProblem } from '@zhiyin/shared/import'
import { currency, money } from '../cleaning/money.ts'
import { boolean, id, number, plainText } from '../cleaning/text.ts'
import { time } from '../cleaning/time.ts'
import { refuse, type Cleaned } from '../cleaning/types.ts'
import type { Identity } from '../profile/read.ts'
import { createFaults, identityOf, textOf, widthProblem, type Context } from './cells.ts'
import type { OrderLine, Row } from './types.ts'

/**
 * A line and the order it belongs to: the order's number, or without one what the line says. Of a line that cannot be taken the order is
 * told too, where it is known.
 */
export type KeyedLine =
  | { readonly key: string; readonly line: OrderLine }
  | { readonly key: string | null; readonly problems: readonly RowProblem[] }

/** An amount in the currency of the row, not below zero. */
const amountIn =
  (unit: string) =>
  (text: string): Cleaned<number> => {
    const cleaned = money(text, unit)
    if ('problem' in cleaned) return cleaned
    if (cleaned.value.amount < 0) return refuse('money.negative', text)
    return cleaned.value.currency === unit ? { value: cleaned.value.amount } : refuse('money.currencies_differ', text)
  }

const quantityOf = (text: string): Cleaned<number> => {
  const cleaned = number(text)
  return 'value' in cleaned && cleaned.value <= 0 ? refuse('quantity.not', text) : cleaned
}

/** An amount given back, or whether all of it was; 0 is no. */
const refundIn =
  (unit: string) =>
  (text: string): Cleaned<number | boolean> => {
    const amount = amountIn(unit)(text)
    if ('value' in amount) return { value: amount.value === 0 ? false : amount.value }
    if (amount.problem.code !== 'money.not') return amount
    if (/^(?:已退款|全额退款|退款成功)$/.test(text)) return { value: true }
    const said = boolean(text)
    return 'value' in said ? said : amount
  }

const notLater =
  ({ zone, now }: Context) =>
  (text: string): Cleaned<Date> => {
    const at = time(text, zone)
    return 'value' in at && at.value > now ? refuse('time.future', text) : at
  }

/** The cells of a row by what they are. */
const createReader = ({ cells }: Row, { columns }: Mapping) => {
  const faults = createFaults()
  const width = widthProblem(cells, columns.length)
  if (width !== null) faults.add(null, width)
  const columnOf = (field: OrderField): number =>
    columns.findIndex((target) => target.to === 'order' && target.field === field)
  const text = (field: OrderField): string => textOf(cells, columnOf(field))
  return {
    faults,
    text,
    take: <T>(field: OrderField, clean: (text: string) => Cleaned<T>): T | null =>
      text(field) === '' ? null : faults.take(columnOf(field), clean(text(field))),
    /** A field that has a column must be filled in. */
    need: (field: OrderField): void => {
      if (columnOf(field) !== -1 && text(field) === '') faults.add(columnOf(field), { code: 'row.missing', params: {} })
    },
    who: (): Identity[] => {
      let asked = false
      const found = columns.flatMap((target, column): Identity[] => {
        const cell = textOf(cells, column)
        if (target.to !== 'identity' || cell === '') return []
        asked = true
        const one = faults.take(column, identityOf(cell, target.kind))
        return one === null ? [] : [one]
      })
      if (!asked) faults.add(null, { code: 'row.no_identity', params: {} })
      return found
    },
  }
}

/** The currency of a row: its column, else the sign of its amount, else the mapping's. */
const unitOf = ({ take, text }: ReturnType<typeof createReader>, fallback: string): string => {
  const named = take('currency', currency)
  if (named !== null) return named
  const signed = money(text('amount') || text('line_amount') || text('price'), fallback)
  return 'value' in signed ? signed.value.currency : fallback
}

const present = <K extends string, V>(key: K, value: V | null): Partial<Record<K, V>> | Record<never, never> =>
  value === null ? {} : { [key]: value }

const productOf = ({ take }: ReturnType<typeof createReader>, quantity: number | null, price: number | null) => {
  const product: OrderProduct = {
    ...present('id', take('product_id', id)),
    ...present('name', take('product', plainText)),
    ...present('category', take('category', plainText)),
    ...present('quantity', quantity),
    ...present('price', price),
  }
  return Object.keys(product).length === 0 ? null : product
}

const digest = (said: object): string =>
  createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 22)

/** What one row says of an order. */
export const lineOf = (row: Row, mapping: Mapping, context: Context): KeyedLine => {
  const reader = createReader(row, mapping)
  const { faults, take, need } = reader
  const who = reader.who()
  const orderId = take('id', id)
  const unit = unitOf(reader, mapping.currency)
  const at = take('time', notLater(context))
  const amount = take('amount', amountIn(unit))
  const price = take('price', amountIn(unit))
  const quantity = take('quantity', quantityOf)
  const stated = take('line_amount', amountIn(unit))
  const lineAmount = stated ?? (price === null ? null : Math.round(price * (quantity ?? 1)))
  const refund = take('refund', refundIn(unit))
  const refundAt = take('refund_time', notLater(context))
  const product = productOf(reader, quantity, price)
  need('id')
  need('time')
  if (amount === null && lineAmount === null)
    for (const field of ['amount', 'line_amount', 'price'] as const) need(field)
  if (faults.problems.length > 0 || at === null)
    return { key: orderId === null ? null : `#${orderId}`, problems: faults.problems }
  const said = { who, at, currency: unit, amount, lineAmount, product }
  const line = { ...said, row: row.row, cells: row.cells, refund: refund === false ? null : refund, refundAt }
  return { key: orderId === null ? `=${digest(said)}` : `#${orderId}`, line }
}

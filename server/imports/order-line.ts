import { createHash } from 'node:crypto'
import type { OrderProduct } from '@zhiyin/shared/fact'
import type { Mapping, OrderField } from '@zhiyin/shared/import'
import { currency, money } from '../cleaning/money.ts'
import { boolean, id, number, plainText } from '../cleaning/text.ts'
import { time } from '../cleaning/time.ts'
import { refuse, type Cleaned } from '../cleaning/types.ts'
import type { Identity } from '../profile/read.ts'
import { createFaults, identityOf, textOf, widthProblem, type Context } from './cells.ts'
import type { Read } from './person.ts'
import type { OrderLine, Row } from './types.ts'

/** A line and the order it belongs to: the order's number, or without one what the line says. */
export type KeyedLine = { readonly key: string; readonly line: OrderLine }

type Asked = { readonly text: string; readonly column: number }

/** An amount in the currency of the row, not below zero. */
const amountIn =
  (unit: string, fixed: boolean) =>
  (text: string): Cleaned<number> => {
    const cleaned = money(text, unit)
    if ('problem' in cleaned) return cleaned
    if (cleaned.value.amount < 0) return refuse('money.negative', text)
    if (fixed && cleaned.value.currency !== unit) return refuse('money.currencies_differ', text)
    return { value: cleaned.value.amount }
  }

const quantityOf = (text: string): Cleaned<number> => {
  const cleaned = number(text)
  return 'value' in cleaned && cleaned.value <= 0 ? refuse('quantity.not', text) : cleaned
}

/** An amount given back, or whether all of it was; nothing for no and 0. */
const refundIn =
  (unit: string, fixed: boolean) =>
  (text: string): Cleaned<number | boolean> => {
    const amount = amountIn(unit, fixed)(text)
    if ('value' in amount) return { value: amount.value === 0 ? false : amount.value }
    if (amount.problem.code !== 'money.not') return amount
    if (/^(?:已退款|全额退款|退款成功)$/.test(text)) return { value: true }
    const said = boolean(text)
    return 'value' in said ? said : amount
  }

/** What one row says of an order. Amounts without a sign are in the currency column's, else in the mapping's currency. */
export const lineOf = (
  { row, cells }: Row,
  { columns, currency: fallback }: Mapping,
  context: Context,
): Read<KeyedLine> => {
  const faults = createFaults()
  const width = widthProblem(cells, columns.length)
  if (width !== null) faults.add(null, width)
  const who = columns.flatMap((target, column): Identity[] => {
    const text = textOf(cells, column)
    if (target.to !== 'identity' || text === '') return []
    const found = faults.take(column, identityOf(text, target.kind))
    return found === null ? [] : [found]
  })
  const asked = (field: OrderField): Asked | null => {
    const column = columns.findIndex((target) => target.to === 'order' && target.field === field)
    const text = textOf(cells, column)
    return column === -1 || text === '' ? null : { text, column }
  }
  const take = <T>(field: OrderField, clean: (text: string) => Cleaned<T>): T | null => {
    const found = asked(field)
    return found === null ? null : faults.take(found.column, clean(found.text))
  }
  const need = (field: OrderField): void => {
    const column = columns.findIndex((target) => target.to === 'order' && target.field === field)
    if (column !== -1 && textOf(cells, column) === '') faults.add(column, { code: 'row.missing', params: {} })
  }

  const named = take('currency', currency)
  const signed = named === null ? currencyIn(asked('amount') ?? asked('line_amount') ?? asked('price'), fallback) : null
  const unit = named ?? signed ?? fallback
  const amounts = amountIn(unit, true)
  const at = take('time', (text) => time(text, context.zone))
  if (at !== null && at > context.now)
    faults.add(asked('time')?.column ?? null, refuse('time.future', asked('time')?.text ?? '').problem)
  const amount = take('amount', amounts)
  const price = take('price', amounts)
  const quantity = take('quantity', quantityOf)
  const stated = take('line_amount', amounts)
  const lineAmount = stated ?? (price === null ? null : Math.round(price * (quantity ?? 1)))
  const refund = take('refund', refundIn(unit, true))
  const refundAt = take('refund_time', (text) => time(text, context.zone))
  const orderId = take('id', id)
  const product: OrderProduct = {
    ...present('id', take('product_id', id)),
    ...present('name', take('product', plainText)),
    ...present('category', take('category', plainText)),
    ...present('quantity', quantity),
    ...present('price', price),
  }
  for (const field of ['id', 'time'] as const) need(field)
  if (amount === null && lineAmount === null)
    for (const field of ['amount', 'line_amount', 'price'] as const) need(field)
  if (who.length === 0 && !faults.problems.some(({ column }) => columns[column ?? -1]?.to === 'identity'))
    faults.add(null, { code: 'row.no_identity', params: {} })
  if (faults.problems.length > 0 || at === null) return { problems: faults.problems }

  const said = {
    who,
    at,
    currency: unit,
    amount,
    lineAmount,
    product: Object.keys(product).length === 0 ? null : product,
  }
  const line: OrderLine = { ...said, row, cells, refund: refund === false ? null : refund, refundAt }
  return { value: { key: orderId === null ? `=${digest(said)}` : `#${orderId}`, line } }
}

const present = <K extends string, V>(key: K, value: V | null): Partial<Record<K, V>> | Record<never, never> =>
  value === null ? {} : { [key]: value }

const currencyIn = (found: Asked | null, fallback: string): string | null => {
  if (found === null) return null
  const cleaned = money(found.text, fallback)
  return 'value' in cleaned ? cleaned.value.currency : null
}

const digest = (said: object): string =>
  createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 22)

import { z } from 'zod'
import type { FactPayload, OrderProduct } from '@zhiyin/shared/fact'
import { companyCurrency } from '@zhiyin/shared/money'
import { currency as cleanCurrency, money } from '../cleaning/money.ts'
import { ofField, read, refused, type Refused } from './problem.ts'

type Read<T> = { readonly payload: T } | Refused

const text = z.union([z.string(), z.number().transform(String)]).pipe(z.string().trim().min(1).max(500))
const amount = z.union([z.number(), z.string()])
/** What is not of its kind is as good as absent: an odd product must not cost the order. */
const optional = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined)

const Order = z.object({
  order_id: text,
  total: amount.nullish(),
  revenue: amount.nullish(),
  value: amount.nullish(),
  currency: z.string().nullish(),
  products: z.array(z.unknown()).max(1000).nullish(),
})
type Order = z.infer<typeof Order>
const Cancelled = z.object({ order_id: text, reason: optional(text) })
const Refund = Order.extend({ refund_id: text.nullish() })

const Product = z.object({
  product_id: optional(text),
  sku: optional(text),
  name: optional(text),
  category: optional(text),
  brand: optional(text),
  price: optional(amount),
  quantity: optional(z.coerce.number().min(0)),
})

type Unit = { readonly currency: string; readonly ofOrder?: true }

/** The code ISO keeps for no currency at all. */
const none = 'XXX'
const stated = ['total', 'revenue', 'value'] as const

/** The currency a sign beside an amount names: `US$30`. */
const signOf = (order: Order): string | null => {
  const cleaned = stated.flatMap((field) => order[field] ?? []).map((value) => money(String(value), none))
  return cleaned.flatMap((one) => ('value' in one && one.value.currency !== none ? one.value.currency : []))[0] ?? null
}

/** The currency of an order: the company's where it says none. What is told of it later is in that of the order itself. */
const unitOf = (order: Order, later: boolean): Unit | Refused => {
  if (order.currency) {
    const cleaned = cleanCurrency(order.currency)
    return 'problem' in cleaned ? ofField('properties.currency', cleaned.problem) : { currency: cleaned.value }
  }
  if (!later) return { currency: companyCurrency }
  const sign = signOf(order)
  return sign === null ? { currency: companyCurrency, ofOrder: true } : { currency: sign }
}

/** Minor units of an amount, never negative. */
const minorOf = (field: string, value: string | number, currency: string): Read<number> => {
  const cleaned = money(String(value), currency)
  if ('problem' in cleaned) return ofField(field, cleaned.problem)
  if (cleaned.value.currency !== currency) return ofField(field, { code: 'money.currencies_differ', params: { value } })
  if (cleaned.value.amount < 0) return ofField(field, { code: 'money.negative', params: { value } })
  return { payload: cleaned.value.amount }
}

/** The amount an order states: total, else revenue, else value; null when it states none. */
const statedOf = (order: Order, currency: string): Read<number | null> => {
  for (const field of stated) {
    const value = order[field]
    if (value !== undefined && value !== null && value !== '') return minorOf(`properties.${field}`, value, currency)
  }
  return { payload: null }
}

const productsOf = (raw: readonly unknown[], currency: string): OrderProduct[] =>
  raw.slice(0, 100).flatMap((one) => {
    const parsed = Product.safeParse(one)
    if (!parsed.success) return []
    const { product_id, sku, name, category, brand, price, quantity } = parsed.data
    const id = product_id ?? sku
    const minor = price === undefined ? null : minorOf('price', price, currency)
    return [
      {
        ...(id === undefined ? {} : { id }),
        ...(name === undefined ? {} : { name }),
        ...(category === undefined ? {} : { category }),
        ...(brand === undefined ? {} : { brand }),
        ...(quantity === undefined ? {} : { quantity }),
        ...(minor !== null && 'payload' in minor ? { price: minor.payload } : {}),
      },
    ]
  })

/** What the products come to; null when a price is missing. */
const sumOf = (products: readonly OrderProduct[], stated: number): number | null => {
  if (stated === 0 || products.length < Math.min(stated, 100) || products.some(({ price }) => price === undefined))
    return null
  return Math.round(products.reduce((sum, { price = 0, quantity = 1 }) => sum + price * quantity, 0))
}

type Sums = { readonly amount: number | null; readonly unit: Unit; readonly products: OrderProduct[] }

const sumsOf = (order: Order, later: boolean): { readonly sums: Sums } | Refused => {
  const unit = unitOf(order, later)
  if ('problem' in unit) return unit
  const { currency } = unit
  const raw = order.products ?? []
  const products = productsOf(raw, currency)
  const said = statedOf(order, currency)
  return 'problem' in said ? said : { sums: { amount: said.payload ?? sumOf(products, raw.length), unit, products } }
}

const noAmount = refused(
  'properties.total：缺少金额，请填 total（或 revenue、value）',
  'properties.total: no amount; give total (or revenue, value)',
)

const orderIn = (properties: unknown, later: boolean): Read<FactPayload<'order.updated'>> => {
  const order = read(Order, properties)
  if ('problem' in order) return inProperties(order)
  const found = sumsOf(order.data, later)
  if ('problem' in found) return found
  const { amount: sum, unit, products } = found.sums
  return sum === null ? noAmount : { payload: { orderId: order.data.order_id, amount: sum, ...unit, products } }
}

/** `Order Completed` of Segment's e-commerce spec; without a stated amount it is the sum of its products. */
export const orderOf = (properties: unknown): Read<FactPayload<'order.completed'>> => orderIn(properties, false)

/** `Order Updated`, alike. */
export const updatedOrder = (properties: unknown): Read<FactPayload<'order.updated'>> => orderIn(properties, true)

export const cancelledOrder = (properties: unknown): Read<FactPayload<'order.cancelled'>> => {
  const order = read(Cancelled, properties)
  if ('problem' in order) return inProperties(order)
  const { order_id, reason } = order.data
  return { payload: { orderId: order_id, ...(reason === undefined ? {} : { reason }) } }
}

/**
 * `Order Refunded`: with an amount, or products that name their prices, that much; with neither the whole order. `refund_id` tells
 * several parts of one order apart.
 */
export const refundOf = (properties: unknown): Read<FactPayload<'order.refunded'>> => {
  const refund = read(Refund, properties)
  if ('problem' in refund) return inProperties(refund)
  const { order_id, refund_id, products } = refund.data
  const found = sumsOf(refund.data, true)
  if ('problem' in found) return found
  const { amount: sum, unit } = found.sums
  if (sum === null && (products ?? []).length > 0) return noAmount
  return {
    payload: {
      orderId: order_id,
      amount: sum ?? 0,
      ...unit,
      ...(refund_id ? { refundId: refund_id } : {}),
      ...(sum === null ? { full: true } : {}),
    },
  }
}

const inProperties = ({ problem: { zh, en } }: Refused): Refused => refused(`properties.${zh}`, `properties.${en}`)

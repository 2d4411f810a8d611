import { z } from 'zod'
import type { FactPayload, OrderProduct } from '@zhiyin/shared/fact'
import { moneyIn } from '@zhiyin/shared/money'
import { Amounts, statedOf, unitOf, type Read, type Unit } from './order-amount.ts'
import { optional, Products, productsOf, text } from './order-products.ts'
import { ofField, read, refused, type Refused } from './problem.ts'

const Order = Amounts.extend({ order_id: text, products: Products.nullish() })
type Order = z.infer<typeof Order>
const Cancelled = z.object({ order_id: text, reason: optional(text), products: optional(Products) })
const Refund = Order.extend({ refund_id: text.nullish() })

type Sums = { readonly amount: number | null; readonly unit: Unit; readonly products: OrderProduct[] }

/** `later`: it is told of an order that has a currency already. */
const sumsOf = (order: Order, later: boolean): { readonly sums: Sums } | Refused => {
  const unit = unitOf(order, later)
  if ('problem' in unit) return unit
  const found = productsOf(order.products ?? [], unit.currency)
  if ('problem' in found) return found
  const { products, sum } = found.payload
  const said = statedOf(order, unit.currency)
  if ('problem' in said) return said
  if (said.payload === null && sum !== null && sum < 0)
    return ofField('properties.products', { code: 'money.negative', params: { value: moneyIn(sum, unit.currency) } })
  return { sums: { amount: said.payload ?? sum, unit, products } }
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

const named = (products: OrderProduct[]): { products?: OrderProduct[] } => (products.length === 0 ? {} : { products })

/** `Order Cancelled`: nothing odd about its products costs the cancellation. */
export const cancelledOrder = (properties: unknown): Read<FactPayload<'order.cancelled'>> => {
  const order = read(Cancelled, properties)
  if ('problem' in order) return inProperties(order)
  const { order_id, reason, products = [] } = order.data
  const found = productsOf(products, null)
  if ('problem' in found) return found
  return {
    payload: { orderId: order_id, ...(reason === undefined ? {} : { reason }), ...named(found.payload.products) },
  }
}

/**
 * `Order Refunded`: with an amount, or products that name their prices, that much; with neither the whole order. `refund_id` tells
 * several parts of one order apart.
 */
export const refundOf = (properties: unknown): Read<FactPayload<'order.refunded'>> => {
  const refund = read(Refund, properties)
  if ('problem' in refund) return inProperties(refund)
  const { order_id, refund_id } = refund.data
  const found = sumsOf(refund.data, true)
  if ('problem' in found) return found
  const { amount: sum, unit, products } = found.sums
  if (sum === null && (refund.data.products ?? []).length > 0) return noAmount
  return {
    payload: {
      orderId: order_id,
      amount: sum ?? 0,
      ...unit,
      ...(refund_id ? { refundId: refund_id } : {}),
      ...(sum === null ? { full: true } : {}),
      ...named(products),
    },
  }
}

const inProperties = ({ problem: { zh, en } }: Refused): Refused => refused(`properties.${zh}`, `properties.${en}`)

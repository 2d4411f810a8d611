import { z } from 'zod'
import type { FactPayload, OrderProduct } from '@zhiyin/shared/fact'

/** Numbers as shops send them: 12.5 or "12.5". */
const number = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^-?\d+(\.\d+)?$/, 'not a number')
    .transform(Number),
])
const text = z.union([z.string(), z.number().transform(String)]).pipe(z.string().trim().min(1).max(500))
/** What is not of its kind is as good as absent: an odd product must not cost the order. */
const optional = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined)

const Money = z.object({
  order_id: text,
  total: number.nullish(),
  revenue: number.nullish(),
  value: number.nullish(),
  currency: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/, 'three letters, as CNY')
    .nullish(),
})

const Product = z.object({
  product_id: optional(text),
  sku: optional(text),
  name: optional(text),
  category: optional(text),
  price: optional(number),
  quantity: optional(number),
})

const Completed = Money.extend({ products: z.array(z.unknown()).max(1000).nullish() })
const Refunded = Money.extend({ refund_id: text.nullish().transform((id) => id ?? undefined) })

const digitsOf = (currency: string): number => {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch (error) {
    if (error instanceof RangeError) return 2
    throw error
  }
}

/** A sum of money in minor units (分): 19.9 CNY → 1990, 500 JPY → 500. */
export const minorOf = (amount: number, currency: string): number => Math.round(amount * 10 ** digitsOf(currency))

type Read<T> = { readonly payload: T } | { readonly problem: string }

const problem = (error: z.ZodError): { problem: string } => {
  const [first] = error.issues
  return { problem: `properties.${first?.path.join('.') ?? ''}: ${first?.message ?? ''}` }
}

const largest = 1e12
const amountOf = ({ total, revenue, value }: z.infer<typeof Money>, others?: number): Read<number> => {
  const amount = total ?? revenue ?? value ?? others
  if (amount === undefined) return { problem: 'properties.total: total, revenue or value is required' }
  if (!Number.isFinite(amount) || amount < 0 || amount > largest)
    return { problem: 'properties.total: not an amount of money' }
  return { payload: amount }
}

const productsOf = (raw: readonly unknown[], currency: string): OrderProduct[] =>
  raw.slice(0, 100).flatMap((one) => {
    const parsed = Product.safeParse(one)
    if (!parsed.success) return []
    const { product_id, sku, name, category, price, quantity } = parsed.data
    const id = product_id ?? sku
    return [
      {
        ...(id === undefined ? {} : { id }),
        ...(name === undefined ? {} : { name }),
        ...(category === undefined ? {} : { category }),
        ...(quantity === undefined ? {} : { quantity }),
        ...(price === undefined ? {} : { price: minorOf(price, currency) }),
      },
    ]
  })

const sumOf = (raw: readonly unknown[]): number | undefined => {
  const prices = raw.map((one) => Product.safeParse(one).data)
  if (prices.length === 0 || prices.some((product) => product?.price === undefined)) return undefined
  return prices.reduce((sum, product) => sum + (product?.price ?? 0) * (product?.quantity ?? 1), 0)
}

/** `Order Completed` of Segment's e-commerce spec; the amount is total, else revenue, else value, else the products'. */
export const orderCompleted = (properties: unknown): Read<FactPayload<'order.completed'>> => {
  const parsed = Completed.safeParse(properties)
  if (!parsed.success) return problem(parsed.error)
  const { order_id, currency, products } = parsed.data
  const raw = products ?? []
  const amount = amountOf(parsed.data, sumOf(raw))
  if ('problem' in amount) return amount
  const unit = currency ?? 'CNY'
  const sum = minorOf(amount.payload, unit)
  return { payload: { orderId: order_id, amount: sum, currency: unit, products: productsOf(raw, unit) } }
}

/** `Order Refunded`: all of an order or, with a smaller amount, a part; `refund_id` tells several parts of one order apart. */
export const orderRefunded = (properties: unknown): Read<FactPayload<'order.refunded'>> => {
  const parsed = Refunded.safeParse(properties)
  if (!parsed.success) return problem(parsed.error)
  const { order_id, currency, refund_id } = parsed.data
  const amount = amountOf(parsed.data)
  if ('problem' in amount) return amount
  const unit = currency ?? 'CNY'
  return {
    payload: {
      orderId: order_id,
      amount: minorOf(amount.payload, unit),
      currency: unit,
      ...(refund_id === undefined ? {} : { refundId: refund_id }),
    },
  }
}

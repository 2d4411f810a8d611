import { z } from 'zod'
import type { OrderProduct } from '@zhiyin/shared/fact'
import { amount, minorOf, type Read } from './order-amount.ts'

export const text = z.union([z.string(), z.number().transform(String)]).pipe(z.string().trim().min(1).max(500))
/** What is not of its kind is as good as absent: an odd product must not cost the order. */
export const optional = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined)

export const Products = z.array(z.unknown()).max(1000)

const Product = z.object({
  product_id: optional(text),
  sku: optional(text),
  name: optional(text),
  category: optional(text),
  brand: optional(text),
  price: optional(amount),
  quantity: optional(z.coerce.number().min(0)),
})

/** So many of an order are kept. */
const mostKept = 100

/** `sum`: what all of them come to, also those that are not kept; null where a price or a number is missing. A discount is below zero. */
export type ReadProducts = { readonly products: OrderProduct[]; readonly sum: number | null }

const isGiven = (raw: unknown, key: string): boolean => {
  const value: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, key) : undefined
  return value !== undefined && value !== null && value !== ''
}

const present = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> | Record<never, never> =>
  value === undefined ? {} : { [key]: value }

/** The products an order names; without a currency without their prices. A price that cannot be read is a mistake: dropped, nobody would learn of it. */
export const productsOf = (raw: readonly unknown[], currency: string | null): Read<ReadProducts> => {
  const products: OrderProduct[] = []
  let sum: number | null = raw.length === 0 ? null : 0
  for (const [place, one] of raw.entries()) {
    const parsed = Product.safeParse(one)
    if (!parsed.success) {
      sum = null
      continue
    }
    const { product_id, sku, name, category, brand, price, quantity } = parsed.data
    const minor =
      price === undefined || price === '' || currency === null
        ? null
        : minorOf(`properties.products.${place}.price`, price, currency)
    if (minor !== null && 'problem' in minor) return minor
    const known = minor !== null && (quantity !== undefined || !isGiven(one, 'quantity'))
    sum = sum === null || !known ? null : sum + minor.payload * (quantity ?? 1)
    if (products.length === mostKept) continue
    products.push({
      ...present('id', product_id ?? sku),
      ...present('name', name),
      ...present('category', category),
      ...present('brand', brand),
      ...present('quantity', quantity),
      ...present('price', minor?.payload),
    })
  }
  return { payload: { products, sum: sum === null ? null : Math.round(sum) } }
}

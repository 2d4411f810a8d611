import { z } from 'zod'

/** Names of Segment's first e-commerce spec, by what the second calls them. */
const second: Readonly<Record<string, string>> = {
  'Viewed Product Category': 'Product List Viewed',
  'Viewed Product': 'Product Viewed',
  'Clicked Product': 'Product Clicked',
  'Added Product': 'Product Added',
  'Removed Product': 'Product Removed',
  'Viewed Promotion': 'Promotion Viewed',
  'Clicked Promotion': 'Promotion Clicked',
  'Viewed Checkout Step': 'Checkout Step Viewed',
  'Completed Checkout Step': 'Checkout Step Completed',
  'Completed Order': 'Order Completed',
  'Updated Order': 'Order Updated',
  'Cancelled Order': 'Order Cancelled',
  'Refunded Order': 'Order Refunded',
}

/** The name an event is kept under. */
export const eventName = (event: string): string => (Object.hasOwn(second, event) ? (second[event] ?? event) : event)

const name = z.string().trim().min(1).max(200).optional().catch(undefined)
const Products = z.array(z.object({ category: name, brand: name, name }).catch({}))

const most = 20

/**
 * What a cart or list of products is about, beside it: the categories, brands and names of its products, where the event names none
 * itself. So that viewing a cart tells of interests as viewing one product does.
 */
export const withProducts = (properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const parsed = Products.safeParse(properties['products'])
  if (!parsed.success || parsed.data.length === 0) return properties
  const all = (key: 'category' | 'brand' | 'name'): string[] =>
    [...new Set(parsed.data.flatMap((product) => product[key] ?? []))].slice(0, most)
  const found = { category: all('category'), brand: all('brand'), product: all('name') }
  const missing = Object.entries(found).filter(([key, values]) => values.length > 0 && properties[key] === undefined)
  return missing.length === 0 ? properties : { ...properties, ...Object.fromEntries(missing) }
}

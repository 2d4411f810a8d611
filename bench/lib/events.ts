import { chanceOf } from '../../sandbox/population/random.ts'

export type Message = {
  readonly type: 'track' | 'page'
  readonly messageId: string
  readonly userId: string
  readonly event?: string
  readonly name?: string
  readonly properties: Readonly<Record<string, unknown>>
}

type Asked = {
  readonly customers: number
  readonly count: number
  readonly seed: number
  /** Each customer at most once. */
  readonly once?: boolean
}

const categories = ['护肤', '彩妆', '香氛', '个护', '礼盒'] as const

/** What a shop's server tells: of ten messages five pages, three products looked at, two orders; from a seed. */
export const eventsOf = ({ customers, count, seed, once = false }: Asked): Message[] => {
  const chance = chanceOf('events', seed)
  const step = Math.max(1, Math.floor(customers / count))
  return Array.from({ length: count }, (_each, i): Message => {
    const customer = once ? (i * step) % customers : chance.int(0, customers - 1)
    const base = { messageId: `bench-${seed}-${i}`, userId: `u${customer}` }
    const category = chance.pick(categories)
    const kind = i % 10
    if (kind < 5)
      return { ...base, type: 'page', name: `${category}专题`, properties: { category, url: `/c/${i % 50}` } }
    if (kind < 8)
      return {
        ...base,
        type: 'track',
        event: 'Product Viewed',
        properties: { product_id: `p${i % 200}`, category, price: 129 },
      }
    const total = 50 + chance.int(0, 950 - 1)
    const products = [
      { product_id: `p${i % 200}`, name: `${category} ${i % 200}`, category, price: total, quantity: 1 },
    ]
    return {
      ...base,
      type: 'track',
      event: 'Order Completed',
      properties: { order_id: `o-${seed}-${i}`, total, currency: 'CNY', products },
    }
  })
}

import type { Product } from './company/catalog.ts'
import type { Exchange } from './company/words.ts'

export type Item = { readonly product: Product; readonly quantity: number }

/** What somebody does; `id` is unique and the same for the same seed, so that doing it twice is harmless. */
export type Act =
  | { readonly kind: 'order'; readonly items: readonly Item[]; readonly total: number }
  | { readonly kind: 'refund'; readonly order: string; readonly amount: number }
  | { readonly kind: 'browse'; readonly event: string; readonly properties: Readonly<Record<string, string | number>> }
  | { readonly kind: 'talk'; readonly exchange: Exchange }
  | { readonly kind: 'join_group' | 'delete_rep' | 'withdraw' }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'remark'; readonly text: string }

/** `at`: minutes since midnight of the history's first day; under 0 for what the shop knew before. */
export type Deed = Act & { readonly id: string; readonly person: number; readonly at: number }

export const minutesOf = (day: number, minute: number): number => day * 1440 + minute

/** The shop's own word of a deed as a Segment message; null for what happens in WeCom. */
export const messageOf = (
  deed: Deed,
  account: string,
  timestamp: string,
): { messageId: string; event: string; properties: Readonly<Record<string, unknown>> } | null => {
  const base = { type: 'track', messageId: deed.id, userId: account, timestamp } as const
  switch (deed.kind) {
    case 'order': {
      const products = deed.items.map(({ product: { id, ...rest }, quantity }) => ({
        product_id: id,
        ...rest,
        quantity,
      }))
      return {
        ...base,
        event: 'Order Completed',
        properties: { order_id: deed.id, total: deed.total, currency: 'CNY', products },
      }
    }
    case 'refund':
      return {
        ...base,
        event: 'Order Refunded',
        properties: { order_id: deed.order, refund_id: deed.id, total: deed.amount, currency: 'CNY' },
      }
    case 'browse':
      return { ...base, event: deed.event, properties: deed.properties }
    default:
      return null
  }
}

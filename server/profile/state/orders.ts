import type { Fact } from '@zhiyin/shared/fact'
import type { Draft } from './draft.ts'
import type { OrderEntry } from './state.ts'

type Placed = NonNullable<OrderEntry['placed']>
type Refund = OrderEntry['refunds'][number]

const mostCategories = 10

const rankOf = (placed: Placed): string => JSON.stringify([placed.at, placed.amount, placed.categories, placed.product])

/** The later version of an order stands; two of the same moment are decided by their content. */
const laterOf = (a: Placed | null, b: Placed): Placed => (a === null || rankOf(b) > rankOf(a) ? b : a)

const orderOf = (draft: Draft, id: string): OrderEntry => draft.orders.get(id) ?? { id, placed: null, refunds: [] }

/** One order stands once, whatever number of facts tell of it. */
export const placeOrder = (draft: Draft, { at, payload }: Fact<'order.completed'>): void => {
  const order = orderOf(draft, payload.orderId)
  const named = payload.products.flatMap(({ category }) => (category === undefined ? [] : [category]))
  const categories = [...new Set(named)].sort().slice(0, mostCategories)
  const product = payload.products.find(({ name }) => name !== undefined)?.name
  const placed: Placed = { at, amount: payload.amount, categories, ...(product === undefined ? {} : { product }) }
  draft.orders.set(order.id, { ...order, placed: laterOf(order.placed, placed) })
}

const refundRank = ({ at, amount }: Refund): string => `${at.toISOString()} ${String(amount).padStart(20, '0')}`

/** A refund stands beside its order even when it is known before it; refunds without an id of their own are told apart by fact. */
export const refundOrder = (draft: Draft, { id: factId, at, payload }: Fact<'order.refunded'>): void => {
  const order = orderOf(draft, payload.orderId)
  const refund: Refund = { id: payload.refundId ?? factId, at, amount: payload.amount }
  const held = order.refunds.find(({ id }) => id === refund.id)
  if (held !== undefined && refundRank(held) >= refundRank(refund)) return
  const refunds = [...order.refunds.filter(({ id }) => id !== refund.id), refund]
  draft.orders.set(order.id, { ...order, refunds: refunds.sort((a, b) => (a.id < b.id ? -1 : 1)) })
}

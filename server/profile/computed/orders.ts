import type { OrderEvent } from '@zhiyin/shared/attribute'
import { standingOrders } from '../signals.ts'
import { orderMark } from '../state/computed.ts'
import { lastVersion, refundsOf } from '../state/orders.ts'
import type { Kept, OrderEntry, TraitValue } from '../state/state.ts'
import { ordersAsk } from './asked.ts'

/** An order, a refund or a cancellation. `valueOf` an amount in another currency than the company's is null, and `foreign` says so. */
export type Deal = {
  readonly at: number
  readonly id: string
  readonly foreign: boolean
  readonly valueOf: (property: string) => TraitValue | null
}

type KeptByKey = ReadonlyMap<string, Kept>

const listed = (names: readonly string[]): TraitValue | null => (names.length === 0 ? null : names)

/** What was told of an order that is not a part of its entry. */
const toldOf = ({ id, placed, updated }: OrderEntry, property: string, kept: KeptByKey): TraitValue | null => {
  const isUpdated = updated !== undefined && placed !== null && updated.at >= placed.at
  const held = kept.get(ordersAsk(property).key)
  const found = held?.ids.indexOf(orderMark(isUpdated ? 'order.updated' : 'order.completed', id)) ?? -1
  const value = held?.values[found] ?? null
  return Array.isArray(value) && value.length === 0 ? null : value
}

/** Orders that stand: cancelled ones and those refunded in full are none; amounts are what is left after refunds. */
const bought = (orders: readonly OrderEntry[], kept: KeptByKey): Deal[] =>
  orders.flatMap((order) =>
    standingOrders([order]).map(({ at, net, foreign, categories }): Deal => ({
      at: at.getTime(),
      id: order.id,
      foreign: foreign !== undefined,
      valueOf: (property) => {
        if (property === 'amount') return foreign === undefined ? net : null
        return property === 'category' ? listed(categories) : toldOf(order, property, kept)
      },
    })),
  )

const dealOf = (at: Date, id: string, categories: readonly string[], amount: number | null): Deal => ({
  at: at.getTime(),
  id,
  foreign: amount === null,
  valueOf: (property) => {
    if (property === 'amount') return amount
    return property === 'category' ? listed(categories) : null
  },
})

/** Each refund by itself, of the categories it names, else of its order's; a full one is all the others have left of the order. */
const refunded = (order: OrderEntry): Deal[] => {
  const version = lastVersion(order)
  const refunds = refundsOf(order, version)
  const parts = refunds.filter(({ full }) => full !== true)
  const left = (version?.amount ?? 0) - parts.reduce((sum, { amount }) => sum + amount, 0)
  const [whole] = refunds
    .filter(({ full }) => full === true)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1))
  return refunds.map((refund) => {
    const amount = refund.full === true ? (refund === whole ? Math.max(0, left) : 0) : refund.amount
    const categories = refund.categories ?? version?.categories ?? []
    return dealOf(refund.at, `${order.id} ${refund.id}`, categories, refund.currency === undefined ? amount : null)
  })
}

const cancelled = (order: OrderEntry): Deal[] => {
  const version = lastVersion(order)
  const amount = version?.currency === undefined ? (version?.amount ?? 0) : null
  return order.cancelledAt === undefined ? [] : [dealOf(order.cancelledAt, order.id, version?.categories ?? [], amount)]
}

const inOrder = (a: Deal, b: Deal): number => a.at - b.at || (a.id < b.id ? -1 : 1)

/** All there ever were, oldest first. */
export const dealsOf = (event: OrderEvent, orders: readonly OrderEntry[], kept: KeptByKey): Deal[] => {
  if (event === 'order.completed') return bought(orders, kept).sort(inOrder)
  return orders.flatMap(event === 'order.refunded' ? refunded : cancelled).sort(inOrder)
}

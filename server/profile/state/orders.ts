import type { Fact, OrderProduct } from '@zhiyin/shared/fact'
import { companyCurrency, minorIn } from '@zhiyin/shared/money'
import type { Draft } from './draft.ts'
import { earliest } from './merge.ts'
import type { OrderEntry, OrderVersion } from './state.ts'

type Refund = OrderEntry['refunds'][number]

/** The later version of an order stands; two of the same moment are decided by their content. */
const rankOf = ({ at, amount, currency, ofOrder, categories, product }: OrderVersion): string =>
  JSON.stringify([at, amount, ofOrder === true ? '-' : (currency ?? ''), categories, product ?? ''])
const laterOf = (a: OrderVersion | null, b: OrderVersion): OrderVersion => (a === null || rankOf(b) > rankOf(a) ? b : a)

const orderOf = (draft: Draft, id: string): OrderEntry => draft.orders.get(id) ?? { id, placed: null, refunds: [] }

type Unit = { readonly currency?: string; readonly ofOrder?: true }

/** The company's own currency goes without saying. */
const unitOf = ({ currency, ofOrder }: { readonly currency: string; readonly ofOrder?: boolean | undefined }): Unit => {
  if (ofOrder === true) return { ofOrder }
  return currency === companyCurrency ? {} : { currency }
}

/** An amount whose currency nobody said, in that of its order. */
const inUnit = <T extends Unit & { readonly amount: number }>(
  told: T,
  currency: string | undefined,
): Omit<T, 'ofOrder'> => {
  if (told.ofOrder !== true) return told
  const { ofOrder: _ofOrder, ...rest } = told
  return currency === undefined ? rest : { ...rest, amount: minorIn(told.amount, companyCurrency, currency), currency }
}

const categoriesIn = (products: readonly OrderProduct[]): string[] =>
  [...new Set(products.flatMap(({ category }) => (category === undefined ? [] : [category])))].sort()

const versionOf = ({ at, payload }: Fact<'order.completed' | 'order.updated'>, unit: Unit): OrderVersion => {
  const categories = categoriesIn(payload.products)
  const product = payload.products.find(({ name }) => name !== undefined)?.name
  return {
    at,
    amount: payload.amount,
    categories,
    ...unit,
    ...(product === undefined ? {} : { product }),
  }
}

/** One order stands once, whatever number of facts tell of it. */
export const placeOrder = (draft: Draft, fact: Fact<'order.completed'>): void => {
  const order = orderOf(draft, fact.payload.orderId)
  draft.orders.set(order.id, { ...order, placed: laterOf(order.placed, versionOf(fact, unitOf(fact.payload))) })
}

/** What an order has become; it counts once the order is known to be placed. */
export const updateOrder = (draft: Draft, fact: Fact<'order.updated'>): void => {
  const order = orderOf(draft, fact.payload.orderId)
  draft.orders.set(order.id, {
    ...order,
    updated: laterOf(order.updated ?? null, versionOf(fact, unitOf(fact.payload))),
  })
}

/** A cancelled order stays cancelled, whatever else is told of it and when: two systems' clocks do not revive it. */
export const cancelOrder = (draft: Draft, { at, payload }: Fact<'order.cancelled'>): void => {
  const order = orderOf(draft, payload.orderId)
  draft.orders.set(order.id, { ...order, cancelledAt: earliest(order.cancelledAt ?? null, at) })
}

const refundRank = ({ at, amount, currency, ofOrder, full, categories = [] }: Refund): string =>
  `${at.toISOString()} ${full === true ? 1 : 0} ${String(amount).padStart(20, '0')} ${ofOrder === true ? '-' : (currency ?? '')} ${categories.join(' ')}`

/** A refund stands beside its order even when it is known before it; refunds without an id of their own are told apart by fact. */
export const refundOrder = (draft: Draft, { id: factId, at, payload }: Fact<'order.refunded'>): void => {
  const order = orderOf(draft, payload.orderId)
  const categories = categoriesIn(payload.products ?? [])
  const refund: Refund = {
    id: payload.refundId ?? factId,
    at,
    amount: payload.amount,
    ...unitOf(payload),
    ...(payload.full === true ? { full: true } : {}),
    ...(categories.length === 0 ? {} : { categories }),
  }
  const held = order.refunds.find(({ id }) => id === refund.id)
  if (held !== undefined && refundRank(held) >= refundRank(refund)) return
  const refunds = [...order.refunds.filter(({ id }) => id !== refund.id), refund]
  draft.orders.set(order.id, { ...order, refunds: refunds.sort((a, b) => (a.id < b.id ? -1 : 1)) })
}

/** What an order is at last, also once cancelled: bought when it was completed, as its last update says. Null while only parts are known. */
export const lastVersion = ({ placed, updated }: OrderEntry): OrderVersion | null =>
  placed === null || updated === undefined || updated.at < placed.at
    ? placed
    : { ...inUnit(updated, placed.currency), at: placed.at }

/** The same, but null once cancelled. */
export const standingVersion = (order: OrderEntry): OrderVersion | null =>
  order.cancelledAt === undefined ? lastVersion(order) : null

/** What was given back of an order, in the currency of what it is; of one that is not known yet in the company's. */
export const refundsOf = ({ refunds }: OrderEntry, version: OrderVersion | null): readonly Refund[] =>
  refunds.some(({ ofOrder }) => ofOrder === true) ? refunds.map((one) => inUnit(one, version?.currency)) : refunds

/** The same order as it was known at a moment. */
export const orderUntil = ({ id, placed, updated, cancelledAt, refunds }: OrderEntry, at: Date): OrderEntry => ({
  id,
  placed: placed !== null && placed.at <= at ? placed : null,
  refunds: refunds.filter((refund) => refund.at <= at),
  ...(updated !== undefined && updated.at <= at ? { updated } : {}),
  ...(cancelledAt !== undefined && cancelledAt <= at ? { cancelledAt } : {}),
})

/** When anything happened to an order. */
export const touchesOf = ({ placed, updated, cancelledAt, refunds }: OrderEntry): Date[] => [
  ...(placed === null ? [] : [placed.at]),
  ...(updated === undefined ? [] : [updated.at]),
  ...(cancelledAt === undefined ? [] : [cancelledAt]),
  ...refunds.map(({ at }) => at),
]

import type { Fact } from '@zhiyin/shared/fact'
import { companyCurrency, minorIn } from '@zhiyin/shared/money'
import { lastVersion } from './state/orders.ts'
import type { OrderEntry } from './state/state.ts'

type Later = Fact<'order.updated' | 'order.refunded'>

/** What was told of an order without saying in which currency. */
export const isOfOrder = (fact: Fact): fact is Later =>
  (fact.type === 'order.updated' || fact.type === 'order.refunded') && fact.payload.ofOrder === true

/** For whoever reads the fact: its amounts in the currency of its order, as far as that is known. */
export const inOrderUnit = (fact: Fact, orders: readonly OrderEntry[]): Fact => {
  if (!isOfOrder(fact)) return fact
  const order = orders.find(({ id }) => id === fact.payload.orderId)
  const currency = (order === undefined ? null : lastVersion(order))?.currency
  if (currency === undefined) return fact
  const unit = { currency, amount: minorIn(fact.payload.amount, companyCurrency, currency) }
  return fact.type === 'order.updated'
    ? { ...fact, payload: { ...fact.payload, ...unit } }
    : { ...fact, payload: { ...fact.payload, ...unit } }
}

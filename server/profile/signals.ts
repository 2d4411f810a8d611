import { dayMs } from './state/merge.ts'
import { standing } from './state/follows.ts'
import { refundsOf, standingVersion } from './state/orders.ts'
import { beforeDay, dayOf } from './state/interactions.ts'
import type { CustomerState, Interaction, OrderEntry } from './state/state.ts'
import { rhythmOf } from './rhythm.ts'

/** An order that stands: what is left of it after refunds, in minor units of the company's currency. */
export type StandingOrder = {
  readonly at: Date
  readonly net: number
  /** Paid in another currency: it counts as a purchase, but its amount is never added to others (`net` is then 0). */
  readonly foreign?: { readonly currency: string; readonly net: number }
  readonly categories: readonly string[]
  readonly product: string | null
}

/** What stage and tier are worked out from. */
export type Signals = {
  readonly firstContactAt: Date | null
  readonly firstReplyAt: Date | null
  readonly lastSeenAt: Date | null
  /** Oldest first. */
  readonly orders: readonly StandingOrder[]
  readonly firstOrderAt: Date | null
  readonly lastOrderAt: Date | null
  readonly spend: number
  /** Days between one's own orders, and over how many purchases. */
  readonly medianGapDays: number | null
  readonly purchases: number
  readonly interactions: readonly Interaction[]
  /** When the customer deleted the last rep who held them; null while a rep holds them or none was deleted by them. */
  readonly deletedAllAt: Date | null
}

const standingOrder = (order: OrderEntry): StandingOrder[] => {
  const version = standingVersion(order)
  if (version === null) return []
  const { at, amount, currency, categories, product } = version
  // A refund in another currency than its order cannot be taken from it.
  const refunds = refundsOf(order, version).filter((refund) => refund.full === true || refund.currency === currency)
  const left = amount - refunds.reduce((sum, refund) => sum + refund.amount, 0)
  const wholly = refunds.some(({ full }) => full === true)
  const net = wholly ? 0 : Math.max(0, left)
  if (net === 0 && (amount > 0 || wholly)) return []
  const money = currency === undefined ? { net } : { net: 0, foreign: { currency, net } }
  return [{ at, ...money, categories, product: product ?? null }]
}

/** Orders not cancelled and not refunded in full. One refunded in full was no purchase; a free one (amount 0) was. */
export const standingOrders = (orders: readonly OrderEntry[]): StandingOrder[] =>
  orders.flatMap(standingOrder).sort((a, b) => a.at.getTime() - b.at.getTime())

/** The average of orders in the company's currency, in minor units; null without any. */
export const averageOf = (orders: readonly StandingOrder[]): number | null => {
  const own = orders.filter(({ foreign }) => foreign === undefined)
  return own.length === 0 ? null : Math.round(own.reduce((sum, { net }) => sum + net, 0) / own.length)
}

/** The share of orders something was given back of, 0..1; null without orders. */
export const refundRate = (orders: readonly OrderEntry[]): number | null => {
  const placed = orders.filter((order) => standingVersion(order) !== null)
  const refunded = placed.filter((order) => order.refunds.length > 0).length
  return placed.length === 0 ? null : Math.round((refunded / placed.length) * 100) / 100
}

const deletedAll = ({ follows }: CustomerState): Date | null => {
  const standings = follows.map(standing)
  if (standings.some(({ state }) => state === 'following')) return null
  const times = standings.filter(({ state }) => state === 'deleted_by_customer').map(({ since }) => since.getTime())
  return times.length === 0 ? null : new Date(Math.max(...times))
}

export const signalsOf = (state: CustomerState): Signals => {
  const orders = standingOrders(state.orders)
  const { medianGapDays, purchases } = rhythmOf(orders.map(({ at }) => at))
  return {
    firstContactAt: state.firstContactAt,
    firstReplyAt: state.firstReplyAt,
    lastSeenAt: state.lastSeenAt,
    orders,
    firstOrderAt: orders[0]?.at ?? null,
    lastOrderAt: orders.at(-1)?.at ?? null,
    spend: orders.reduce((sum, { net }) => sum + net, 0),
    medianGapDays,
    purchases,
    interactions: state.interactions,
    deletedAllAt: deletedAll(state),
  }
}

/** Days passed since, never less than 0. */
export const daysSince = (at: Date, now: Date): number => Math.max(0, (now.getTime() - at.getTime()) / dayMs)
export const wholeDays = (at: Date, now: Date): number => Math.floor(daysSince(at, now))
/** So many days after, in milliseconds. */
export const dueAt = (at: Date, days: number): number => Math.ceil(at.getTime() + days * dayMs)
export const after = (at: Date, days: number): Date => new Date(dueAt(at, days))

/**
 * Interactions of the last `days` days: today and the days before it, days of UTC, so that a rolling window needs no
 * calendar and stays the same when the company's zone changes.
 */
export const interactionsWithin = (interactions: readonly Interaction[], days: number, now: Date): number => {
  const today = Math.floor(now.getTime() / dayMs)
  return beforeDay(interactions, today + 1) - beforeDay(interactions, today - days + 1)
}

/** When the count of `interactionsWithin` falls under `least` by time alone; null when it is not reached now. */
export const fallsUnder = (
  interactions: readonly Interaction[],
  days: number,
  least: number,
  now: Date,
): Date | null => {
  const today = Math.floor(now.getTime() / dayMs)
  const count = interactionsWithin(interactions, days, now)
  if (count < least) return null
  // The one whose leaving makes it one too few.
  const last = interactions[beforeDay(interactions, today - days + 1) + count - least]
  return last === undefined ? null : new Date((dayOf(last) + days) * dayMs)
}

import type { AttributeValue } from '@zhiyin/shared/attribute'
import type { Contact } from '../customers.model.ts'
import type { Orders } from '../levels/level.ts'
import { signalsOf, standingOrders, type Signals } from '../signals.ts'
import { orderUntil, touchesOf } from '../state/orders.ts'
import { mayProfile } from '../state/consents.ts'
import type { CustomerState, OrderEntry } from '../state/state.ts'
import { once } from '../once.ts'
import { attributesOf, type Attributes } from '../attributes.ts'
import type { Definitions } from '../types.ts'
import { putTagsOf, type PutTags } from './put-tags.ts'

export type Attr = { readonly k: string; readonly v: AttributeValue }

/** What places are worked out from: everything of one customer that does not change by time alone. */
export type Person = {
  readonly signals: Signals
  /** Whether tag rules, segments and inferred values may be worked out for them. */
  readonly profiled: boolean
  readonly attributes: Attributes
  readonly tags: PutTags
  readonly groupIds: readonly string[]
  /** The static lists they are on. */
  readonly lists: ReadonlySet<string>
  readonly events: CustomerState['events']
  readonly touchedAt: readonly Date[]
  ordersAt(at: Date): Orders
}

/** Nothing happened to an order but that it was placed. */
const isUntouched = ({ updated, cancelledAt, refunds }: OrderEntry): boolean =>
  updated === undefined && cancelledAt === undefined && refunds.length === 0

/** The orders that stood at a moment. Where nothing happened to any of them, they are the first so many of those that stand now. */
const ordersOf = ({ orders }: CustomerState, signals: Signals, touchedAt: readonly Date[]): Person['ordersAt'] => {
  const newest = Math.max(...touchedAt.map((at) => at.getTime()))
  const untouched = once(() => orders.every(isUntouched))
  return (at) => {
    if (at.getTime() >= newest) return signals
    const stood = untouched()
      ? signals.orders.filter((order) => order.at <= at)
      : standingOrders(orders.map((order) => orderUntil(order, at)))
    return { orders: stood, lastOrderAt: stood.at(-1)?.at ?? null }
  }
}

export const personOf = (state: CustomerState, contact: Contact | null, definitions: Definitions): Person => {
  const signals = signalsOf(state)
  const touchedAt = state.orders.flatMap(touchesOf)
  return {
    signals,
    profiled: mayProfile(state, definitions.profilingNeedsGrant ?? false),
    attributes: attributesOf(state, contact, signals, definitions),
    tags: putTagsOf(state, definitions.tags),
    groupIds: state.groups.flatMap((group) => (group.in ? [group.chatId] : [])),
    lists: new Set(state.lists.flatMap((list) => (list.in ? [list.id] : []))),
    events: state.events,
    touchedAt,
    ordersAt: ordersOf(state, signals, touchedAt),
  }
}

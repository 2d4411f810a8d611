import type { AttributeValue } from '@zhiyin/shared/attribute'
import type { Contact } from '../customers.model.ts'
import type { Orders } from '../levels/level.ts'
import { signalsOf, standingOrders, type Signals } from '../signals.ts'
import { orderUntil, touchesOf } from '../state/orders.ts'
import { mayProfile } from '../state/consents.ts'
import type { CustomerState } from '../state/state.ts'
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

export const personOf = (state: CustomerState, contact: Contact | null, definitions: Definitions): Person => {
  const signals = signalsOf(state)
  const touchedAt = state.orders.flatMap(touchesOf)
  const newest = Math.max(...touchedAt.map((at) => at.getTime()))
  return {
    signals,
    profiled: mayProfile(state, definitions.profilingNeedsGrant ?? false),
    attributes: attributesOf(state, contact, signals, definitions),
    tags: putTagsOf(state, definitions.tags),
    groupIds: state.groups.flatMap((group) => (group.in ? [group.chatId] : [])),
    lists: new Set(state.lists.flatMap((list) => (list.in ? [list.id] : []))),
    events: state.events,
    touchedAt,
    ordersAt: (at) => {
      if (at.getTime() >= newest) return signals
      const orders = standingOrders(state.orders.map((order) => orderUntil(order, at)))
      return { orders, lastOrderAt: orders.at(-1)?.at ?? null }
    },
  }
}

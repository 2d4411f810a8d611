import { isSealed } from '../platform/vault.ts'
import type { Contact } from './customers.model.ts'
import type { Attr } from './place/person.ts'
import type { Signals } from './signals.ts'
import { standing } from './state/follows.ts'
import type { CustomerState } from './state/state.ts'
import { isPersonal } from './state/traits.ts'
import { traitsOf } from './traits-of.ts'
import type { Definitions } from './types.ts'

/** What conditions may ask of a customer's five layers: the values at a moment, and when time alone changes one. */
export type Attributes = { at(now: Date): readonly Attr[]; moments(from: Date): readonly Date[] }

const genders: Readonly<Record<number, string>> = { 1: 'male', 2: 'female' }

const dateOf = (text: unknown): Date | null => {
  const ms = typeof text === 'string' ? Date.parse(text) : NaN
  return Number.isNaN(ms) ? null : new Date(ms)
}

/** Traits as values of the kind their attribute is defined as; without a definition as they came. */
const statedOf = (state: CustomerState, { attributes }: Definitions): Attr[] =>
  [...traitsOf(state)].flatMap(([k, { value }]): Attr[] => {
    if (isPersonal(k) || (typeof value === 'string' && isSealed(value))) return []
    if (attributes.find(({ key }) => key === k)?.type !== 'date') return [{ k, v: value }]
    const date = dateOf(value)
    return date === null ? [] : [{ k, v: date }]
  })

const known = (values: Readonly<Record<string, Attr['v'] | null | undefined>>): Attr[] =>
  Object.entries(values).flatMap(([k, v]) =>
    v === null || v === undefined || (Array.isArray(v) && v.length === 0) ? [] : [{ k, v }],
  )

const workedOut = (state: CustomerState, contact: Contact | null, s: Signals): Attr[] => {
  const placed = state.orders.filter((order) => order.placed !== null)
  const refunded = placed.filter((order) => order.refunds.length > 0).length
  const following = state.follows.filter((follow) => standing(follow).state === 'following')
  return known({
    gender: genders[contact?.gender ?? 0],
    spend: s.spend,
    average_order: s.orders.length === 0 ? null : Math.round(s.spend / s.orders.length),
    cycle_days: s.medianGapDays,
    refund_rate: placed.length === 0 ? null : Math.round((refunded / placed.length) * 100) / 100,
    categories: [...new Set(s.orders.flatMap(({ categories }) => categories))].sort(),
    topics: state.topics.map(({ topic }) => topic),
    reps: following.map(({ userid }) => userid),
    channels: [...new Set(state.follows.flatMap(({ added }) => added?.channelId ?? []))].sort(),
    added_at: s.firstContactAt,
    first_order_at: s.firstOrderAt,
    last_order_at: s.lastOrderAt,
    last_seen_at: s.lastSeenAt,
  })
}

/** The attributes of one customer. A stated value stands before one that is worked out under the same name. */
export const attributesOf = (
  state: CustomerState,
  contact: Contact | null,
  signals: Signals,
  definitions: Definitions,
): Attributes => {
  const stated = statedOf(state, definitions)
  const names = new Set(stated.map(({ k }) => k))
  const fixed = [...stated, ...workedOut(state, contact, signals).filter(({ k }) => !names.has(k))]
  return { at: () => fixed, moments: () => [] }
}

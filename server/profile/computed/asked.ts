import { createHash } from 'node:crypto'
import { isOfOrders, mostKept, type Attribute, type Computation } from '@zhiyin/shared/attribute'

type Of = Computation['of']

/** What is kept of events: which of them, which property, how many and from which end. */
export type EventsAsk = {
  readonly kind: 'events'
  /** Stands for all the rest: two attributes that ask for the same share what is kept. */
  readonly key: string
  readonly of: Of
  readonly property: string | null
  /** Only numbers are of use. */
  readonly numeric: boolean
  readonly end: 'newest' | 'oldest'
  readonly most: number
}
/** What every order says of its products, beyond what the state has of it anyway. */
export type OrdersAsk = { readonly kind: 'orders'; readonly key: string; readonly property: string }
export type Ask = EventsAsk | OrdersAsk

const keyOf = (rest: unknown): string =>
  createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 12)

/** Of orders the state has these itself. */
const inState: ReadonlySet<string> = new Set(['amount', 'category'])

const askedOf = (property: string): OrdersAsk => ({ kind: 'orders', key: keyOf(['orders', property]), property })
const asks = new Map<string, OrdersAsk>()
/** The ask for a property of orders. */
export const ordersAsk = (property: string): OrdersAsk => {
  const held = asks.get(property) ?? askedOf(property)
  if (asks.size < 100) asks.set(property, held)
  return held
}

const eventsAsk = (rest: Omit<EventsAsk, 'kind' | 'key'>): EventsAsk => ({ kind: 'events', ...rest, key: keyOf(rest) })

const endOf = ({ type }: Computation): Pick<EventsAsk, 'end' | 'most'> => {
  if (type === 'first') return { end: 'oldest', most: 1 }
  return { end: 'newest', most: type === 'last' ? 1 : mostKept }
}
const isNumeric = ({ type }: Computation): boolean => type === 'sum' || type === 'average'
const propertyIn = (computation: Computation): string | null =>
  'property' in computation ? computation.property : null

/** One kind of event a computation looks at, with what is kept for it; `asks` are none where the state has all of it. */
export type Look = { readonly of: Of; readonly property: string | null; readonly asks: readonly Ask[] }

const lookOf = (of: Of, computation: Computation): Look => {
  const property = propertyIn(computation)
  if (!isOfOrders(of.event)) {
    const ask = eventsAsk({ of, property, numeric: isNumeric(computation), ...endOf(computation) })
    return { of, property, asks: [ask] }
  }
  const named = [...(property === null ? [] : [property]), ...of.where.map((one) => one.property)]
  const kept = [...new Set(named)].filter((name) => of.event === 'order.completed' && !inState.has(name))
  return { of, property, asks: kept.map(ordersAsk) }
}

type Looks = readonly [Look, ...Look[]]
const found = new WeakMap<Computation, Looks>()

/** What a computation looks at; `ratio` at two. Worked out once for each. */
export const looksOf = (computation: Computation): Looks => {
  const held = found.get(computation)
  if (held !== undefined) return held
  const first = lookOf(computation.of, computation)
  const looks: Looks = computation.type === 'ratio' ? [first, lookOf(computation.to, computation)] : [first]
  found.set(computation, looks)
  return looks
}

const asksOf = (computation: Computation): Ask[] => looksOf(computation).flatMap((look) => look.asks)

/** The kinds of facts an ask is kept from. */
const typesOf = (ask: Ask): readonly string[] =>
  ask.kind === 'orders' ? ['order.completed', 'order.updated'] : [ask.of.event]

/** The kinds of facts of the past that have to be looked through for a computation; none where the state has all of it. */
export const pastOf = (computation: Computation): string[] => [...new Set(asksOf(computation).flatMap(typesOf))]

export type Asked = { readonly keys: ReadonlySet<string>; readonly byType: ReadonlyMap<string, readonly Ask[]> }

const known = new WeakMap<readonly Attribute[], Asked>()

/** Everything some attributes ask to be kept, each once, by kind of fact; worked out once for each list of attributes. */
export const askedBy = (attributes: readonly Attribute[]): Asked => {
  const held = known.get(attributes)
  if (held !== undefined) return held
  const all = new Map(
    attributes.flatMap(({ computation }) =>
      computation === null ? [] : asksOf(computation).map((ask) => [ask.key, ask] as const),
    ),
  )
  const byType = new Map<string, Ask[]>()
  for (const ask of all.values()) for (const type of typesOf(ask)) byType.set(type, [...(byType.get(type) ?? []), ask])
  const asked = { keys: new Set(all.keys()), byType }
  known.set(attributes, asked)
  return asked
}

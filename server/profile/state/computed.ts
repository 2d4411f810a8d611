import type { Fact } from '@zhiyin/shared/fact'
import type { Attribute } from '@zhiyin/shared/attribute'
import { askedBy, type Ask, type Asked, type EventsAsk, type OrdersAsk } from '../computed/asked.ts'
import { isOneOf, numberIn, propertyOf } from '../computed/property.ts'
import { isTakeOver } from './follows.ts'
import { keptKeyOf } from './draft.ts'
import { hashOf, wideHashOf } from './merge.ts'
import { Register } from './register.ts'
import type { CustomerState, Kept, TraitValue } from './state.ts'

type Mark = { readonly at: number; readonly id: number; readonly value: TraitValue | null }
type OrderFact = Fact<'order.completed' | 'order.updated'>

const partsOf = (fact: Fact): Readonly<Record<string, unknown>> =>
  fact.type === 'behavior.tracked' ? fact.payload.properties : Object.fromEntries(Object.entries(fact.payload))

const markOf = (fact: Fact, { of, property, numeric }: EventsAsk): Mark | null => {
  if (of.name !== undefined && (fact.type !== 'behavior.tracked' || fact.payload.name !== of.name)) return null
  const parts = partsOf(fact)
  if (!of.where.every(({ property: name, is }) => isOneOf(propertyOf(parts, name), is))) return null
  const said = property === null ? null : propertyOf(parts, property)
  const value = numeric ? numberIn(said) : said
  if (property !== null && value === null) return null
  return { at: fact.at.getTime(), id: hashOf(fact.id), value }
}

const marksOf = ({ at, ids, values }: Kept): Mark[] =>
  at.map((time, i) => ({ at: time, id: ids[i] ?? 0, value: values[i] ?? null }))

const inOrder = (a: Mark, b: Mark): number => a.at - b.at || a.id - b.id

const keptOf = (key: string, marks: readonly Mark[], hasValues: boolean, more: boolean): Kept => ({
  key,
  at: marks.map(({ at }) => at),
  ids: marks.map(({ id }) => id),
  values: hasValues ? marks.map(({ value }) => value ?? []) : [],
  ...(more ? { more: true as const } : {}),
})

/** The newest (the oldest) so many, each once; and whether there were more. */
const withEvent = (kept: Kept | undefined, fact: Fact, ask: EventsAsk): Kept | null => {
  const mark = markOf(fact, ask)
  if (mark === null) return null
  const marks = kept === undefined ? [] : marksOf(kept)
  if (marks.some(({ id, at }) => id === mark.id && at === mark.at)) return null
  const all = [...marks, mark].sort(inOrder)
  const some = ask.end === 'newest' ? all.slice(-ask.most) : all.slice(0, ask.most)
  const more = kept?.more === true || all.length > some.length
  return keptOf(ask.key, some, ask.property !== null, more)
}

/** How an order, and what it has become, is kept. */
export const orderMark = (type: OrderFact['type'], orderId: string): number => wideHashOf(`${type}:${orderId}`)

const isOrder = (fact: Fact): fact is OrderFact => fact.type === 'order.completed' || fact.type === 'order.updated'

/** How many things: a product without a number is one. */
const quantityOf = ({ payload }: OrderFact): number =>
  payload.products.reduce((sum, { quantity }) => sum + (quantity ?? 1), 0)

/** Of an order told twice the later telling stands; of one moment the content decides. */
const isLater = (a: Mark, b: Mark): boolean =>
  a.at !== b.at ? a.at > b.at : JSON.stringify(a.value) > JSON.stringify(b.value)

/** What every order says, and what each update of it says: which of the two stands is for the order to tell. */
const withOrder = (kept: Kept | undefined, fact: Fact, { key, property }: OrdersAsk): Kept | null => {
  if (!isOrder(fact)) return null
  const value = property === 'quantity' ? quantityOf(fact) : (propertyOf(partsOf(fact), property) ?? [])
  const mark = { at: fact.at.getTime(), id: orderMark(fact.type, fact.payload.orderId), value }
  const marks = kept === undefined ? [] : marksOf(kept)
  const same = marks.find(({ id }) => id === mark.id)
  if (same !== undefined && !isLater(mark, same)) return null
  return keptOf(key, [...marks.filter((one) => one !== same), mark].sort(inOrder), true, false)
}

const withFact = (kept: Kept | undefined, fact: Fact, ask: Ask): Kept | null =>
  ask.kind === 'orders' ? withOrder(kept, fact, ask) : withEvent(kept, fact, ask)

/**
 * Keeps a fact for the computed attributes that ask for it: of events the newest so many, of orders every one. Which ones are kept does not
 * depend on the order they come in, nor on repetition.
 */
export const keepFor = (register: Register<string, Kept>, fact: Fact, { byType }: Asked): void => {
  const asks = byType.get(fact.type)
  if (asks === undefined || isTakeOver(fact)) return
  for (const ask of asks) {
    const next = withFact(register.get(ask.key), fact, ask)
    if (next !== null) register.set(ask.key, next)
  }
}

/** Shows facts to the computed attributes again; the rest of the state stays. The same state where nothing is new to them. */
export const withKept = (
  state: CustomerState,
  facts: readonly Fact[],
  attributes: readonly Attribute[],
): CustomerState => {
  const asked = askedBy(attributes)
  const register = new Register(state.computed, keptKeyOf)
  for (const fact of facts) keepFor(register, fact, asked)
  return register.values === state.computed ? state : { ...state, computed: register.values }
}

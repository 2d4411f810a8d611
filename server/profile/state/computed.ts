import type { Fact } from '@zhiyin/shared/fact'
import type { Attribute } from '@zhiyin/shared/attribute'
import { askedBy, type Ask, type Asked } from '../computed/asked.ts'
import { isTakeOver } from './follows.ts'
import { hashOf, sorted } from './merge.ts'
import type { CustomerState, Kept, TraitValue } from './state.ts'
import { traitValue } from './traits.ts'

type Mark = { readonly at: number; readonly id: number; readonly value: TraitValue | null }
type Parts = Readonly<Record<string, unknown>>

const partsOf = (fact: Fact): Parts =>
  fact.type === 'behavior.tracked' ? fact.payload.properties : Object.fromEntries(Object.entries(fact.payload))

const isParts = (value: unknown): value is Parts => typeof value === 'object' && value !== null

/** What an event says of a property: its own, or that of its products (then as a list). */
const valueOf = (parts: Parts, property: string): TraitValue | null => {
  const own = traitValue(parts[property])
  if (own !== null) return own
  const products = parts['products']
  if (!Array.isArray(products)) return null
  return traitValue(products.map((product: unknown) => (isParts(product) ? product[property] : null)))
}

const isOneOf = (value: TraitValue | null, wanted: readonly TraitValue[]): boolean =>
  value !== null && (typeof value === 'object' ? value.some((part) => wanted.includes(part)) : wanted.includes(value))

const numberIn = (value: TraitValue | null): number | null => {
  if (typeof value === 'number') return value
  const read = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : NaN
  return Number.isFinite(read) ? read : null
}

/** One order, one refund: told again with more it is the same one. The first of all is a fact as it was told. */
const identityOf = (fact: Fact, end: Ask['end']): string => {
  if (end === 'oldest') return fact.id
  if (fact.type === 'order.completed') return `order:${fact.payload.orderId}`
  return fact.type === 'order.refunded' ? `refund:${fact.payload.refundId ?? fact.id}` : fact.id
}

const markOf = (fact: Fact, parts: Parts, { of, property, numeric, end }: Ask): Mark | null => {
  if (of.name !== undefined && (fact.type !== 'behavior.tracked' || fact.payload.name !== of.name)) return null
  if (!of.where.every(({ property: name, is }) => isOneOf(valueOf(parts, name), is))) return null
  const said = property === null ? null : valueOf(parts, property)
  const value = numeric ? numberIn(said) : said
  if (property !== null && value === null) return null
  return { at: fact.at.getTime(), id: hashOf(identityOf(fact, end)), value }
}

const marksOf = ({ at, ids, values }: Kept): Mark[] =>
  at.map((time, i) => ({ at: time, id: ids[i] ?? 0, value: values[i] ?? null }))

/** Of the same thing told twice the later telling stands; of one moment the content decides. */
const isLater = (a: Mark, b: Mark): boolean =>
  a.at !== b.at ? a.at > b.at : JSON.stringify(a.value) > JSON.stringify(b.value)

const inOrder = (a: Mark, b: Mark): number => a.at - b.at || a.id - b.id

const keptWith = (kept: Kept | undefined, mark: Mark, { key, property, end, most }: Ask): Kept | null => {
  const marks = kept === undefined ? [] : marksOf(kept)
  const same = marks.find(({ id }) => id === mark.id)
  if (same !== undefined && !isLater(mark, same)) return null
  const all = [...marks.filter((one) => one !== same), mark].sort(inOrder)
  const some = end === 'newest' ? all.slice(-most) : all.slice(0, most)
  return {
    key,
    at: some.map(({ at }) => at),
    ids: some.map(({ id }) => id),
    values: property === null ? [] : some.map(({ value }) => value ?? ''),
  }
}

/**
 * Keeps an event for the computed attributes that ask for it: of each, the newest 200 (one for the first and the last). Which ones
 * are kept does not depend on the order they come in, nor on repetition: an order or a refund is one, whatever number of facts tell of it.
 */
export const keepFor = (register: Map<string, Kept>, fact: Fact, { byEvent }: Asked): void => {
  const asks = byEvent.get(fact.type)
  if (asks === undefined || isTakeOver(fact)) return
  const parts = partsOf(fact)
  for (const ask of asks) {
    const mark = markOf(fact, parts, ask)
    const next = mark === null ? null : keptWith(register.get(ask.key), mark, ask)
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
  const register = new Map(state.computed.map((kept) => [kept.key, kept]))
  for (const fact of facts) keepFor(register, fact, asked)
  const before = new Set(state.computed)
  return [...register.values()].every((kept) => before.has(kept)) ? state : { ...state, computed: sorted(register) }
}

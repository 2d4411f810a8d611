import { isOfOrders, mostKept, type OrderEvent } from '@zhiyin/shared/attribute'
import { touchesOf } from '../state/orders.ts'
import { dayMs } from '../state/merge.ts'
import type { CustomerState, Kept, OrderEntry, TraitValue } from '../state/state.ts'
import type { Look } from './asked.ts'
import { dealsOf, type Deal } from './orders.ts'
import { isOneOf, numberIn } from './property.ts'

/** What computed values are worked out from; a fact is only in it once its moment has come. */
export type Source = { readonly kept: ReadonlyMap<string, Kept>; readonly orders: readonly OrderEntry[] }

export const sourceOf = ({ computed, orders }: Pick<CustomerState, 'computed' | 'orders'>): Source => ({
  kept: new Map(computed.map((one) => [one.key, one])),
  orders,
})

/** The events of a look within its window, oldest first. */
export type Found = {
  readonly at: readonly number[]
  readonly values: readonly TraitValue[]
  /** Only the newest so many are known, and the window reaches back further. */
  readonly newest: number | null
  /** Amounts in other currencies than the company's, which are in no sum. */
  readonly foreign: number
  /** The newest of all there ever were. */
  readonly last: number | null
}

export const nothing: Found = { at: [], values: [], newest: null, foreign: 0, last: null }

const foundOfOrders = (event: OrderEvent, { of, property }: Look, { orders, kept }: Source, from: number): Found => {
  const all = dealsOf(event, orders, kept).filter(({ valueOf }) =>
    of.where.every(({ property: name, is }) => isOneOf(valueOf(name), is)),
  )
  const some = all.filter(({ at }) => at > from)
  const said = some.flatMap((deal): { deal: Deal; value: TraitValue }[] => {
    const value = property === null ? [] : deal.valueOf(property)
    return value === null ? [] : [{ deal, value }]
  })
  return {
    at: said.map(({ deal }) => deal.at),
    values: said.map(({ value }) => value),
    newest: null,
    foreign: property === 'amount' ? some.filter(({ foreign }) => foreign).length : 0,
    last: all.at(-1)?.at ?? null,
  }
}

const foundOfEvents = ({ asks: [ask] }: Look, { kept }: Source, from: number): Found => {
  const all = ask === undefined ? undefined : kept.get(ask.key)
  if (all === undefined) return nothing
  const begin = all.at.findIndex((at) => at > from)
  const [first = from] = all.at
  const reachesBack = all.more === true && all.at.length === mostKept && first > from
  return {
    at: begin === -1 ? [] : all.at.slice(begin),
    values: begin === -1 ? [] : all.values.slice(begin),
    newest: reachesBack ? mostKept : null,
    foreign: 0,
    last: all.at.at(-1) ?? null,
  }
}

/** The events of a look within the window that ends at `now`: an event leaves it exactly so many days after it happened. */
export const eventsFor = (look: Look, source: Source, days: number | null, now: Date): Found => {
  const from = days === null ? -Infinity : now.getTime() - days * dayMs
  const { event } = look.of
  return isOfOrders(event) ? foundOfOrders(event, look, source, from) : foundOfEvents(look, source, from)
}

/** When something came. */
export const momentsIn = ({ of, asks: [ask] }: Look, { kept, orders }: Source): number[] => {
  if (isOfOrders(of.event)) return orders.flatMap(touchesOf).map((at) => at.getTime())
  return ask === undefined ? [] : [...(kept.get(ask.key)?.at ?? [])]
}

/** Their values as numbers; what is none is left out. */
export const numbersOf = (values: readonly TraitValue[]): number[] => values.flatMap((value) => numberIn(value) ?? [])

import { createHash } from 'node:crypto'
import type { Attribute, Computation } from '@zhiyin/shared/attribute'

type Of = Extract<Computation, { type: 'count' }>['of']

/** What is kept of events: which of them, which property, how many and from which end. */
export type Ask = {
  /** Stands for all the rest: two attributes that ask for the same share what is kept. */
  readonly key: string
  readonly of: Of
  readonly property: string | null
  /** Only numbers are of use. */
  readonly numeric: boolean
  readonly end: 'newest' | 'oldest'
  readonly most: number
}

/** So many events are kept for one attribute; it is exact while no more fall into its window. */
export const mostKept = 200

const askFor = (rest: Omit<Ask, 'key'>): Ask => ({
  ...rest,
  key: createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 12),
})

const newest = (of: Of, property: string | null, numeric = false, most = mostKept): Ask =>
  askFor({ of, property, numeric, end: 'newest', most })

type Asks = readonly [Ask, ...Ask[]]

const asksFor = (computation: Computation): Asks => {
  const { of } = computation
  switch (computation.type) {
    case 'count':
    case 'median_gap':
      return [newest(of, null)]
    case 'sum':
    case 'average':
      return [newest(of, computation.property, true)]
    case 'first':
      return [askFor({ of, property: computation.property, numeric: false, end: 'oldest', most: 1 })]
    case 'last':
      return [newest(of, computation.property, false, 1)]
    case 'top':
    case 'unique':
      return [newest(of, computation.property)]
    case 'ratio':
      return [newest(of, null), newest(computation.to, null)]
  }
}

const found = new WeakMap<Computation, Asks>()

/** What a computation is worked out from; `ratio` asks for two. Worked out once for each. */
export const asksOf = (computation: Computation): Asks => {
  const held = found.get(computation)
  if (held !== undefined) return held
  const asks = asksFor(computation)
  found.set(computation, asks)
  return asks
}

export type Asked = { readonly keys: ReadonlySet<string>; readonly byEvent: ReadonlyMap<string, readonly Ask[]> }

const known = new WeakMap<readonly Attribute[], Asked>()

/** Everything some attributes ask for, each once, by kind of event; worked out once for each list of attributes. */
export const askedBy = (attributes: readonly Attribute[]): Asked => {
  const held = known.get(attributes)
  if (held !== undefined) return held
  const asks = new Map(
    attributes.flatMap(({ computation }) =>
      computation === null ? [] : asksOf(computation).map((ask) => [ask.key, ask] as const),
    ),
  )
  const byEvent = new Map<string, Ask[]>()
  for (const ask of asks.values()) byEvent.set(ask.of.event, [...(byEvent.get(ask.of.event) ?? []), ask])
  const asked = { keys: new Set(asks.keys()), byEvent }
  known.set(attributes, asked)
  return asked
}

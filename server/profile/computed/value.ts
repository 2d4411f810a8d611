import type { Computation } from '@zhiyin/shared/attribute'
import { commonest } from '../commonest.ts'
import { rhythmOf } from '../rhythm.ts'
import { dayMs } from '../state/merge.ts'
import type { Kept, TraitValue } from '../state/state.ts'
import { asksOf, type Ask } from './asked.ts'

export type ComputedValue = { readonly value: TraitValue | Date; readonly at: Date | null }

type KeptByKey = ReadonlyMap<string, Kept>
type Events = { readonly at: readonly number[]; readonly values: readonly TraitValue[] }

const none: Events = { at: [], values: [] }
const four = (value: number): number => Math.round(value * 10_000) / 10_000

/** What is kept for an ask and lies within the window that ends at `now`: an event leaves it exactly so many days after it happened. */
const within = (kept: KeptByKey, { key }: Ask, days: number | null, now: Date): Events => {
  const all = kept.get(key)
  if (all === undefined) return none
  if (days === null) return all
  const from = all.at.findIndex((at) => at > now.getTime() - days * dayMs)
  return from === -1 ? none : { at: all.at.slice(from), values: all.values.slice(from) }
}

const sumOf = (values: readonly TraitValue[]): number =>
  values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0)

const textsOf = (values: readonly TraitValue[]): string[] =>
  values.flatMap((value) => (typeof value === 'object' ? value : [String(value)]))

const valueOf = (computation: Computation, events: Events, others: Events): TraitValue | Date | null => {
  const { at, values } = events
  switch (computation.type) {
    case 'count':
      return at.length
    case 'sum':
      return four(sumOf(values))
    case 'average':
      return values.length === 0 ? null : four(sumOf(values) / values.length)
    case 'first':
    case 'last': {
      const time = at[0]
      if (computation.property !== null) return values[0] ?? null
      return time === undefined ? null : new Date(time)
    }
    case 'top': {
      const names = commonest(textsOf(values), computation.most)
      return names.length === 0 ? null : names
    }
    case 'unique':
      return new Set(textsOf(values)).size
    case 'ratio':
      return at.length === 0 ? null : four(others.at.length / at.length)
    case 'median_gap':
      return rhythmOf(at.map((time) => new Date(time))).medianGapDays
  }
}

const windowOf = (computation: Computation): number | null =>
  'windowDays' in computation ? computation.windowDays : null

/**
 * What a computation comes to at a moment; null where it has no value (the average of nothing). `at`: the newest event behind it, null
 * where there never was one. Exact while its window holds no more than 200 of its events; beyond that of the newest 200.
 */
export const computedAt = (computation: Computation, kept: KeptByKey, now: Date): ComputedValue | null => {
  const days = windowOf(computation)
  const [first, second] = asksOf(computation)
  const events = within(kept, first, days, now)
  const value = valueOf(computation, events, second === undefined ? none : within(kept, second, days, now))
  const newest = kept.get(first.key)?.at.at(-1)
  return value === null ? null : { value, at: newest === undefined ? null : new Date(newest) }
}

const same = (a: ComputedValue | null, b: ComputedValue | null): boolean =>
  JSON.stringify(a?.value ?? null) === JSON.stringify(b?.value ?? null)

/** The first moment after `from` at which an event leaves the window and the value is another one; null when none does. */
export const nextChangeOf = (computation: Computation, kept: KeptByKey, from: Date): Date | null => {
  const days = windowOf(computation)
  if (days === null) return null
  const leaving = asksOf(computation)
    .flatMap(({ key }) => kept.get(key)?.at ?? [])
    .map((at) => at + days * dayMs)
    .filter((at) => at > from.getTime())
    .sort((a, b) => a - b)
  const now = computedAt(computation, kept, from)
  const found = [...new Set(leaving)].find((at) => !same(now, computedAt(computation, kept, new Date(at))))
  return found === undefined ? null : new Date(found)
}

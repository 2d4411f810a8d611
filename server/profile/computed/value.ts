import type { Computation } from '@zhiyin/shared/attribute'
import { commonest } from '../commonest.ts'
import { rhythmOf } from '../rhythm.ts'
import { dayMs } from '../state/merge.ts'
import type { TraitValue } from '../state/state.ts'
import { looksOf } from './asked.ts'
import { eventsFor, momentsIn, nothing, numbersOf, type Found, type Source } from './events.ts'

/** How far a value is exact. */
export type Reach = {
  /** Of the newest so many events only, where there were more. */
  readonly newest: number | null
  /** Orders in other currencies, whose amounts are left out. */
  readonly foreign: number
}

export type ComputedValue = {
  readonly value: TraitValue | Date
  /** The newest event behind it; null where there never was one. */
  readonly at: Date | null
  readonly reach: Reach
}

const four = (value: number): number => Math.round(value * 10_000) / 10_000

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0)

const textsOf = (values: readonly TraitValue[]): string[] =>
  values.flatMap((value) => (typeof value === 'object' ? value : [String(value)]))

const valueOf = (computation: Computation, { at, values }: Found, others: Found): TraitValue | Date | null => {
  switch (computation.type) {
    case 'count':
      return at.length
    case 'sum':
      return four(sumOf(numbersOf(values)))
    case 'average': {
      const numbers = numbersOf(values)
      return numbers.length === 0 ? null : four(sumOf(numbers) / numbers.length)
    }
    case 'first':
    case 'last': {
      const end = computation.type === 'first' ? 0 : -1
      if (computation.property !== null) return values.at(end) ?? null
      const time = at.at(end)
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
 * What a computation comes to at a moment; null where it has no value (the average of nothing). Exact for orders, net of refunds and without
 * cancelled ones; for other events while its window holds no more of them than are kept, and it says where it does.
 */
export const computedAt = (computation: Computation, source: Source, now: Date): ComputedValue | null => {
  const days = windowOf(computation)
  const [first, second] = looksOf(computation)
  const events = eventsFor(first, source, days, now)
  const others = second === undefined ? nothing : eventsFor(second, source, days, now)
  const value = valueOf(computation, events, others)
  if (value === null) return null
  return {
    value,
    at: events.last === null ? null : new Date(events.last),
    reach: { newest: events.newest ?? others.newest, foreign: events.foreign },
  }
}

const same = (a: ComputedValue | null, b: ComputedValue | null): boolean =>
  JSON.stringify(a?.value ?? null) === JSON.stringify(b?.value ?? null)

/** The first moment after `from` at which an event leaves the window and the value is another one; null when none does. */
export const nextChangeOf = (computation: Computation, source: Source, from: Date): Date | null => {
  const days = windowOf(computation)
  if (days === null) return null
  const leaving = looksOf(computation)
    .flatMap((look) => momentsIn(look, source))
    .map((at) => at + days * dayMs)
    .filter((at) => at > from.getTime())
    .sort((a, b) => a - b)
  if (leaving.length === 0) return null
  const now = computedAt(computation, source, from)
  const found = [...new Set(leaving)].find((at) => !same(now, computedAt(computation, source, new Date(at))))
  return found === undefined ? null : new Date(found)
}

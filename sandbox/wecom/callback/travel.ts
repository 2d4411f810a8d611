import { chanceOf } from '../../population/random.ts'
import type { z } from 'zod'
import { CallbackMode, type CallbackRelease, type How } from '../admin/endpoints/callbacks.ts'

export type Mode = z.output<typeof CallbackMode>
export type Order = z.output<typeof CallbackRelease>['order']

/** What the switches say of each delivery. The same seed and the same events give the same fates. */
export interface Travel {
  mode(): Mode
  set(mode: Mode): void
  /** As it should be. */
  reset(): void
  /** Whether this one is lost; counts it. */
  isLost(event: string): boolean
  /** The bent copies that come before this one. */
  bends(): How[]
  ordered<T>(list: readonly T[], order: Order): T[]
}

/** Callbacks travel as they should until `set` says otherwise. */
export function createTravel(): Travel {
  let mode = CallbackMode.parse({})
  let chance = chanceOf(mode.seed)
  const set = (wanted: Mode): void => {
    mode = wanted
    chance = chanceOf(mode.seed)
  }
  return {
    mode: () => mode,
    set,
    reset: () => set(CallbackMode.parse({})),
    isLost(event) {
      if (mode.dropEvents.some((name) => event === name || event.startsWith(`${name}.`))) return true
      if (mode.dropNext > 0) {
        mode = { ...mode, dropNext: mode.dropNext - 1 }
        return true
      }
      return mode.dropPercent > 0 && chance.is(mode.dropPercent / 100)
    },
    bends: () => mode.bend.filter(() => chance.is(mode.bendPercent / 100)),
    ordered(list, order) {
      if (order === 'normal') return [...list]
      if (order === 'reverse') return list.toReversed()
      const drawn = list.map((item) => ({ item, at: chance.next() }))
      return drawn.toSorted((a, b) => a.at - b.at).map(({ item }) => item)
    },
  }
}

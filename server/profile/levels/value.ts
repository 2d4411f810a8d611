import { because, type Because } from '@zhiyin/shared/because'
import type { Level, TierScheme } from '@zhiyin/shared/tier-scheme'
import type { Orders, Raw } from './level.ts'
import { leavingAt, measured, type Measured } from './measures.ts'
import { amountOf, placeBy, type Value } from './place-by.ts'

const codes = { spend: 'tier.value_spend', orders: 'tier.value_orders', average_order: 'tier.value_average' } as const

/** How much more lifts somebody above a place: into the best level that asks for no more than the one just above it. */
export const valueNext = (how: Value, levels: readonly Level[], of: Measured | null, place: number): Because[] => {
  const limit = how.limits[place - 1]
  const level = limit === undefined ? undefined : levels[how.limits.findIndex((least) => limit >= least)]
  if (limit === undefined || level === undefined) return []
  const to = level.name
  if (how.measure === 'average_order') return [because('tier.next_average', { amount: limit, to })]
  const more = limit - amountOf(how.measure, of)
  return [
    how.measure === 'spend'
      ? because('tier.next', { amount: more, to })
      : because('tier.next_orders', { count: Math.ceil(more), to }),
  ]
}

/** The level by what a customer bought within the window, and how much more reaches the level above. */
export const valueLevel = (how: Value, { levels }: TierScheme, orders: Orders, now: Date): Raw => {
  const of = measured(orders, how.windowDays, now)
  const amount = amountOf(how.measure, of)
  const place = placeBy(how, of)
  return {
    place,
    because: [because(codes[how.measure], { window: how.windowDays, amount })],
    next: valueNext(how, levels, of, place),
    rfm: null,
  }
}

/** Every later moment, in milliseconds, at which an order leaves the window. */
export const valueMoments = ({ windowDays }: Value, orders: Orders, from: Date): number[] =>
  leavingAt(orders, windowDays, from).filter((at) => at > from.getTime())

import { because, type Because } from '@zhiyin/shared/because'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'
import type { Orders, Raw } from './level.ts'
import { leavingAt, measured } from './measures.ts'
import { amountOf, placeBy, type Value } from './place-by.ts'

const codes = { spend: 'tier.value_spend', orders: 'tier.value_orders', average_order: 'tier.value_average' } as const

const nextUp = ({ measure }: Value, amount: number, limit: number, to: string): Because => {
  if (measure === 'average_order') return because('tier.next_average', { amount: limit, to })
  const more = limit - amount
  return measure === 'spend'
    ? because('tier.next', { amount: more, to })
    : because('tier.next_orders', { count: more, to })
}

/** The level by what a customer bought within the window, and how much more reaches the level above. */
export const valueLevel = (how: Value, { levels }: TierScheme, orders: Orders, now: Date): Raw => {
  const of = measured(orders, how.windowDays, now)
  const amount = amountOf(how.measure, of)
  const place = placeBy(how, of)
  const [above, limit] = [levels[place - 1], how.limits[place - 1]]
  return {
    place,
    because: [because(codes[how.measure], { window: how.windowDays, amount })],
    next: above === undefined || limit === undefined ? [] : [nextUp(how, amount, limit, above.name)],
    rfm: null,
  }
}

/** Every later moment, in milliseconds, at which an order leaves the window. */
export const valueMoments = ({ windowDays }: Value, orders: Orders, from: Date): number[] =>
  leavingAt(orders, windowDays, from).filter((at) => at > from.getTime())

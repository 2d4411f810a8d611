import { because } from '@zhiyin/shared/because'
import type { TierHow, TierScheme } from '@zhiyin/shared/tier-scheme'
import { after, averageOf, type StandingOrder } from '../signals.ts'
import type { Orders, Raw } from './level.ts'
import { withinWindow } from './rfm.ts'

type Value = Extract<TierHow, { type: 'value' }>

const amountOf = (measure: Value['measure'], orders: readonly StandingOrder[]): number => {
  if (measure === 'spend') return orders.reduce((sum, { net }) => sum + net, 0)
  return measure === 'orders' ? orders.length : (averageOf(orders) ?? 0)
}

/** The level by what a customer bought within the window, and how much more reaches the level above. */
export const valueLevel = (how: Value, { levels }: TierScheme, { orders }: Orders, now: Date): Raw => {
  const { measure, limits, windowDays: window } = how
  const amount = amountOf(measure, withinWindow(orders, window, now))
  const found = limits.findIndex((least) => amount >= least)
  const place = found === -1 ? limits.length : found
  const [above, limit] = [levels[place - 1], limits[place - 1]]
  const code =
    measure === 'orders' ? 'tier.value_orders' : measure === 'spend' ? 'tier.value_spend' : 'tier.value_average'
  const more = limit === undefined ? 0 : limit - amount
  return {
    place,
    because: [because(code, { window, amount })],
    next:
      above === undefined || limit === undefined
        ? null
        : measure === 'spend'
          ? because('tier.next', { amount: more, to: above.name })
          : measure === 'orders'
            ? because('tier.next_orders', { count: more, to: above.name })
            : because('tier.next_average', { amount: limit, to: above.name }),
    rfm: null,
  }
}

/** Every later moment at which an order leaves the window. */
export const valueMoments = ({ windowDays }: Value, { orders }: Orders, from: Date): Date[] =>
  withinWindow(orders, windowDays, from)
    .map(({ at }) => after(at, windowDays))
    .filter((at) => at > from)

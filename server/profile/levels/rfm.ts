import { because, type Because } from '@zhiyin/shared/because'
import type { RfmGroup, RfmScores } from '@zhiyin/shared/tier'
import type { Level, TierScheme } from '@zhiyin/shared/tier-scheme'
import { dueAt, wholeDays } from '../signals.ts'
import type { Orders, Raw } from './level.ts'
import { leavingAt, measured, type Measured } from './measures.ts'
import { reached, rising, scoresOf, type Rfm } from './place-by.ts'

/** High is a score above 3. The eight groups are those of the RFM cube as the field names them (重要价值 … 一般挽留). */
const groups: Readonly<Record<string, RfmGroup>> = {
  HHH: 'champion',
  HLH: 'grow',
  LHH: 'keep',
  LLH: 'rescue',
  HHL: 'value',
  HLL: 'develop',
  LHL: 'hold',
  LLL: 'idle',
}

const high = (score: number): 'H' | 'L' => (score > 3 ? 'H' : 'L')

export const groupOf = ({ r, f, m }: RfmScores): RfmGroup => groups[`${high(r)}${high(f)}${high(m)}`] ?? 'idle'

/** The least spend, in so many more orders today, that reaches a level above a place; null where no spend does. */
const leastSpend = (how: Rfm, f: number, spend: number, place: number): { extra: number; place: number } | null => {
  const by = (extra: number): number => reached({ r: 5, f, m: rising(spend + extra, how.monetary) }, how.sums)
  if (by(0) < place) return { extra: 0, place: by(0) }
  const extra = how.monetary.map((limit) => limit - spend).find((amount) => amount > 0 && by(amount) < place)
  return extra === undefined ? null : { extra, place: by(extra) }
}

/** The fewest more orders today, and the least they may come to, that lift somebody above a place. */
export const rfmNext = (how: Rfm, levels: readonly Level[], of: Measured | null, place: number): Because[] => {
  const { orders = 0, spend = 0 } = of ?? {}
  let more = 1
  for (;;) {
    const found = leastSpend(how, rising(orders + more, how.frequency), spend, place)
    const level = found === null ? undefined : levels[found.place]
    if (found !== null && level !== undefined) {
      const [to, amount] = [level.name, found.extra]
      if (more === 1) return [amount === 0 ? because('tier.next_order', { to }) : because('tier.next', { amount, to })]
      const count = more
      return [
        amount === 0 ? because('tier.next_orders', { count, to }) : because('tier.next_both', { count, amount, to }),
      ]
    }
    // More orders change something where they reach the next limit.
    const limit = how.frequency.find((least) => least > orders + more)
    if (limit === undefined) return []
    more = Math.ceil(limit - orders)
  }
}

/** The level by recency, frequency and money within the scheme's window, why, and what would move the customer up. */
export const rfmLevel = (how: Rfm, { levels }: TierScheme, orders: Orders, now: Date): Raw => {
  const of = measured(orders, how.windowDays, now)
  const { orders: count = 0, spend = 0 } = of ?? {}
  const { lastOrderAt } = orders
  const scores = scoresOf(how, of)
  const place = reached(scores, how.sums)
  const reason =
    lastOrderAt === null
      ? because('tier.no_order')
      : because('tier.rfm', {
          ...scores,
          days: wholeDays(lastOrderAt, now),
          window: how.windowDays,
          orders: count,
          amount: spend,
        })
  return { place, because: [reason], next: rfmNext(how, levels, of, place), rfm: { scores, group: groupOf(scores) } }
}

/** Every later moment, in milliseconds, at which time alone may change a score: recency limits passed, orders leaving the window. */
export const rfmMoments = (how: Rfm, orders: Orders, from: Date): number[] => {
  const { lastOrderAt } = orders
  if (lastOrderAt === null) return []
  const moments = leavingAt(orders, how.windowDays, from)
  for (const limit of how.recencyDays) moments.push(dueAt(lastOrderAt, Math.floor(limit) + 1))
  return moments.filter((at) => at > from.getTime())
}

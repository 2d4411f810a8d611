import { because, type Because } from '@zhiyin/shared/because'
import type { RfmGroup, RfmScores } from '@zhiyin/shared/tier'
import type { Level, TierScheme } from '@zhiyin/shared/tier-scheme'
import { dueAt, wholeDays } from '../signals.ts'
import type { Orders, Raw } from './level.ts'
import { leavingAt, measured } from './measures.ts'
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

/** The least spend, as one more order today, that lifts somebody into the level above; null where one order cannot. */
const nextUp = (place: number, orders: number, spend: number, how: Rfm, levels: readonly Level[]): Because | null => {
  const above = levels[place - 1]
  if (above === undefined) return null
  const to = above.name
  const f = rising(orders + 1, how.frequency)
  const enough = (extra: number): boolean =>
    reached({ r: 5, f, m: rising(spend + extra, how.monetary) }, how.sums) < place
  if (enough(0)) return because('tier.next_order', { to })
  const extra = how.monetary.map((limit) => limit - spend).find((amount) => amount > 0 && enough(amount))
  return extra === undefined ? null : because('tier.next', { amount: extra, to })
}

/** The level by recency, frequency and money within the scheme's window, why, and what would move the customer up. */
export const rfmLevel = (how: Rfm, { levels }: TierScheme, orders: Orders, now: Date): Raw => {
  const of = measured(orders, how.windowDays, now)
  const { orders: count = 0, spend = 0 } = of ?? {}
  const { lastOrderAt } = orders
  const scores = scoresOf(how, of)
  const place = reached(scores, how.sums)
  const next = nextUp(place, count, spend, how, levels)
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
  return { place, because: [reason], next: next === null ? [] : [next], rfm: { scores, group: groupOf(scores) } }
}

/** Every later moment, in milliseconds, at which time alone may change a score: recency limits passed, orders leaving the window. */
export const rfmMoments = (how: Rfm, orders: Orders, from: Date): number[] => {
  const { lastOrderAt } = orders
  if (lastOrderAt === null) return []
  const moments = leavingAt(orders, how.windowDays, from)
  for (const limit of how.recencyDays) moments.push(dueAt(lastOrderAt, Math.floor(limit) + 1))
  return moments.filter((at) => at > from.getTime())
}

import { because, type Because } from '@zhiyin/shared/because'
import type { RfmGroup, RfmScores } from '@zhiyin/shared/tier'
import type { Level, TierHow, TierScheme } from '@zhiyin/shared/tier-scheme'
import { after, daysSince, wholeDays, type StandingOrder } from '../signals.ts'
import type { Orders, Raw } from './level.ts'

type Rfm = Extract<TierHow, { type: 'rfm' }>

/** 1 to 5 of a measure that scores higher as it grows. */
const rising = (value: number, limits: readonly number[]): number => 1 + limits.filter((limit) => value >= limit).length

/** 1 to 5 of whole days: fewer is better. */
const falling = (days: number, limits: readonly number[]): number => 1 + limits.filter((limit) => days <= limit).length

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

export const groupOf = ({ r, f, m }: RfmScores): RfmGroup =>
  groups[[r, f, m].map((score) => (score > 3 ? 'H' : 'L')).join('')] ?? 'idle'

/** The place of the level that a sum of scores reaches; levels are listed best first. */
const reached = ({ r, f, m }: RfmScores, sums: readonly number[]): number => {
  const place = sums.findIndex((least) => r + f + m >= least)
  return place === -1 ? sums.length : place
}

export const withinWindow = (orders: readonly StandingOrder[], windowDays: number, now: Date): StandingOrder[] =>
  orders.filter(({ at }) => daysSince(at, now) < windowDays)

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
export const rfmLevel = (how: Rfm, { levels }: TierScheme, { orders, lastOrderAt }: Orders, now: Date): Raw => {
  const counted = withinWindow(orders, how.windowDays, now)
  const spend = counted.reduce((sum, { net }) => sum + net, 0)
  const last = counted.at(-1)
  const scores: RfmScores =
    last === undefined
      ? { r: 1, f: 1, m: 1 }
      : {
          r: falling(wholeDays(last.at, now), how.recencyDays),
          f: rising(counted.length, how.frequency),
          m: rising(spend, how.monetary),
        }
  const place = reached(scores, how.sums)
  const next = nextUp(place, counted.length, spend, how, levels)
  const reason =
    lastOrderAt === null
      ? because('tier.no_order')
      : because('tier.rfm', {
          ...scores,
          days: wholeDays(lastOrderAt, now),
          window: how.windowDays,
          orders: counted.length,
          amount: spend,
        })
  return { place, because: [reason], next, rfm: { scores, group: groupOf(scores) } }
}

/** Every later moment at which time alone may change a score: recency limits passed, orders leaving the window. */
export const rfmMoments = (how: Rfm, { orders, lastOrderAt }: Orders, from: Date): Date[] => {
  if (lastOrderAt === null) return []
  const recency = how.recencyDays.map((limit) => after(lastOrderAt, Math.floor(limit) + 1))
  const leaving = withinWindow(orders, how.windowDays, from).map(({ at }) => after(at, how.windowDays))
  return [...recency, ...leaving].filter((at) => at > from)
}

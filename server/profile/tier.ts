import { because, type Because } from '@zhiyin/shared/because'
import { tiers, type RfmGroup, type RfmScheme, type RfmScores, type Tier } from '@zhiyin/shared/tier'
import { after, daysSince, wholeDays, type Signals, type StandingOrder } from './signals.ts'

export type TierAnswer = {
  readonly tier: Tier
  readonly group: RfmGroup
  readonly scores: RfmScores
  readonly because: readonly Because[]
}

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

export const classOf = ({ r, f, m }: RfmScores, { classA, classB }: RfmScheme): Tier => {
  const sum = r + f + m
  if (sum >= classA) return 'A'
  return sum >= classB ? 'B' : 'C'
}

const within = (orders: readonly StandingOrder[], { windowDays }: RfmScheme, now: Date): StandingOrder[] =>
  orders.filter(({ at }) => daysSince(at, now) < windowDays)

/** The least spend, as one more order today, that lifts somebody into the next class; null where one order cannot. */
const nextUp = (tier: Tier, orders: number, spend: number, scheme: RfmScheme): Because | null => {
  const to = tiers[tiers.indexOf(tier) - 1]
  if (to === undefined) return null
  const f = rising(orders + 1, scheme.frequency)
  const enough = (extra: number): boolean => {
    const reached = classOf({ r: 5, f, m: rising(spend + extra, scheme.monetary) }, scheme)
    return tiers.indexOf(reached) <= tiers.indexOf(to)
  }
  if (enough(0)) return because('tier.next_order', { to })
  const extra = scheme.monetary.map((limit) => limit - spend).find((amount) => amount > 0 && enough(amount))
  return extra === undefined ? null : because('tier.next', { amount: extra, to })
}

/** The tier by recency, frequency and money within the scheme's window, why, and what would move the customer up. */
export const tierAt = (signals: Signals, scheme: RfmScheme, now: Date): TierAnswer => {
  const counted = within(signals.orders, scheme, now)
  const spend = counted.reduce((sum, { net }) => sum + net, 0)
  const last = counted.at(-1)
  const scores: RfmScores =
    last === undefined
      ? { r: 1, f: 1, m: 1 }
      : {
          r: falling(wholeDays(last.at, now), scheme.recencyDays),
          f: rising(counted.length, scheme.frequency),
          m: rising(spend, scheme.monetary),
        }
  const tier = classOf(scores, scheme)
  const next = nextUp(tier, counted.length, spend, scheme)
  const reason =
    signals.lastOrderAt === null
      ? because('tier.no_order')
      : because('tier.rfm', {
          ...scores,
          days: wholeDays(signals.lastOrderAt, now),
          window: scheme.windowDays,
          orders: counted.length,
          amount: spend,
        })
  return { tier, group: groupOf(scores), scores, because: next === null ? [reason] : [reason, next] }
}

/** Every later moment at which time alone may change a score: recency limits passed, orders leaving the window. */
export const tierBoundaries = (signals: Signals, scheme: RfmScheme, now: Date): Date[] => {
  const { lastOrderAt } = signals
  if (lastOrderAt === null) return []
  const recency = scheme.recencyDays.map((limit) => after(lastOrderAt, Math.floor(limit) + 1))
  const leaving = within(signals.orders, scheme, now).map(({ at }) => after(at, scheme.windowDays))
  return [...recency, ...leaving].filter((at) => at > now)
}

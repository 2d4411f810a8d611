import type { RfmScores } from '@zhiyin/shared/tier'
import type { TierHow } from '@zhiyin/shared/tier-scheme'
import type { Measured } from './measures.ts'

export type Rfm = Extract<TierHow, { type: 'rfm' }>
export type Value = Extract<TierHow, { type: 'value' }>

/** 1 to 5 of a measure that scores higher as it grows. */
export const rising = (value: number, limits: readonly number[]): number => {
  let score = 1
  for (const limit of limits) if (value >= limit) score += 1
  return score
}

/** 1 to 5 of whole days: fewer is better. */
const falling = (days: number, limits: readonly number[]): number => {
  let score = 1
  for (const limit of limits) if (days <= limit) score += 1
  return score
}

/** Whoever bought nothing within the window scores 1 in everything. */
export const scoresOf = (how: Pick<Rfm, 'recencyDays' | 'frequency' | 'monetary'>, of: Measured | null): RfmScores =>
  of === null
    ? { r: 1, f: 1, m: 1 }
    : {
        r: falling(of.days, how.recencyDays),
        f: rising(of.orders, how.frequency),
        m: rising(of.spend, how.monetary),
      }

/** The place of the level that a sum of scores reaches; levels are listed best first. */
export const reached = ({ r, f, m }: RfmScores, sums: readonly number[]): number => {
  const place = sums.findIndex((least) => r + f + m >= least)
  return place === -1 ? sums.length : place
}

/** What a value scheme parts customers by. */
export const amountOf = (measure: Value['measure'], of: Measured | null): number => {
  if (of === null) return 0
  return measure === 'spend' ? of.spend : measure === 'orders' ? of.orders : of.average
}

/** The place among the levels, best first, by what somebody bought alone: no hold. */
export const placeBy = (how: Rfm | Value, of: Measured | null): number => {
  if (how.type === 'rfm') return reached(scoresOf(how, of), how.sums)
  const amount = amountOf(how.measure, of)
  const found = how.limits.findIndex((least) => amount >= least)
  return found === -1 ? how.limits.length : found
}

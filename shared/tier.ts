import { z } from 'zod'
import { Because } from './because/index.ts'

export const tiers = ['A', 'B', 'C'] as const
export const Tier = z.enum(tiers)
export type Tier = z.infer<typeof Tier>

export const rfmGroups = ['champion', 'grow', 'keep', 'rescue', 'value', 'develop', 'hold', 'idle'] as const
export const RfmGroup = z.enum(rfmGroups)
export type RfmGroup = z.infer<typeof RfmGroup>

const score = z.int().min(1).max(5)

/** Four rising or falling limits that part a measure into scores 1 to 5. */
const limits = z.tuple([z.number(), z.number(), z.number(), z.number()])

/**
 * The RFM scheme with fixed cut-offs. `recencyDays` falls in score as it grows: at most limits[0] days scores 5, more than limits[3] scores 1.
 * `frequency` (orders) and `monetary` (minor units) rise: at least limits[3] scores 5, under limits[0] scores 1. All within `windowDays`.
 * The class: a sum of scores of at least `classA` is A, at least `classB` is B, else C.
 */
export const RfmScheme = z.object({
  windowDays: z.int().min(1).max(3650).default(365),
  recencyDays: limits.default([30, 60, 90, 180]),
  frequency: limits.default([1, 2, 4, 7]),
  monetary: limits.default([10_000, 50_000, 100_000, 200_000]),
  classA: z.int().min(3).max(15).default(11),
  classB: z.int().min(3).max(15).default(7),
})
export type RfmScheme = z.infer<typeof RfmScheme>

export const RfmScores = z.object({ r: score, f: score, m: score })
export type RfmScores = z.infer<typeof RfmScores>

/** A customer's place in the scheme, with the reason and what would move them up. */
export const TierState = z.object({
  tier: Tier,
  /** The name of the level in the primary scheme. */
  level: z.string(),
  /** Where the primary scheme is RFM. */
  group: RfmGroup.optional(),
  scores: RfmScores.optional(),
  since: z.iso.datetime(),
  because: z.array(Because),
})
export type TierState = z.infer<typeof TierState>

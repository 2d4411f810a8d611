import { z } from 'zod'
import { Because } from './because/index.ts'

export const tiers = ['A', 'B', 'C'] as const
export const Tier = z.enum(tiers)
export type Tier = z.infer<typeof Tier>

export const rfmGroups = ['champion', 'grow', 'keep', 'rescue', 'value', 'develop', 'hold', 'idle'] as const
export const RfmGroup = z.enum(rfmGroups)
export type RfmGroup = z.infer<typeof RfmGroup>

const score = z.int().min(1).max(5)

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

import { z } from 'zod'
import { Because } from './because/index.ts'
import { Tier } from './tier.ts'

const share = z.number().min(0.01).max(1)

/**
 * How a customer group gets its tier from its members: the best tier that so large a share of the members we know as customers have, or a
 * better one, C where neither share is reached. With fewer than `minKnown` of them it is `otherwise`.
 */
export const GroupTierRule = z.object({
  on: z.boolean().default(true),
  shares: z.object({ A: share, B: share }).default({ A: 0.3, B: 0.3 }),
  minKnown: z.int().min(1).max(500).default(5),
  otherwise: Tier.default('C'),
})
export type GroupTierRule = z.infer<typeof GroupTierRule>

/** Why a group has its tier. */
export const GroupTiering = z.object({
  /** Set by a person, which holds until they give it back. */
  byHand: z.boolean(),
  because: z.array(Because),
  /** When it became this tier, where that is known. */
  since: z.iso.datetime().nullable(),
})
export type GroupTiering = z.infer<typeof GroupTiering>

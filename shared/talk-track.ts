import { z } from 'zod'
import { textLimit } from './content.ts'
import { atMostBytes } from './bytes.ts'
import { Stage } from './stage.ts'
import { Tier } from './tier.ts'

/** Situations every company has; managers write others of their own. */
export const situations = [
  'greeting',
  'needs',
  'recommend',
  'price',
  'hesitating',
  'after_sales',
  'silent',
  'birthday',
  'thanks',
] as const
/** One of `situations`, or a manager's own words. */
export const Situation = z.string().trim().min(1).max(20)

/** A text for reps (话术): for a situation, and for some tiers and stages where it says so. */
export const TalkTrackInput = z.object({
  situation: Situation,
  title: z.string().trim().min(1).max(40),
  text: atMostBytes(textLimit).trim().min(1),
  /** Empty: for all. */
  tiers: z.array(Tier).default([]),
  stages: z.array(Stage).default([]),
})
export type TalkTrackInput = z.infer<typeof TalkTrackInput>

export const TalkTrack = TalkTrackInput.extend({
  id: z.string(),
  /** How often reps have put it into a chat. */
  used: z.int(),
  lastUsedAt: z.iso.datetime().nullable(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
})
export type TalkTrack = z.infer<typeof TalkTrack>

/** A talk track with one customer's own words in it. */
export const TalkLine = z.object({
  id: z.string(),
  situation: Situation,
  title: z.string(),
  text: z.string(),
  /** Written for the customer's tier or stage, not for all. */
  fits: z.boolean(),
  /** Whom it is written for; empty: for all. */
  tiers: z.array(Tier),
  stages: z.array(Stage),
})
export type TalkLine = z.infer<typeof TalkLine>

type For = Pick<TalkTrackInput, 'tiers' | 'stages'>
type Held = { readonly tier: Tier; readonly stage: Stage }

/** How well a track fits a customer: -1 it is for others, 0 for all, 1 or 2 it names their tier, their stage. */
export const fitOf = ({ tiers, stages }: For, { tier, stage }: Held): number => {
  if (tiers.length > 0 && !tiers.includes(tier)) return -1
  if (stages.length > 0 && !stages.includes(stage)) return -1
  return (tiers.length > 0 ? 1 : 0) + (stages.length > 0 ? 1 : 0)
}

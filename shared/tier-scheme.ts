import { z } from 'zod'
import { Condition } from './condition.ts'
import { stages } from './stage.ts'
import { Tier } from './tier.ts'

const key = z.string().regex(/^[a-z0-9_]{1,32}$/, 'a-z, 0-9 and _, at most 32')

/**
 * A level of a scheme (VIP, 成长, 普通). `tier` is how the level is served: contents have variants for A, B and C, and the tier of the
 * primary scheme is the customer's tier.
 */
export const Level = z.object({ key, name: z.string().trim().min(1).max(20), tier: Tier })
export type Level = z.infer<typeof Level>

/** Limits that part a measure into scores or levels; some may be the same. */
const cuts = z.array(z.number()).min(1).max(7)
const four = z.tuple([z.number(), z.number(), z.number(), z.number()])

/**
 * Where limits come from: `fixed` as somebody set them; `quantile`: of the customers who bought within the window, worked out exactly every
 * night. Until they are known, or while too few have bought, those that somebody set hold.
 */
export const CutMode = z.enum(['fixed', 'quantile'])
export type CutMode = z.infer<typeof CutMode>

/** What a value scheme parts customers by, within the window; money in minor units. */
export const measures = ['spend', 'orders', 'average_order'] as const
export const Measure = z.enum(measures)
export type Measure = z.infer<typeof Measure>

/** How a scheme finds a customer's level. Levels are listed best first; limits are between them. */
export const TierHow = z.discriminatedUnion('type', [
  /**
   * Recency (days: at most recencyDays[0] scores 5, more than [3] scores 1), frequency and money (at least [3] scores 5, under [0] scores 1);
   * `sums`: at least sums[0] points are the first level, and so on; fewer than the last are the last level.
   */
  z.object({
    type: z.literal('rfm'),
    windowDays: z.int().min(1).max(3650),
    mode: CutMode,
    recencyDays: four,
    frequency: four,
    monetary: four,
    sums: z.array(z.int().min(3).max(15)).min(1).max(7),
  }),
  /**
   * `limits`: at least limits[0] is the first level, and so on; `shares` (0..1, rising): the first level is the best so many of all buyers,
   * the first two levels are the best so many, and so on. Without shares no limits are worked out.
   */
  z.object({
    type: z.literal('value'),
    windowDays: z.int().min(1).max(3650),
    measure: Measure,
    mode: CutMode,
    limits: cuts,
    shares: z.array(z.number().min(0).max(1)).max(7),
  }),
  /** The level of each lifecycle stage. */
  z.object({ type: z.literal('lifecycle'), levels: z.record(z.enum(stages), key) }),
  /** The first row that holds. */
  z.object({
    type: z.literal('table'),
    rows: z.array(z.object({ level: key, condition: Condition })).max(20),
    otherwise: key,
  }),
])
export type TierHow = z.infer<typeof TierHow>

/** Limits that were worked out; a scheme's own stand beside them. */
export const Cuts = z.discriminatedUnion('type', [
  z.object({ type: z.literal('rfm'), recencyDays: four, frequency: four, monetary: four }),
  z.object({ type: z.literal('value'), limits: cuts }),
])
export type Cuts = z.infer<typeof Cuts>

/** A scheme as it is with limits that were worked out. */
export const withCuts = (how: TierHow, worked: Cuts | null): TierHow => {
  if (worked?.type === 'rfm' && how.type === 'rfm') return { ...how, ...worked }
  return worked?.type === 'value' && how.type === 'value' ? { ...how, ...worked } : how
}

/** The limits of a scheme; null for those that have none. */
export const cutsOf = (how: TierHow): Cuts | null => {
  if (how.type === 'value') return { type: 'value', limits: how.limits }
  if (how.type !== 'rfm') return null
  const { recencyDays, frequency, monetary } = how
  return { type: 'rfm', recencyDays, frequency, monetary }
}

/** Whether a level can be held: stages and conditions count days of their own, and have no past to look at. */
export const canHold = ({ how }: { readonly how: TierHow }): boolean => how.type === 'rfm' || how.type === 'value'

/**
 * Limits by quantile are taken by themselves when one was found off on so many nights running: at least as long as a level is held, so that
 * nobody who buys as before goes and comes back within it.
 */
export const nightsToAdopt = (holdDays: number): number => Math.max(3, holdDays)

/** A tier scheme as it counts. Every customer has exactly one level in each. */
export const TierScheme = z.object({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(40),
  levels: z.array(Level).min(2).max(8),
  how: TierHow,
  /** A level once reached is kept so many days after it was last deserved, so that nobody flaps; 0 by stage and by conditions. */
  holdDays: z.int().min(0).max(90),
})
export type TierScheme = z.infer<typeof TierScheme>

/** What a manager writes of a scheme. */
export const SchemeInput = TierScheme.omit({ id: true })
export type SchemeInput = z.infer<typeof SchemeInput>

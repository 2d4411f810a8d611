import { z } from 'zod'
import { Because } from './because/index.ts'
import { Goal } from './rule.ts'

/**
 * What was done to somebody who came into a rule: the rule's steps, nothing by the rule's own chance (`holdout`), or nothing because they
 * are among the few whom no rule touches at all (`global_holdout`). Arms of a split go by their ids.
 */
export const exposureArms = ['treated', 'holdout', 'global_holdout'] as const
export type ExposureArm = (typeof exposureArms)[number]

/** How long money is counted after coming in, where the rule has no goal that says so. */
export const plainDays = 30
/** How long a customer is followed from the first time anything wanted to reach them in a season of the global holdout. */
export const seasonDays = 90
/** The relative lift worth knowing of, unless the reader asks for another: samples are planned for it. */
export const usualLift = 0.2

/** `high` null: nothing bounds it. */
export const Range = z.object({ low: z.number(), high: z.number().nullable() })
/** An estimate with its 95 % interval. */
export const Estimated = z.object({ at: z.number(), within: Range })
export type Estimated = z.infer<typeof Estimated>

export const ArmResult = z.object({
  arm: z.string(),
  /** What a split's arm was called. */
  name: z.string().nullable(),
  /** Whose window is over: they alone are compared. */
  customers: z.int(),
  /** Who is still within it. */
  open: z.int(),
  /** Reached the goal, and the share of it, 0..1; null where nobody's window is over or there is no goal. */
  met: z.int(),
  rate: Estimated.nullable(),
  buyers: z.int(),
  /** Minor units, all customers together, net of what was given back. */
  spent: z.int(),
  /** Minor units per customer, each counted at the cap at most. */
  mean: z.number().nullable(),
})
export type ArmResult = z.infer<typeof ArmResult>

/** What may be said: nothing to compare with; no goal yet; not yet; a first sign before the sample is there; or a result. */
export const verdicts = [
  'no_base',
  'nothing_yet',
  'not_yet',
  'early_better',
  'early_worse',
  'alike',
  'better',
  'worse',
] as const
export const Verdict = z.enum(verdicts)
export type Verdict = z.infer<typeof Verdict>

/** One arm against the base. */
export const Lift = z.object({
  arm: z.string(),
  verdict: Verdict,
  /** The same in words, the money too. */
  words: z.array(Because),
  /** Difference of rates, 0..1, and the lift relative to the base (0.2 = a fifth more). */
  points: Estimated.nullable(),
  relative: Estimated.nullable(),
  /** p of “no difference”, corrected where several arms are compared. */
  chance: z.number().nullable(),
  /** Difference of minor units per customer. */
  money: Estimated.nullable(),
  moneyRelative: Estimated.nullable(),
  moneyChance: z.number().nullable(),
  /** Customers each of both needs to find the lift asked for in 4 of 5 cases; null until anybody reaches the goal. */
  needed: z.object({ base: z.int(), arm: z.int() }).nullable(),
  /** How many must still come in, all arms together. */
  missing: z.int().nullable(),
  /** The smallest relative lift that those there are would show in 4 of 5 cases. */
  findable: z.number().nullable(),
})
export type Lift = z.infer<typeof Lift>

export const comparisonKinds = ['rule', 'split', 'season'] as const
export const Comparison = z.object({
  kind: z.enum(comparisonKinds),
  /** The split's step; null: the rule itself, or a season. */
  stepId: z.string().nullable(),
  goal: Goal.nullable(),
  days: z.int(),
  /** The arm the others are compared with. */
  base: z.string(),
  arms: z.array(ArmResult),
  lifts: z.array(Lift),
  /** What is counted of one customer's spend at most, in minor units. */
  cap: z.int(),
})
export type Comparison = z.infer<typeof Comparison>

/** For how long after a message it is looked what came of it. */
export const variantDays = 7
/** No more sends of a content are looked at, the newest. */
export const variantSends = 5_000

const Reacted = z.object({ met: z.int(), rate: Estimated.nullable() })
/**
 * What became of one variant of a content. Nobody was put into a variant by chance, so variants are not compared: who is in tier A buys more,
 * whatever A is told.
 */
export const VariantResult = z.object({
  variant: z.string(),
  /** Sends that are settled or under way: wanted in all, held back or failed, waiting, arrived. */
  sends: z.int(),
  held: z.int(),
  waiting: z.int(),
  arrived: z.int(),
  /** Customers by the first message of it that arrived: whose days are over, and who is still within them. */
  customers: z.int(),
  open: z.int(),
  /** Of `customers`, within the days: opened a link of the message, answered, bought. */
  opened: Reacted,
  replied: Reacted,
  bought: Reacted,
})
export type VariantResult = z.infer<typeof VariantResult>

/** What a rule did, by the settings that were in force: entries under other goals or shares are not mixed in. */
export const Measured = z.object({
  ruleId: z.string(),
  rule: z.string(),
  version: z.int(),
  /** The relative lift samples are planned for. */
  lift: z.number(),
  comparisons: z.array(Comparison),
  /** Spans of versions measured alike, the latest first. */
  spans: z.array(z.object({ from: z.int(), to: z.int(), entries: z.int() })),
})
export type Measured = z.infer<typeof Measured>

/** At most so many percent are left out of everything. */
export const mostHeldOut = 20
export const Season = z.object({
  id: z.string(),
  name: z.string(),
  /** 0: nobody is left out. */
  percent: z.int().min(0).max(mostHeldOut),
  from: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
})
export type Season = z.infer<typeof Season>

/** Of one customer: whether no rule may reach them, and what was tried on them. */
export const CustomerMeasured = z.object({
  season: Season.nullable(),
  heldOut: z.boolean(),
  exposures: z.array(
    z.object({
      id: z.string(),
      ruleId: z.string(),
      rule: z.string(),
      stepId: z.string().nullable(),
      arm: z.string(),
      name: z.string().nullable(),
      at: z.iso.datetime(),
      until: z.iso.datetime(),
      goalAt: z.iso.datetime().nullable(),
      spent: z.int(),
    }),
  ),
})
export type CustomerMeasured = z.infer<typeof CustomerMeasured>

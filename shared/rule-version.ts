import { z } from 'zod'
import { RuleInput } from './rule.ts'

export const runnings = ['finish', 'move'] as const
/**
 * What becomes of customers under way when a new version takes over: they finish on theirs, or move to the new one where the step they stand
 * at is still there.
 */
export const Running = z.enum(runnings)
export type Running = z.infer<typeof Running>

export const reviewStates = ['asked', 'approved', 'rejected'] as const
/** A second person's word on a version. */
export const Review = z.object({
  state: z.enum(reviewStates),
  askedBy: z.string(),
  askedAt: z.iso.datetime(),
  /** What becomes of customers under way when it is approved. */
  running: Running,
  words: z.string(),
  answer: z.object({ by: z.string(), at: z.iso.datetime(), words: z.string() }).nullable(),
})
export type Review = z.infer<typeof Review>

/** A rule as it was saved. */
export const RuleVersion = RuleInput.extend({
  version: z.int(),
  savedAt: z.iso.datetime(),
  savedBy: z.string(),
  /** The one that takes customers in. */
  live: z.boolean(),
  /** Customers under way on it. */
  running: z.int(),
  review: Review.nullable(),
})
export type RuleVersion = z.infer<typeof RuleVersion>

/** `approval`: a version takes customers in only when somebody other than who wrote it has approved it. */
export const RuleSettings = z.object({ approval: z.boolean().default(false) })
export type RuleSettings = z.infer<typeof RuleSettings>

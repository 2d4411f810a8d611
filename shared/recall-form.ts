import { z } from 'zod'
import { exits } from './exits.ts'
import { Stage } from './stage.ts'
import { Tier } from './tier.ts'
import { Clock } from './trigger.ts'

const id = z.string().min(1).max(64)
const named = z.object({ id, name: z.string().max(100) })
const days = z.int().min(1).max(3650)
const afterDays = z.int().min(1).max(90)

/** Whom it is for: who comes into a stage, who was not heard of for so many days, or who is late by their own rhythm of buying. */
export const RecallWhen = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stage'), stages: z.array(Stage).min(1) }),
  /** `maxDays`: whoever was silent for that long is left out; null: nobody is. */
  z
    .object({ type: z.literal('silent'), minDays: days, maxDays: days.nullable() })
    .refine(({ minDays, maxDays }) => maxDays === null || maxDays > minDays, { path: ['maxDays'], error: 'maxDays' }),
  z.object({ type: z.literal('rhythm'), factor: z.number().min(0.5).max(10) }),
])
export type RecallWhen = z.infer<typeof RecallWhen>

/**
 * What one tier gets, rung by rung: a friendly word, a coupon, a call of the rep. `afterDays` counts from the rung before; the first that is
 * there comes at once.
 */
export const RecallLadder = z
  .object({
    tier: Tier,
    gentle: z.object({ contentId: id }).nullable(),
    coupon: z.object({ contentId: id, afterDays }).nullable(),
    call: z.object({ title: z.string().trim().min(1).max(100), afterDays }).nullable(),
  })
  .refine(({ gentle, coupon, call }) => gentle !== null || coupon !== null || call !== null, { error: 'rungs' })
export type RecallLadder = z.infer<typeof RecallLadder>

/** A recall rule as a manager fills it in, on one page. */
export const RecallForm = z.object({
  name: z.string().trim().min(1).max(60),
  when: RecallWhen,
  /** One a tier; tiers without one are left alone. */
  ladders: z
    .array(RecallLadder)
    .min(1)
    .max(3)
    .refine((all) => new Set(all.map(({ tier }) => tier)).size === all.length, { error: 'tiers' }),
  /** One of these tags, one of these segments; empty: whatever they have. */
  tags: z.array(named).max(20),
  segments: z.array(named).max(20),
  /** The time of day it looks who is due, where it looks once a day. */
  at: Clock,
  workdays: z.boolean(),
  /** Not again within so many days after it is over. */
  againDays: z.int().min(0).max(3650),
  stopOn: z.array(z.enum(exits)),
  goalDays: z.int().min(1).max(365),
  holdoutPercent: z.int().min(0).max(50),
})
export type RecallForm = z.infer<typeof RecallForm>

import { z } from 'zod'
import { Tier } from './tier.ts'

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')

/**
 * Which days a repeated push keeps to: `workdays` leaves out those off (holidays, and weekends that are not worked), `next_workday` goes
 * on the next working day instead.
 */
export const pushDays = ['any', 'workdays', 'next_workday'] as const
export const PushDays = z.enum(pushDays)
export type PushDays = z.infer<typeof PushDays>

/**
 * When an item goes: at moments named one by one, or at a time of the company's zone every day, or on the weekdays (1 = Monday) and days
 * of the month named (a day the month does not have is its last).
 */
export const PushSchedule = z.discriminatedUnion('type', [
  z.object({ type: z.literal('dates'), at: z.array(z.iso.datetime()).min(1).max(60) }),
  z.object({
    type: z.literal('repeated'),
    at: clock,
    weekdays: z.array(z.int().min(1).max(7)).max(7).default([]),
    monthdays: z.array(z.int().min(1).max(31)).max(31).default([]),
    days: PushDays.default('any'),
  }),
])
export type PushSchedule = z.infer<typeof PushSchedule>

export const groupKinds = ['customer', 'internal'] as const
export const GroupKind = z.enum(groupKinds)

/** A label of ours on a group. */
export const GroupTag = z.string().trim().min(1).max(30)

/** Which groups: those named, or those that fit when the item goes; an empty list asks for nothing. */
export const PushAudience = z.discriminatedUnion('type', [
  z.object({ type: z.literal('named'), groupIds: z.array(z.string().min(1).max(64)).min(1).max(500) }),
  z.object({
    type: z.literal('where'),
    kinds: z.array(GroupKind).max(2).default([]),
    tiers: z.array(Tier).max(3).default([]),
    owners: z.array(z.string().min(1).max(64)).max(200).default([]),
    tags: z.array(GroupTag).max(50).default([]),
  }),
])
export type PushAudience = z.infer<typeof PushAudience>

/** One line of a plan. `id`: the line it was, where it is changed; `until`: the last day, in the company's zone. */
export const PushItemInput = z.object({
  id: z.string().min(1).max(64).optional(),
  contentId: z.string().min(1).max(64),
  audience: PushAudience,
  schedule: PushSchedule,
  until: z.iso.date().nullable().default(null),
  /** Groups whose tier has no variant get nothing, instead of the default text. */
  onlyVariants: z.boolean().default(false),
})
export type PushItemInput = z.infer<typeof PushItemInput>

/** A content plan for groups. `lateHours`: what could not go in time still goes so many hours later, then it is skipped, and that is said. */
export const PushPlanInput = z.object({
  name: z.string().trim().min(1).max(60),
  lateHours: z.int().min(0).max(72).default(6),
  items: z.array(PushItemInput).min(1).max(40),
})
export type PushPlanInput = z.infer<typeof PushPlanInput>

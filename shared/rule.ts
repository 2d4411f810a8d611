import { z } from 'zod'
import { Because } from './because/index.ts'
import { Condition } from './condition.ts'
import { Fallback, SenderChoice } from './intent.ts'
import { Stage } from './stage.ts'
import { Tier } from './tier.ts'

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')
const id = z.string().min(1).max(64)

/** Hours of the company's zone in which something holds; past midnight when `from` is later than `to`, all day when they are the same. Weekdays 1 = Monday; none named: every day. */
export const AddedHours = z.object({
  from: clock,
  to: clock,
  weekdays: z.array(z.int().min(1).max(7)).max(7).default([]),
})
export type AddedHours = z.infer<typeof AddedHours>

/** Who was added: somebody never held and who never bought, or somebody who comes back or is held by another rep already. */
export const addedWho = ['newcomer', 'returning'] as const
export const AddedWho = z.enum(addedWho)
export type AddedWho = z.infer<typeof AddedWho>

/** A segment with the name it had when it was chosen. */
const TriggerSegment = z.object({ id, name: z.string().max(100) })

/** What takes a customer into a rule. */
export const Trigger = z.discriminatedUnion('type', [
  /** A customer was added. What is left out or empty holds for every add. */
  z.object({
    type: z.literal('customer.added'),
    channelIds: z.array(id).max(100).default([]),
    /** The reps who were added. */
    userids: z.array(id).max(200).optional(),
    who: AddedWho.optional(),
    hours: AddedHours.optional(),
  }),
  z.object({ type: z.literal('stage.entered'), stages: z.array(Stage).min(1) }),
  z.object({ type: z.literal('tier.changed'), to: z.array(Tier).min(1) }),
  /** Somebody comes into one of these segments, or goes out of it. */
  z.object({ type: z.literal('segment.entered'), segments: z.array(TriggerSegment).min(1).max(20) }),
  z.object({ type: z.literal('segment.left'), segments: z.array(TriggerSegment).min(1).max(20) }),
  z.object({
    type: z.literal('event'),
    event: z.enum([
      'order.completed',
      'order.refunded',
      'order.cancelled',
      'link.opened',
      'customer.replied',
      'contact.deleted_by_customer',
      'group.joined',
      'behavior.tracked',
    ]),
    name: z.string().max(200).optional(),
  }),
  /** Every day (or on the weekdays named, 1 = Monday) at a time of the company's zone, for all who meet the condition then. */
  z.object({ type: z.literal('schedule'), at: clock, weekdays: z.array(z.int().min(1).max(7)).default([]) }),
])
export type Trigger = z.infer<typeof Trigger>

export const sendChannels = ['welcome', 'mass', 'app', 'robot'] as const

/** One step; `id` is stable across edits and part of a send's identity. */
export const Step = z.discriminatedUnion('type', [
  z.object({
    id,
    type: z.literal('wait'),
    hours: z
      .number()
      .min(0.01)
      .max(24 * 365),
  }),
  z.object({
    id,
    type: z.literal('send'),
    channel: z.enum(sendChannels),
    contentId: id,
    /** robot only: the group it goes to. */ groupId: id.optional(),
    /** After this long unsent or unconfirmed it is given up. */ expireHours: z
      .number()
      .min(0.1)
      .max(24 * 30)
      .default(72),
    /** mass only: which of several reps sends (who brought them in), and what comes when nobody confirms (the company's setting). */
    sender: SenderChoice.optional(),
    fallback: Fallback.optional(),
  }),
  z.object({
    id,
    type: z.literal('tag'),
    add: z.array(id).max(10).default([]),
    remove: z.array(id).max(10).default([]),
  }),
  z.object({
    id,
    type: z.literal('task'),
    title: z.string().trim().min(1).max(100),
    dueHours: z
      .number()
      .min(1)
      .max(24 * 90)
      .default(24),
  }),
  /** Goes on only where the condition holds; otherwise leaves the rule or skips the next step. */
  z.object({ id, type: z.literal('check'), condition: Condition, otherwise: z.enum(['exit', 'skip']) }),
  z.object({ id, type: z.literal('exit') }),
])
export type Step = z.infer<typeof Step>
export type SendStep = Extract<Step, { type: 'send' }>

export const goals = ['ordered', 'replied'] as const

export const RuleLimits = z.object({
  /** Percent of those who enter that are left alone on purpose, chosen by a stable hash of customer and rule. */
  holdoutPercent: z.int().min(0).max(50).default(0),
  /** Not again within this many days after leaving; 0 = may enter again at once. */
  reentryDays: z.int().min(0).max(3650).default(30),
  /** Quiet hours of the company's zone; null = the company's own setting. */
  quietHours: z.object({ from: clock, to: clock }).nullable().default(null),
})
export type RuleLimits = z.infer<typeof RuleLimits>

export const RuleInput = z.object({
  name: z.string().trim().min(1).max(60),
  trigger: Trigger,
  condition: Condition.default({ type: 'all', of: [] }),
  steps: z.array(Step).min(1).max(30),
  goal: z
    .object({ on: z.enum(goals), withinDays: z.int().min(1).max(365) })
    .nullable()
    .default(null),
  /** Leave early when this happens; deleting every rep always ends a run. */
  exitOn: z.array(z.enum(goals)).default([]),
  limits: RuleLimits.default({ holdoutPercent: 0, reentryDays: 30, quietHours: null }),
})
export type RuleInput = z.infer<typeof RuleInput>

export const RuleStatus = z.enum(['draft', 'on', 'paused'])
export type RuleStatus = z.infer<typeof RuleStatus>

export const Rule = RuleInput.extend({
  id: z.string(),
  version: z.int(),
  status: RuleStatus,
  counts: z.object({
    running: z.int(),
    entered: z.int(),
    heldOut: z.int(),
    goal: z.int(),
    exited: z.int(),
    finished: z.int(),
  }),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
})
export type Rule = z.infer<typeof Rule>

export const runStates = ['active', 'waiting', 'goal', 'exited', 'finished', 'held_out'] as const
export const RunState = z.enum(runStates)
export type RunState = z.infer<typeof RunState>

/** One customer's way through one rule. */
export const RuleRun = z.object({
  id: z.string(),
  ruleId: z.string(),
  rule: z.string(),
  version: z.int(),
  customerId: z.string(),
  customer: z.string(),
  state: RunState,
  step: z.int(),
  enteredAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  because: z.array(Because),
  leftBecause: z.array(Because),
})
export type RuleRun = z.infer<typeof RuleRun>

/** What a rule would do to one customer today; nothing is sent. */
export const DryRunRow = z.object({
  customerId: z.string(),
  customer: z.string(),
  tier: Tier,
  stage: Stage,
  because: z.array(Because),
  /** `send`: the first step would go out; `block`: held back, with the reason; `holdout`: left alone on purpose; `skip`: does not enter. */
  outcome: z.enum(['send', 'wait', 'block', 'holdout', 'skip']),
  outcomeBecause: z.array(Because),
  preview: z.string().nullable(),
  rep: z.string().nullable(),
})
export const DryRun = z.object({
  at: z.iso.datetime(),
  checked: z.int(),
  counts: z.object({ send: z.int(), wait: z.int(), block: z.int(), holdout: z.int(), skip: z.int() }),
  rows: z.array(DryRunRow),
  /** What is missing before it can be switched on. */
  problems: z.array(z.string()),
  /** Only customers whom the reader may see were looked at. */
  limited: z.boolean(),
})
export type DryRunRow = z.infer<typeof DryRunRow>
export type DryRun = z.infer<typeof DryRun>

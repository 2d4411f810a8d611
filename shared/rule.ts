import { z } from 'zod'
import { Because } from './because/index.ts'
import { Condition } from './condition.ts'
import { exits } from './exits.ts'
import { LossPolicy, SendDays } from './intent.ts'
import { RecallForm } from './recall-form.ts'
import { RuleProblem } from './rule-problem.ts'
import { Stage } from './stage.ts'
import { Step } from './step.ts'
import { Tier } from './tier.ts'
import { Clock, EventMatch, Trigger } from './trigger.ts'

export { exits }
export * from './step.ts'
export * from './trigger.ts'

export const goals = ['ordered', 'replied', 'event'] as const
/** What a rule is for: done within so many days of coming in, by those it reaches and by those left alone. `event` names one. */
export const Goal = z
  .object({ on: z.enum(goals), event: EventMatch.optional(), withinDays: z.int().min(1).max(365) })
  .refine(({ on, event }) => on !== 'event' || event !== undefined, { path: ['event'], error: 'event' })
export type Goal = z.infer<typeof Goal>

/** Pauses a rule by itself when of those it reached within a day more than so many percent deleted the rep; not before `atLeast` were reached. */
export const Guard = z.object({ deletedPercent: z.number().min(0.1).max(100), atLeast: z.int().min(1).max(100_000) })
export type Guard = z.infer<typeof Guard>

export const RuleLimits = z.object({
  /** Percent of those who enter that are left alone on purpose, chosen by a stable hash of customer and rule. */
  holdoutPercent: z.int().min(0).max(50).default(0),
  /** Not again within this many days after leaving; 0 = may enter again at once. */
  reentryDays: z.int().min(0).max(3650).default(30),
  /** Quiet hours of the company's zone; null = the company's own setting. */
  quietHours: z.object({ from: Clock, to: Clock }).nullable().default(null),
  /** On which days it sends: all, working days, or days off, by the Chinese calendar the company keeps. */
  days: SendDays.default('any'),
  /** Who gets the platform's quota where several rules want the same customer: the higher one. */
  priority: z.int().min(0).max(100).default(50),
  /** What becomes of a send that loses it. */
  onLoss: LossPolicy.default('wait'),
  /** Nobody enters before or after; null: no limit. */
  valid: z.object({ from: z.iso.datetime().nullable(), until: z.iso.datetime().nullable() }).nullable().default(null),
  guard: Guard.nullable().default(null),
})
export type RuleLimits = z.infer<typeof RuleLimits>

export const RuleInput = z.object({
  name: z.string().trim().min(1).max(60),
  trigger: Trigger,
  condition: Condition.default({ type: 'all', of: [] }),
  steps: z.array(Step).min(1).max(60),
  goal: Goal.nullable().default(null),
  /** Leave early when this happens; deleting every rep always ends a run. */
  exitOn: z.array(z.enum(exits)).default([]),
  limits: RuleLimits.prefault({}),
  /** The form it was made by, as long as it says the same; null or absent: it was written step by step. */
  recall: RecallForm.nullable().optional(),
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
  /** The version that takes customers in; null: none ever has. */
  live: z.int().nullable(),
  /** Why it was paused, where it was not by a person. */
  pausedBecause: Because.nullable(),
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
  /** The step it stands at, by id; null: before the first, or at the end. */
  at: z.string().nullable(),
  enteredAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  because: z.array(Because),
  leftBecause: z.array(Because),
})
export type RuleRun = z.infer<typeof RuleRun>

/** What became of customers put into a rule. `kept`: who was not taken in, and why. */
export const Entered = z.object({
  entered: z.int(),
  kept: z.array(z.object({ customerId: z.string(), because: z.array(Because) })),
})
export type Entered = z.infer<typeof Entered>

/** How many went which way through a rule's live version, and how many stand where now. */
export const RuleFigures = z.object({
  at: z.iso.datetime(),
  nodes: z.array(z.object({ stepId: z.string(), here: z.int() })),
  /** `arm`: null where a step has one way only. */
  ways: z.array(z.object({ stepId: z.string(), arm: z.string().nullable(), count: z.int() })),
  ended: z.object({ goal: z.int(), exited: z.int(), finished: z.int() }),
})
export type RuleFigures = z.infer<typeof RuleFigures>

/** How many go which way, and on which days from now; `arm` null where a step has one way only. */
export const DryRunStep = z.object({
  stepId: z.string(),
  arm: z.string().nullable(),
  count: z.int(),
  fromDay: z.int(),
  toDay: z.int(),
})
export type DryRunStep = z.infer<typeof DryRunStep>

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
  /** All ways of those who would enter, if they did nothing and stayed as they are. */
  steps: z.array(DryRunStep),
  /** What is wrong with it as it is written. */
  problems: z.array(RuleProblem),
  /** Only customers whom the reader may see were looked at. */
  limited: z.boolean(),
  /** Within its valid period; outside of it nobody enters today. */
  valid: z.boolean(),
})
export type DryRunRow = z.infer<typeof DryRunRow>
export type DryRun = z.infer<typeof DryRun>

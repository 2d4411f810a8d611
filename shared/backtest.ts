import { z } from 'zod'
import { Because } from './because/index.ts'
import { Tier } from './tier.ts'
import { RuleInput } from './rule.ts'

/** What happens to one customer on a rule's way. `waiting`: at a step; `waits`, `sent`, `blocked`: what became of its send. */
export const wayKinds = ['entered', 'held_out', 'kept', 'step', 'waiting', 'waits', 'sent', 'blocked', 'left'] as const
export const WayKind = z.enum(wayKinds)
export type WayKind = z.infer<typeof WayKind>

/** `arm`: the way taken where there are several. `text`: the message as they would get it. `outcome`: how they left. */
export const WayLine = z.object({
  at: z.iso.datetime(),
  kind: WayKind,
  stepId: z.string().nullable(),
  arm: z.string().nullable(),
  because: z.array(Because),
  text: z.string().nullable(),
  rep: z.string().nullable(),
  outcome: z.enum(['goal', 'exited', 'finished']).nullable(),
})
export type WayLine = z.infer<typeof WayLine>

const reasonCount = z.object({ because: Because, count: z.int() })

export const BacktestDay = z.object({
  day: z.iso.date(),
  entered: z.int(),
  heldOut: z.int(),
  sent: z.int(),
  blocked: z.int(),
  goal: z.int(),
})
export type BacktestDay = z.infer<typeof BacktestDay>

export const collisionKinds = ['rule', 'broadcast'] as const
export type CollisionKind = (typeof collisionKinds)[number]

/**
 * Another rule, or a mass message a manager made. `wins`: who would have had the platform's quota of the period, by priority; `even`: the
 * expected value or who came first decides.
 */
export const BacktestCollision = z.object({
  kind: z.enum(collisionKinds),
  id: z.string(),
  name: z.string(),
  priority: z.int().nullable(),
  customers: z.int(),
  lost: z.int(),
  wins: z.enum(['this', 'other', 'even']),
})
export type BacktestCollision = z.infer<typeof BacktestCollision>

export const backtestStates = ['running', 'done', 'cancelled'] as const
export const backtestPeriods = [30, 90, 180, 365] as const
export const defaultSample = 2000

/** What a rule would have done over stored history. Every count is scaled up from the customers looked at to all of them. */
export const Backtest = z.object({
  id: z.string(),
  ruleId: z.string().nullable(),
  rule: RuleInput,
  state: z.enum(backtestStates),
  at: z.iso.datetime(),
  by: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Customers there are; those to be looked at; those looked at so far. */
  total: z.int(),
  wanted: z.int(),
  checked: z.int(),
  /** What the counts of the sample were multiplied by; 1: everybody was looked at. */
  scale: z.number(),
  /** Only customers whom the one who began it may see were looked at. */
  limited: z.boolean(),
  counts: z.object({
    customers: z.int(),
    entered: z.int(),
    heldOut: z.int(),
    sent: z.int(),
    waited: z.int(),
    blocked: z.int(),
    goal: z.int(),
    exited: z.int(),
    finished: z.int(),
  }),
  days: z.array(BacktestDay),
  blocked: z.array(reasonCount),
  waited: z.array(reasonCount),
  kept: z.array(reasonCount),
  steps: z.array(z.object({ stepId: z.string(), arm: z.string().nullable(), count: z.int() })),
  collisions: z.array(BacktestCollision),
  examples: z.array(z.object({ customerId: z.string(), customer: z.string(), lines: z.array(WayLine) })),
})
export type Backtest = z.infer<typeof Backtest>

/** `sample`: how many customers to look at; null: all of them. */
export const BacktestInput = z.object({
  id: z.string().optional(),
  rule: RuleInput,
  days: z.int().min(1).max(730).default(90),
  sample: z.int().min(100).max(100_000).nullable().default(defaultSample),
})
export type BacktestInput = z.infer<typeof BacktestInput>

/** One customer led through a rule as if they came in now and did nothing more. `met`: whether they would come in today, and why or why not. */
export const RuleTrial = z.object({
  at: z.iso.datetime(),
  customerId: z.string(),
  customer: z.string(),
  tier: Tier,
  met: z.boolean(),
  because: z.array(Because),
  lines: z.array(WayLine),
})
export type RuleTrial = z.infer<typeof RuleTrial>

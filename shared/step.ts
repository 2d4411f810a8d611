import { z } from 'zod'
import { Condition } from './condition.ts'
import { Fallback, SenderChoice } from './intent.ts'
import { Clock, EventMatch } from './trigger.ts'

const id = z.string().min(1).max(64)
const hours = z
  .number()
  .min(0.01)
  .max(24 * 365)
/** Where a step leads: the id of another; null: the end; absent: the step after it in the list. */
const next = id.nullable().optional()
const armName = z.string().trim().max(40).default('')

export const sendChannels = ['welcome', 'mass', 'app', 'robot'] as const

export const notifyTo = ['rep', 'managers', 'members'] as const

export const lateActions = ['send', 'skip', 'ask'] as const
/** What becomes of a send that comes this late, after a time the system was down or the rule paused: it goes all the same, is left out, or waits for a person's word. */
export const LatePolicy = z.object({ afterHours: hours, action: z.enum(lateActions) })
export type LatePolicy = z.infer<typeof LatePolicy>

/** What a step may wait for: an event, an answer of the customer, or that the rep confirmed the send of an earlier step. */
export const WaitFor = z.discriminatedUnion('type', [
  EventMatch.extend({ type: z.literal('event') }),
  z.object({ type: z.literal('replied') }),
  z.object({ type: z.literal('confirmed'), stepId: id }),
])
export type WaitFor = z.infer<typeof WaitFor>

const WaitStep = z.object({
  id,
  type: z.literal('wait'),
  hours,
  /** Then on until this time of day of the company's zone. */
  at: Clock.optional(),
  /** And on until a working day. */
  workdays: z.boolean().optional(),
  next,
})

/** Leads to `next` as soon as it happens, to `otherwise` when it has not within so many hours. */
const WaitUntilStep = z.object({
  id,
  type: z.literal('wait_until'),
  until: WaitFor,
  hours,
  next,
  otherwise: id.nullable(),
})

/** Leads along the first arm whose condition holds, else to `otherwise`. */
const BranchStep = z.object({
  id,
  type: z.literal('branch'),
  arms: z
    .array(z.object({ id, name: armName, condition: Condition, next: id.nullable() }))
    .min(1)
    .max(8),
  otherwise: id.nullable(),
})

/** Leads by chance, the same way for the same customer each time; the percentages make 100. An experiment (A/B/n): the first arm is what the others are compared with. */
const SplitStep = z.object({
  id,
  type: z.literal('split'),
  arms: z
    .array(z.object({ id, name: armName, percent: z.int().min(1).max(99), next: id.nullable() }))
    .min(2)
    .max(8),
})

const SendStep = z.object({
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
  late: LatePolicy.optional(),
  next,
})
export type SendStep = z.infer<typeof SendStep>

/** One step of a rule; `id` is stable across edits and part of a send's identity. The first in the list is where everybody begins. */
export const Step = z.discriminatedUnion('type', [
  WaitStep,
  WaitUntilStep,
  BranchStep,
  SplitStep,
  SendStep,
  z.object({
    id,
    type: z.literal('tag'),
    add: z.array(id).max(10).default([]),
    remove: z.array(id).max(10).default([]),
    next,
  }),
  /** Says what a customer's attribute is; `null` takes back what rules said of it. */
  z.object({
    id,
    type: z.literal('set_attribute'),
    key: id,
    value: z.union([z.string().max(200), z.number(), z.boolean()]).nullable(),
    next,
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
    next,
  }),
  /** A message of the app to colleagues: the customer's rep, those who manage the rep, or members by name. The text may name variables. */
  z.object({
    id,
    type: z.literal('notify'),
    to: z.enum(notifyTo),
    userids: z.array(id).max(50).default([]),
    text: z.string().trim().min(1).max(500),
    next,
  }),
  /** Hands the customer over to one of these members; many customers go to all of them evenly. */
  z.object({ id, type: z.literal('transfer'), userids: z.array(id).min(1).max(50), next }),
  /** Calls another system with what happened, signed; repeated until it answers 2xx or a day is over. */
  z.object({ id, type: z.literal('webhook'), url: z.url().max(2048), next }),
  z.object({ id, type: z.literal('exit') }),
])
export type Step = z.infer<typeof Step>
export type StepType = Step['type']
export type StepOf<T extends StepType> = Extract<Step, { type: T }>

/** A way out of a step: `arm` names it where there are several (`met`, `otherwise`, or the id of an arm); `to` null: the end. */
export type Way = { readonly arm: string | null; readonly to: string | null }

/** The conditions a step asks. */
export const conditionsOf = (step: Step): Condition[] =>
  step.type === 'branch' ? step.arms.map(({ condition }) => condition) : []

/** Every way out of the step at this place of the list. */
export const waysOf = (steps: readonly Step[], index: number): Way[] => {
  const step = steps[index]
  if (step === undefined || step.type === 'exit') return []
  const arms = 'arms' in step ? step.arms.map(({ id: arm, next: to }) => ({ arm, to })) : []
  if (step.type === 'split') return arms
  if (step.type === 'branch') return [...arms, { arm: 'otherwise', to: step.otherwise }]
  const to = step.next === undefined ? (steps[index + 1]?.id ?? null) : step.next
  if (step.type !== 'wait_until') return [{ arm: null, to }]
  return [
    { arm: 'met', to },
    { arm: 'otherwise', to: step.otherwise },
  ]
}

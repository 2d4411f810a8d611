import { z } from 'zod'
import { Because } from './because/index.ts'

export const intentStates = ['wanted', 'permitted', 'blocked', 'claimed', 'sent', 'failed', 'unsure'] as const
export const IntentState = z.enum(intentStates)
export type IntentState = z.infer<typeof IntentState>

/** Everything the product writes to WeCom goes through an intent of one of these channels. */
export const intentChannels = ['welcome', 'mass', 'group_mass', 'app', 'robot', 'mark_tag'] as const
export const IntentChannel = z.enum(intentChannels)
export type IntentChannel = z.infer<typeof IntentChannel>

/** `cancelled`: taken back in WeCom before the rep confirmed. */
export const deliveryStates = [
  'none',
  'waiting',
  'delivered',
  'not_friend',
  'quota_used',
  'expired',
  'cancelled',
] as const
export const DeliveryState = z.enum(deliveryStates)
export type DeliveryState = z.infer<typeof DeliveryState>

/** A send as the console lists it. */
export const Send = z.object({
  id: z.string(),
  channel: IntentChannel,
  state: IntentState,
  delivery: DeliveryState,
  customerId: z.string().nullable(),
  customer: z.string().nullable(),
  groupId: z.string().nullable(),
  group: z.string().nullable(),
  userid: z.string().nullable(),
  rep: z.string().nullable(),
  ruleId: z.string().nullable(),
  rule: z.string().nullable(),
  broadcastId: z.string().nullable(),
  broadcast: z.string().nullable(),
  preview: z.string(),
  because: z.array(Because),
  history: z.array(z.object({ state: z.string(), at: z.iso.datetime(), because: z.array(Because) })),
  dueAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
})
export type Send = z.infer<typeof Send>

export const quotaPeriods = ['day', 'week', 'month'] as const
/**
 * How many mass messages a customer, and a customer group, can get from everybody together (企业群发规则): a day, a week from Monday,
 * or a calendar month, where it is never more than the month has days.
 */
export const PlatformQuota = z.object({ period: z.enum(quotaPeriods), count: z.int().min(1).max(31) })
export type PlatformQuota = z.infer<typeof PlatformQuota>

export const fallbacks = ['none', 'rep', 'task', 'rep_then_task'] as const
/**
 * What comes, once, after a mass message the rep never confirmed: another rep who holds the customer is asked (`rep`), or the rep gets
 * a task to write by hand (`task`); `rep_then_task` makes the task only where nobody else holds them.
 */
export const Fallback = z.enum(fallbacks)
export type Fallback = z.infer<typeof Fallback>

export const senderChoices = ['brought', 'last_talk', 'longest', 'newest'] as const
/** Which of several reps who hold a customer sends: who brought them in, who talked with them last, who holds them longest, or who added them last. */
export const SenderChoice = z.enum(senderChoices)
export type SenderChoice = z.infer<typeof SenderChoice>

export const sendDays = ['any', 'workdays', 'days_off'] as const
/** On which days something may go out, by the Chinese calendar the company keeps. */
export const SendDays = z.enum(sendDays)
export type SendDays = z.infer<typeof SendDays>

export const lossPolicies = ['wait', 'merge', 'fallback', 'drop'] as const
/**
 * What becomes of a send that loses the platform's quota to another rule: it waits for the next period until it expires, goes along in the
 * message that won where both fit in one, becomes what comes when nobody confirms (another way to reach the customer), or is dropped.
 */
export const LossPolicy = z.enum(lossPolicies)
export type LossPolicy = z.infer<typeof LossPolicy>

/** Caps and quiet hours that hold for every rule; managers change them in the console. */
export const SendLimits = z.object({
  quietHours: z.object({ from: z.string(), to: z.string() }).nullable().default({ from: '21:00', to: '09:00' }),
  perDay: z.int().min(0).max(100).default(1),
  perWeek: z.int().min(0).max(500).default(3),
  perMonth: z.int().min(0).max(2000).default(8),
  /** The platform's own quota of mass messages; by default the strictest an admin can set. */
  platform: PlatformQuota.default({ period: 'day', count: 1 }),
  /** Hours after which a rep who has not confirmed a mass message is reminded in WeCom, and again after as long; `times` at most, 0 never. */
  reminders: z
    .object({ afterHours: z.int().min(1).max(168), times: z.int().min(0).max(10) })
    .default({ afterHours: 4, times: 2 }),
  fallback: Fallback.default('rep_then_task'),
  /** Whether a customer without any recorded consent may be written to; a withdrawal always blocks. */
  sendWithoutRecordedConsent: z.boolean().default(true),
  /** Whether reps get their tasks as cards in WeCom. */
  taskCards: z.boolean().default(true),
  /** Whether links in new messages go through short addresses of ours, which tell who opened them. */
  trackLinks: z.boolean().default(true),
})
export type SendLimits = z.infer<typeof SendLimits>

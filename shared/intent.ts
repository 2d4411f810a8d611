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
  /** The content it comes from and the variant this receiver got; null: it comes from none. `name` null: it is there no more. */
  content: z.object({ id: z.string(), name: z.string().nullable(), variant: z.string().nullable() }).nullable(),
  preview: z.string(),
  because: z.array(Because),
  history: z.array(z.object({ state: z.string(), at: z.iso.datetime(), because: z.array(Because) })),
  dueAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime(),
  priority: z.int(),
  expectedValue: z.int(),
  /** Whom it had to make way for; null: nobody, so far. */
  lost: z.lazy(() => Lost).nullable(),
  /** The send whose message it goes along in; null: it goes by itself. */
  along: z.string().nullable(),
  /** The sends that go along in its message. */
  carries: z.array(z.string()),
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

export const lossGrounds = ['priority', 'value', 'earlier', 'outside'] as const
/**
 * Why a send lost the room left at a customer: the other's priority or expected value is higher, it came first, or (`outside`) the room
 * went to what others sent by hand or in WeCom's admin console.
 */
export const LossGround = z.enum(lossGrounds)
export type LossGround = z.infer<typeof LossGround>

/** Priority of what names none, from 0 to 100; the higher wins. */
export const usualPriority = 50

/** Whom a send had to make way for, and why. `to` is the send that won; null where nobody knows it here. */
export const Lost = z.object({
  to: z.string().nullable(),
  name: z.string(),
  ruleId: z.string().nullable(),
  broadcastId: z.string().nullable(),
  by: LossGround,
  policy: LossPolicy,
  at: z.iso.datetime(),
})

export const cappedChannels = ['mass', 'welcome', 'group_mass', 'robot'] as const satisfies IntentChannel[]
export const CappedChannel = z.enum(cappedChannels)
export type CappedChannel = z.infer<typeof CappedChannel>

/** The most somebody gets on one channel: of mass and welcome messages a customer, of the others a group. Absent: no cap of its own. */
export const ChannelCaps = z.object({
  perDay: z.int().min(0).max(100).optional(),
  perWeek: z.int().min(0).max(500).optional(),
  perMonth: z.int().min(0).max(2000).optional(),
})
export type ChannelCaps = z.infer<typeof ChannelCaps>

/** Words by which a customer says that they want no more messages; a reply that contains one withdraws their consent. */
export const usualOptOutWords = [
  '退订',
  '不要再发',
  '别再发',
  '别发了',
  '不要发了',
  '取消订阅',
  'TD',
  'T退订',
  'unsubscribe',
  'opt out',
  'stop sending',
]

/** Caps and quiet hours that hold for every rule; managers change them in the console. */
export const SendLimits = z.object({
  quietHours: z.object({ from: z.string(), to: z.string() }).nullable().default({ from: '21:00', to: '09:00' }),
  /** Caps of single channels, beside those over all that follow. */
  channels: z.partialRecord(CappedChannel, ChannelCaps).default({}),
  optOutWords: z.array(z.string().trim().min(1).max(30)).max(50).default(usualOptOutWords),
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

import { z } from 'zod'
import { Because } from './because/index.ts'

export const intentStates = ['wanted', 'permitted', 'blocked', 'claimed', 'sent', 'failed', 'unsure'] as const
export const IntentState = z.enum(intentStates)
export type IntentState = z.infer<typeof IntentState>

/** Everything the product writes to WeCom goes through an intent of one of these channels. */
export const intentChannels = ['welcome', 'mass', 'group_mass', 'app', 'robot', 'mark_tag'] as const
export const IntentChannel = z.enum(intentChannels)
export type IntentChannel = z.infer<typeof IntentChannel>

export const deliveryStates = ['none', 'waiting', 'delivered', 'not_friend', 'quota_used', 'expired'] as const
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
  preview: z.string(),
  because: z.array(Because),
  history: z.array(z.object({ state: z.string(), at: z.iso.datetime(), because: z.array(Because) })),
  dueAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
})
export type Send = z.infer<typeof Send>

/** Caps and quiet hours that hold for every rule; managers change them in the console. */
export const SendLimits = z.object({
  quietHours: z.object({ from: z.string(), to: z.string() }).nullable().default({ from: '21:00', to: '09:00' }),
  perDay: z.int().min(0).max(100).default(1),
  perWeek: z.int().min(0).max(500).default(3),
  perMonth: z.int().min(0).max(2000).default(8),
  /** The platform's own mass-message quota per customer and day (strictest admin setting by default). */
  platformPerDay: z.int().min(1).max(31).default(1),
  /** Whether a customer without any recorded consent may be written to; a withdrawal always blocks. */
  sendWithoutRecordedConsent: z.boolean().default(true),
})
export type SendLimits = z.infer<typeof SendLimits>

import { z } from 'zod'
import { Because } from './because/index.ts'
import { Fallback, LossPolicy, SenderChoice } from './intent.ts'
import { Condition } from './condition.ts'
import { Tier } from './tier.ts'

const id = z.string().min(1).max(64)

/** Whom a broadcast is for; an empty list of reps, tiers or owners means all. */
export const Audience = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('customers'),
    condition: Condition.default({ type: 'all', of: [] }),
    userids: z.array(id).max(200).default([]),
  }),
  z.object({
    kind: z.literal('groups'),
    tiers: z.array(Tier).default([]),
    owners: z.array(id).max(200).default([]),
  }),
])
export type Audience = z.infer<typeof Audience>

/** What a manager decides; where and when it goes is worked out from it. */
export const BroadcastDraft = z.object({
  audience: Audience,
  contentId: id,
  /** Which of several reps who hold a customer sends. */
  sender: SenderChoice.exclude(['brought']).default('newest'),
  /** null: the company's setting. */
  fallback: Fallback.nullable().default(null),
  /** Who goes first where there is not room for all, rules among them: 0 to 100, the higher. */
  priority: z.int().min(0).max(100).default(50),
  /** What becomes of it where there is no room. */
  onLoss: LossPolicy.default('wait'),
  /** After this long unconfirmed it is given up. */
  expireHours: z
    .number()
    .min(1)
    .max(24 * 30)
    .default(72),
  /** Absent: now. */
  at: z.iso.datetime().optional(),
})
export type BroadcastDraft = z.infer<typeof BroadcastDraft>

export const broadcastStates = ['scheduled', 'building', 'under_way', 'done', 'cancelled'] as const
export const BroadcastState = z.enum(broadcastStates)
export type BroadcastState = z.infer<typeof BroadcastState>

/** How many of its receivers stand where. `open`: not handed to WeCom yet; `waiting`: for the rep; the others are ends. */
export const BroadcastCounts = z.object({
  open: z.int(),
  waiting: z.int(),
  delivered: z.int(),
  not_friend: z.int(),
  quota_used: z.int(),
  expired: z.int(),
  cancelled: z.int(),
  blocked: z.int(),
  failed: z.int(),
})
export type BroadcastCounts = z.infer<typeof BroadcastCounts>

export const Broadcast = BroadcastDraft.omit({ at: true }).extend({
  id: z.string(),
  name: z.string(),
  content: z.string(),
  at: z.iso.datetime(),
  state: BroadcastState,
  /** Receivers handed out so far. */
  receivers: z.int(),
  counts: BroadcastCounts,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
})
export type Broadcast = z.infer<typeof Broadcast>

/** Why some are held back: the reason of one of them stands for all with the same code. */
export const BroadcastReason = z.object({ because: Because, count: z.int() })

/** What would become of it now, or at its time. `checked` < `total`: only so many were looked at. */
export const BroadcastPreview = z.object({
  at: z.iso.datetime(),
  total: z.int(),
  checked: z.int(),
  counts: z.object({ send: z.int(), wait: z.int(), block: z.int() }),
  reps: z.array(z.object({ userid: z.string(), name: z.string(), receivers: z.int(), messages: z.int() })),
  reasons: z.array(BroadcastReason),
  sample: z.object({ receiver: z.string(), text: z.string() }).nullable(),
})
export type BroadcastPreview = z.infer<typeof BroadcastPreview>

/** One mass message in WeCom, as its sender has it in 群发助手. */
export const MassMessage = z.object({
  id: z.string(),
  channel: z.enum(['mass', 'group_mass']),
  userid: z.string(),
  rep: z.string(),
  preview: z.string(),
  receivers: z.int(),
  ruleId: z.string().nullable(),
  broadcastId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  confirmedAt: z.iso.datetime().nullable(),
  reminders: z.array(z.iso.datetime()),
  end: z.enum(['confirmed', 'expired', 'cancelled']).nullable(),
})
export type MassMessage = z.infer<typeof MassMessage>

export const BroadcastDetail = Broadcast.extend({
  reps: z.array(
    z.object({
      userid: z.string(),
      name: z.string(),
      counts: BroadcastCounts,
      messages: z.array(MassMessage),
    }),
  ),
  reasons: z.array(BroadcastReason),
})
export type BroadcastDetail = z.infer<typeof BroadcastDetail>

import { z } from 'zod'
import { Because } from './because/index.ts'
import { Consent, ConsentState } from './consent.ts'
import { Attachment } from './content.ts'
import { StageState } from './stage.ts'
import { Tier, TierState } from './tier.ts'

export const layers = ['basic', 'consumption', 'social', 'interests', 'trajectory'] as const
export const Layer = z.enum(layers)
export type Layer = z.infer<typeof Layer>

export const valueSources = ['wecom', 'ingest', 'import', 'order', 'rep', 'customer', 'rule', 'computed'] as const
export const ValueSource = z.enum(valueSources)
export type ValueSource = z.infer<typeof ValueSource>

/**
 * Why a value is none of its attribute's: of another type, not among its choices, no phone, mailbox or place, of several meanings, or an
 * amount in another currency than the company's. It is kept as it came, and shown.
 */
export const ValueProblem = z.enum(['type', 'choice', 'phone', 'email', 'place', 'ambiguous', 'currency'])
export type ValueProblem = z.infer<typeof ValueProblem>

/** One value of the five-layer profile: what, from where, when seen, how sure (0..1). A stated value beats an inferred one. */
export const LayerValue = z.object({
  key: z.string(),
  /** What managers call the attribute; absent where nobody has defined it. */
  name: z.string().optional(),
  nameEn: z.string().optional(),
  /** None of the values said is one of the attribute's; this is the one that came closest. */
  problem: ValueProblem.optional(),
  /** A person may correct it here. */
  editable: z.boolean().optional(),
  /** Who stated it, where a person did here; it may be taken back. */
  by: z.string().optional(),
  /** Worked out of the newest so many events only: there were more. */
  newest: z.int().optional(),
  /** Orders in other currencies than the company's, whose amounts are left out. */
  foreign: z.int().optional(),
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  kind: z.enum(['text', 'number', 'money', 'date', 'list', 'choice', 'boolean']),
  /** What a choice may be. */
  choices: z.array(z.string()).optional(),
  source: ValueSource,
  seenAt: z.iso.datetime(),
  confidence: z.number().min(0).max(1),
  stated: z.boolean(),
  /** Values of other sources that disagree; kept and shown. */
  others: z.array(
    z.object({
      value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
      source: ValueSource,
      seenAt: z.iso.datetime(),
      problem: ValueProblem.optional(),
    }),
  ),
})
export type LayerValue = z.infer<typeof LayerValue>

/** Who puts a tag on: a person, a tag rule or journey, a model, the channel, WeCom, a shop or app, an imported file. */
export const tagSources = ['rep', 'rule', 'model', 'channel', 'wecom', 'ingest', 'import'] as const
export const TagSource = z.enum(tagSources)
export type TagSource = z.infer<typeof TagSource>

export const CustomerTag = z.object({
  id: z.string(),
  name: z.string(),
  group: z.string(),
  source: TagSource,
  since: z.iso.datetime(),
  /** A person, a rule, a channel, a model. */
  by: z.string().optional(),
  /** How sure the model is, 0..1. */
  confidence: z.number().optional(),
  /** When it goes off by itself. */
  expiresAt: z.iso.datetime().optional(),
  because: z.array(Because),
})
export type CustomerTag = z.infer<typeof CustomerTag>

export const Follow = z.object({
  userid: z.string(),
  name: z.string(),
  /** `handed_over`: to another rep (`to`, where known). */
  state: z.enum(['following', 'handed_over', 'deleted_by_rep', 'deleted_by_customer']),
  since: z.iso.datetime(),
  to: z.string().optional(),
  /** The customer has added the rep, who has not added them back yet. */
  half: z.boolean(),
  /** This rep writes to the customer where nobody else brought them in: of those who follow, the one added last. */
  sends: z.boolean(),
  remark: z.string().optional(),
  description: z.string().optional(),
  company: z.string().optional(),
  mobiles: z.array(z.string()),
  channelId: z.string().optional(),
  channelName: z.string().optional(),
  addWay: z.int().optional(),
})
export type Follow = z.infer<typeof Follow>

/** One line of a customer list. */
export const CustomerRow = z.object({
  id: z.string(),
  name: z.string(),
  avatar: z.string().optional(),
  externalUserId: z.string().optional(),
  stage: StageState,
  tier: TierState,
  tags: z.array(z.object({ id: z.string(), name: z.string() })),
  reps: z.array(z.object({ userid: z.string(), name: z.string() })),
  orders: z.int(),
  spend: z.int(),
  lastSeenAt: z.iso.datetime().nullable(),
})
export type CustomerRow = z.infer<typeof CustomerRow>

/** A customer's level in one tier scheme, by the names that managers gave both. */
export const CustomerLevel = z.object({
  schemeId: z.string(),
  scheme: z.string(),
  primary: z.boolean(),
  level: z.string(),
  tier: Tier,
  since: z.iso.datetime(),
  because: z.array(Because),
})
export type CustomerLevel = z.infer<typeof CustomerLevel>

/** The whole profile as the sidebar and the console show it. */
export const CustomerProfile = CustomerRow.extend({
  /** Of WeCom, not WeChat: colleagues of another company; a company cannot be noted of them. */
  fromWecom: z.boolean(),
  remark: z.string().optional(),
  gender: z.enum(['unknown', 'male', 'female']),
  addedAt: z.iso.datetime().nullable(),
  channelName: z.string().optional(),
  /** One in every tier scheme, the primary one first. */
  levels: z.array(CustomerLevel),
  tags: z.array(CustomerTag),
  follows: z.array(Follow),
  layers: z.array(z.object({ layer: Layer, values: z.array(LayerValue) })),
  /** Share of the schema's attributes that have a value, 0..1. */
  completeness: z.number().min(0).max(1),
  stats: z.object({
    orders: z.int(),
    spend: z.int(),
    averageOrder: z.int().nullable(),
    medianGapDays: z.number().nullable(),
    lastOrderAt: z.iso.datetime().nullable(),
    interactions30d: z.int(),
  }),
  consent: z.object({ marketing: ConsentState, since: z.iso.datetime().nullable() }),
  /** One of every purpose. */
  consents: z.array(Consent),
  /** Segments the customer is in, lists among them. */
  segments: z.array(z.object({ id: z.string(), name: z.string(), since: z.iso.datetime() })),
  updatedAt: z.iso.datetime(),
})
export type CustomerProfile = z.infer<typeof CustomerProfile>

/** A line of the timeline. `text` is made from the fact in the reader's language by the UI; reasons stand beside it. */
export const TimelineItem = z.object({
  id: z.string(),
  type: z.string(),
  at: z.iso.datetime(),
  source: z.string(),
  payload: z.record(z.string(), z.unknown()),
  because: z.array(Because),
  /** Names of the members whose userids stand in the payload; of one nobody knows any more there is none. */
  names: z.record(z.string(), z.string()),
})
export type TimelineItem = z.infer<typeof TimelineItem>

/** What to say now: a text ready to send, with the reason. */
export const Suggestion = z.object({
  id: z.string(),
  contentId: z.string().optional(),
  intentId: z.string().optional(),
  text: z.string(),
  /** Sent one by one after the text. */
  attachments: z.array(Attachment).optional(),
  because: z.array(Because),
})
export type Suggestion = z.infer<typeof Suggestion>

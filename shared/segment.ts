import { z } from 'zod'
import { AttributeType } from './attribute.ts'
import { Because } from './because/index.ts'
import { Condition } from './condition.ts'
import { Layer } from './customer.ts'
import { Stage } from './stage.ts'
import { Tier } from './tier.ts'

const name = z.string().trim().min(1).max(40)
const note = z.string().trim().max(500).default('')

/** rule: customers enter and leave by themselves; list: people put them in and take them out. */
export const SegmentKind = z.enum(['rule', 'list'])
export type SegmentKind = z.infer<typeof SegmentKind>

export const SegmentInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rule'), name, note, condition: Condition }),
  z.object({ kind: z.literal('list'), name, note }),
])
export type SegmentInput = z.infer<typeof SegmentInput>

/** How far something that goes through many customers has come. */
export const Way = z.object({ done: z.int(), total: z.int() })
export type Way = z.infer<typeof Way>

export const Segment = z.object({
  id: z.string(),
  kind: SegmentKind,
  name: z.string(),
  note: z.string(),
  /** null: a static list. */
  condition: Condition.nullable(),
  /** Switched off it has no members. */
  on: z.boolean(),
  version: z.int(),
  members: z.int(),
  /** Its members are being worked out after a change of it. */
  building: z.boolean(),
  /** A list that is being filled. */
  filling: Way.nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
})
export type Segment = z.infer<typeof Segment>

/** How current memberships are: all that happened up to `asOf` counts. */
export const Freshness = z.object({
  asOf: z.iso.datetime(),
  /** Customers whose due moment has passed, and facts that are not counted yet. */
  overdue: z.int(),
  /** Everybody is being worked out anew after a change of definitions. */
  building: Way.nullable(),
})
export type Freshness = z.infer<typeof Freshness>

/** What asks for a segment and would lose it. */
export const SegmentUse = z.object({
  kind: z.enum(['segment', 'rule', 'tag', 'scheme', 'broadcast']),
  id: z.string(),
  name: z.string(),
})
export type SegmentUse = z.infer<typeof SegmentUse>

export const SegmentMember = z.object({
  id: z.string(),
  name: z.string(),
  stage: Stage,
  tier: Tier,
  /** null: not known, for it is only being tried. */
  since: z.iso.datetime().nullable(),
  /** Why they are in. */
  because: z.array(Because),
})
export type SegmentMember = z.infer<typeof SegmentMember>

/** How many meet a condition now, counted one by one, and the first of them. */
export const SegmentCount = z.object({
  total: z.int(),
  /** Meet it as well, and are left out of segments for they may not be profiled. */
  withheld: z.int(),
  /** Milliseconds it took to count them. */
  ms: z.int(),
  /** Only customers of the asking manager's departments are counted. */
  scoped: z.boolean(),
  members: z.array(SegmentMember),
})
export type SegmentCount = z.infer<typeof SegmentCount>

/** What conditions may ask for, by name. */
export const Vocabulary = z.object({
  attributes: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      nameEn: z.string(),
      /** Every customer could have it; otherwise a manager has defined it. */
      builtIn: z.boolean(),
      layer: Layer,
      type: AttributeType,
      choices: z.array(z.string()),
    }),
  ),
  schemes: z.array(
    z.object({ id: z.string(), name: z.string(), levels: z.array(z.object({ key: z.string(), name: z.string() })) }),
  ),
  segments: z.array(z.object({ id: z.string(), name: z.string(), kind: SegmentKind })),
})
export type Vocabulary = z.infer<typeof Vocabulary>

export const ListAnswer = z.object({
  /** Put in or taken out now. */
  changed: z.int(),
  /** Already in, or not in. */
  same: z.int(),
  /** What nobody is known by; the first hundred. */
  unknown: z.array(z.string()),
  unknownCount: z.int(),
})
export type ListAnswer = z.infer<typeof ListAnswer>

/** What a file of a segment would hold now: `rows` of the `total` members; the others have withdrawn their consent, or never gave one. */
export const ExportForecast = z.object({
  total: z.int(),
  rows: z.int(),
  withdrawn: z.int(),
  /** Nothing recorded; left out only where the company asks for a recorded consent (`needsGrant`). */
  unknown: z.int(),
  needsGrant: z.boolean(),
  /** How long a file is kept. */
  days: z.int(),
})
export type ExportForecast = z.infer<typeof ExportForecast>

export const exportStates = ['waiting', 'under_way', 'done', 'failed', 'expired'] as const
export const SegmentExport = z.object({
  id: z.string(),
  segmentId: z.string(),
  segment: z.string(),
  state: z.enum(exportStates),
  way: Way,
  rows: z.int(),
  /** Not in the file, for they have withdrawn their consent or never gave one. */
  withheld: z.int(),
  /** Personal fields are in the clear. */
  clear: z.boolean(),
  reason: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  expiresAt: z.iso.datetime(),
})
export type SegmentExport = z.infer<typeof SegmentExport>

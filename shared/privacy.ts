import { z } from 'zod'
import { Purpose } from './consent.ts'

/** What is kept for so many days and then deleted. */
export const retentionKinds = ['inbox', 'behaviours', 'imports', 'exports', 'audit'] as const
export const RetentionKind = z.enum(retentionKinds)
export type RetentionKind = z.infer<typeof RetentionKind>

const days = (min: number, max: number, usual: number) => z.int().min(min).max(max).default(usual)
/**
 * Days. `inbox`: callbacks as WeCom sent them; `behaviours`: visits and clicks one by one (what the profile worked out of them stays, and
 * it looks back 400 days); `imports`: files and rejected rows; `exports`: files with one person's data; `audit`: who did and saw what
 * (the Cybersecurity Law asks for six months).
 */
export const Retention = z.object({
  inbox: days(7, 3650, 90),
  behaviours: days(400, 3650, 730),
  imports: days(1, 365, 30),
  exports: days(1, 30, 7),
  audit: days(180, 3650, 1095),
})
export type Retention = z.infer<typeof Retention>

/**
 * Which purposes need a recorded consent; without it a customer of whom nothing is recorded counts as one who said yes. Marketing has its
 * own switch among the limits of sending. Handing data on needs a consent of its own by law (PIPL 23).
 */
export const NeedsGrant = z.object({ profiling: z.boolean().default(false), sharing: z.boolean().default(true) })
export type NeedsGrant = z.infer<typeof NeedsGrant>

export const PrivacySettings = z.object({
  retention: Retention.default(Retention.parse({})),
  needsGrant: NeedsGrant.default(NeedsGrant.parse({})),
})
export type PrivacySettings = z.infer<typeof PrivacySettings>

/** What was deleted of one kind because its time was over. */
export const RetentionState = z.object({
  kind: RetentionKind,
  days: z.int(),
  total: z.int(),
  lastAt: z.iso.datetime().nullable(),
  /** The newest 30 rounds that deleted something, newest first. */
  rounds: z.array(z.object({ at: z.iso.datetime(), deleted: z.int() })),
})
export type RetentionState = z.infer<typeof RetentionState>

export const requestStates = ['waiting', 'working', 'checking', 'done', 'expired', 'failed'] as const
export const RequestState = z.enum(requestStates)
export type RequestState = z.infer<typeof RequestState>

/** A text of the company in which somebody's name stands: the collection it is in, and what it is called today (null: it is gone). */
export const NamedText = z.object({ where: z.string(), id: z.string(), title: z.string().nullable() })
export type NamedText = z.infer<typeof NamedText>

/** A request of one person: to have their data, or to have it erased. */
export const PrivacyRequest = z.object({
  id: z.string(),
  kind: z.enum(['export', 'erasure']),
  /** Null once they are erased. */
  customer: z.object({ id: z.string(), name: z.string() }).nullable(),
  state: RequestState,
  reason: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
  /** Rooms done of all. */
  progress: z.object({ done: z.int(), of: z.int() }),
  /** Until when an export can be downloaded. */
  expiresAt: z.iso.datetime().nullable(),
  /** Texts in use in which the name of somebody erased still stood: what the certificate says. */
  named: z.array(NamedText),
})
export type PrivacyRequest = z.infer<typeof PrivacyRequest>

/** What proves that somebody was erased. `hash`: SHA-256 of all the rest as JSON, in this order. */
export const Certificate = z.object({
  id: z.string(),
  /** Of each identity a keyed hash: whoever asks with the identity can be told it is this one. */
  subject: z.array(z.string()),
  reason: z.string(),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  erasedAt: z.iso.datetime(),
  erased: z.array(z.object({ room: z.string(), what: z.string(), count: z.int() })),
  kept: z.array(z.object({ what: z.string(), why: z.string() })),
  /** Texts of the company in use in which their name still stands, for somebody to look at: others may be called so. Absent on older ones. */
  named: z.array(NamedText.omit({ title: true })).optional(),
  hash: z.string(),
})
export type Certificate = z.infer<typeof Certificate>

/** The keys of personal data at rest, and how far the change to the newest one has come. */
export const KeysState = z.object({
  newest: z.string(),
  ids: z.array(z.string()),
  /** Looked through by the change under way or the last one. */
  looked: z.int(),
  changed: z.int(),
  startedAt: z.iso.datetime().nullable(),
  doneAt: z.iso.datetime().nullable(),
  /** Whether everything is sealed with the newest key, so that the others may be taken away. */
  oldMayGo: z.boolean(),
})
export type KeysState = z.infer<typeof KeysState>

export const AuditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  name: z.string(),
  role: z.string(),
  act: z.string(),
  subject: z.string(),
  /** Of a customer who is still there. */
  customer: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const ConsentCount = z.object({ purpose: Purpose, granted: z.int(), withdrawn: z.int(), unknown: z.int() })
export type ConsentCount = z.infer<typeof ConsentCount>

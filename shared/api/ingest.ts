import { z } from 'zod'
import { endpoint, FileOut, none, Page, pageOf } from './endpoint.ts'

/**
 * The Segment HTTP API. Source: Segment's public spec of its HTTP tracking API (identify, track, page, screen, group, alias, batch,
 * import); the one-letter addresses are those its browser library (analytics.js) calls. As the spec has it, 400 answers what is too large
 * or no JSON, 401 a wrong key, 429 too many requests, and 200 everything else: `success` says whether it was taken, `problem` why not.
 */
const id = z.union([z.string().min(1).max(255), z.number().transform(String)])
const things = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {})

const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i
const two = (digits = '0'): string => digits.padStart(2, '0')

const msOf = (text: string): number => {
  const found = iso.exec(text.trim())
  if (found === null) return NaN
  const [, year, month, day, hour, minute, second, fraction = '0', offset = 'Z'] = found
  const zone = offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase()
  return Date.parse(
    `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${fraction.slice(0, 3)}${zone}`,
  )
}

/** A moment as ISO 8601, also as loosely as Segment's own examples (2015-2-02); without an offset it is UTC. */
const moment = z
  .string()
  .max(64)
  .transform((text, context) => {
    const ms = msOf(text)
    if (!Number.isNaN(ms)) return new Date(ms).toISOString()
    context.addIssue({
      code: 'custom',
      params: {
        zh: '不是 ISO 8601 时间，如 2027-01-05T08:00:00+08:00',
        en: 'not an ISO 8601 time, as 2027-01-05T08:00:00+08:00',
      },
    })
    return z.NEVER
  })

const Common = z.object({
  messageId: z.string().min(1).max(255).nullish(),
  userId: id.nullish(),
  anonymousId: id.nullish(),
  timestamp: moment.nullish(),
  originalTimestamp: moment.nullish(),
  sentAt: moment.nullish(),
  context: things,
  integrations: things,
})
type Ids = { userId?: string | null | undefined; anonymousId?: string | null | undefined }
const someId = ({ userId, anonymousId }: Ids): boolean => Boolean(userId ?? anonymousId)
const idProblem = {
  path: ['userId'],
  params: { zh: '缺少 userId 或 anonymousId', en: 'userId or anonymousId is required' },
}

export const IdentifyInput = Common.extend({ traits: things }).refine(someId, idProblem)
export const TrackInput = Common.extend({ event: z.string().min(1).max(200), properties: things }).refine(
  someId,
  idProblem,
)
export const ViewInput = Common.extend({
  name: z.string().max(200).nullish(),
  category: z.string().max(200).nullish(),
  properties: things,
}).refine(someId, idProblem)
export const GroupInput = Common.extend({ groupId: id, traits: things }).refine(someId, idProblem)
/** `previousId` (without it anonymousId) and userId are one person. */
export const AliasInput = Common.extend({ previousId: id.nullish(), userId: id }).refine(
  ({ previousId, anonymousId }) => Boolean(previousId ?? anonymousId),
  { path: ['previousId'], params: { zh: '缺少 previousId', en: 'previousId is required' } },
)
export type IdentifyInput = z.infer<typeof IdentifyInput>
export type TrackInput = z.infer<typeof TrackInput>
export type ViewInput = z.infer<typeof ViewInput>
export type GroupInput = z.infer<typeof GroupInput>
export type AliasInput = z.infer<typeof AliasInput>

/** Of one batch; with more nothing of it is taken. */
export const mostMessages = 2500

export const BatchInput = z.object({
  batch: z.array(z.unknown()),
  sentAt: moment.nullish(),
  /** For every message of the batch, beneath its own. */
  context: things,
  integrations: things,
})
export type BatchInput = z.infer<typeof BatchInput>

const Done = z.object({ success: z.boolean(), problem: z.string().optional() })
const BatchDone = Done.extend({ rejected: z.array(z.object({ index: z.int(), problem: z.string() })) })
const post = <B extends z.ZodType, O extends z.ZodType>(path: `/${string}`, summary: string, body: B, output: O) =>
  endpoint({ method: 'POST', path, permission: 'ingest', summary, params: none, query: none, body, output })

const identified = (path: `/${string}`) => post(path, 'Who a customer is (Segment identify)', IdentifyInput, Done)
const tracked = (path: `/${string}`) =>
  post(
    path,
    'What a customer did (Segment track); Order Completed, Updated, Cancelled and Refunded are orders',
    TrackInput,
    Done,
  )
const viewed = (path: `/${string}`, what: string) => post(path, `A ${what} somebody saw`, ViewInput, Done)
const grouped = (path: `/${string}`) =>
  post(path, 'The company a customer belongs to (Segment group)', GroupInput, Done)
const aliased = (path: `/${string}`) => post(path, 'Two ids are one person (Segment alias)', AliasInput, Done)
/** Each message is checked alone: good ones are taken, bad ones are listed with their reason. */
const batched = (path: `/${string}`) =>
  post(path, 'Up to 2,500 messages, 500 kB, 32 kB each (Segment batch and import)', BatchInput, BatchDone)

export type Done = z.infer<typeof Done>
export type BatchDone = z.infer<typeof BatchDone>

export const kinds = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
export const Kind = z.enum(kinds)
export type Kind = z.infer<typeof Kind>

/** Messages of one day in the company's zone. `skipped`: their `integrations` say they are not for us. */
export const IngestDay = z.object({
  day: z.iso.date(),
  kinds: z.partialRecord(Kind, z.int()),
  rejected: z.int(),
  skipped: z.int(),
})
export type IngestDay = z.infer<typeof IngestDay>

/** A message as it came; `raw` is its JSON, cut where it is long. */
export const ReceivedMessage = z.object({
  at: z.iso.datetime(),
  kind: Kind,
  event: z.string(),
  who: z.string(),
  source: z.string(),
  raw: z.string(),
})
export type ReceivedMessage = z.infer<typeof ReceivedMessage>

export const RejectedMessage = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  kind: z.string(),
  who: z.string(),
  /** The library that sent it. */
  source: z.string(),
  /** The address it came to. */
  path: z.string(),
  problem: z.object({ zh: z.string(), en: z.string() }),
  raw: z.string(),
})
export type RejectedMessage = z.infer<typeof RejectedMessage>

export const ingest = {
  identify: identified('/v1/identify'),
  track: tracked('/v1/track'),
  page: viewed('/v1/page', 'page'),
  screen: viewed('/v1/screen', 'screen'),
  group: grouped('/v1/group'),
  alias: aliased('/v1/alias'),
  batch: batched('/v1/batch'),
  import: batched('/v1/import'),
  i: identified('/v1/i'),
  t: tracked('/v1/t'),
  p: viewed('/v1/p', 'page'),
  s: viewed('/v1/s', 'screen'),
  g: grouped('/v1/g'),
  a: aliased('/v1/a'),
  b: batched('/v1/b'),
}

export const dataIn = {
  overview: endpoint({
    method: 'GET',
    path: '/api/ingest',
    permission: 'manager',
    summary: 'Messages a day for the last 30 days, and the last 50 received',
    params: none,
    query: none,
    body: none,
    output: z.object({ url: z.url(), days: z.array(IngestDay), recent: z.array(ReceivedMessage) }),
  }),
  key: endpoint({
    method: 'GET',
    path: '/api/ingest/key',
    permission: 'admin',
    summary: 'The write key',
    params: none,
    query: none,
    body: none,
    output: z.object({ writeKey: z.string() }),
  }),
  rejects: endpoint({
    method: 'GET',
    path: '/api/ingest/rejects',
    permission: 'manager',
    summary: 'Messages that were not taken, with why; kept for 30 days',
    params: none,
    query: Page,
    body: none,
    output: pageOf(RejectedMessage),
  }),
  download: endpoint({
    method: 'GET',
    path: '/api/ingest/rejects/file',
    permission: 'manager',
    summary: 'The same as a file',
    params: none,
    query: z.object({ format: z.enum(['csv', 'json']).default('csv'), lang: z.enum(['zh', 'en']).optional() }),
    body: none,
    output: FileOut,
    download: true,
  }),
}

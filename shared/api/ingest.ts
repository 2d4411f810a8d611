import { z } from 'zod'
import { endpoint, none } from './endpoint.ts'

/** The Segment HTTP API. Source: the public spec of Segment's HTTP tracking API (identify, track, batch). */
const Common = z.object({
  messageId: z.string().min(1).max(100).optional(),
  userId: z.union([z.string().min(1).max(255), z.number().transform(String)]).nullish(),
  anonymousId: z.string().min(1).max(255).nullish(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  originalTimestamp: z.iso.datetime({ offset: true }).optional(),
  sentAt: z.iso.datetime({ offset: true }).nullish(),
  context: z.record(z.string(), z.unknown()).optional(),
  integrations: z.record(z.string(), z.unknown()).optional(),
})
const someId = (v: { userId?: string | null | undefined; anonymousId?: string | null | undefined }): boolean =>
  Boolean(v.userId ?? v.anonymousId)
const idProblem = { message: 'userId or anonymousId is required', path: ['userId'] }

export const IdentifyInput = Common.extend({ traits: z.record(z.string(), z.unknown()).default({}) }).refine(
  someId,
  idProblem,
)
export const TrackInput = Common.extend({
  event: z.string().min(1).max(200),
  properties: z.record(z.string(), z.unknown()).default({}),
}).refine(someId, idProblem)
export type IdentifyInput = z.infer<typeof IdentifyInput>
export type TrackInput = z.infer<typeof TrackInput>

export const BatchInput = z.object({
  batch: z.array(z.record(z.string(), z.unknown())).min(1).max(2500),
  sentAt: z.iso.datetime({ offset: true }).nullish(),
  context: z.record(z.string(), z.unknown()).optional(),
  writeKey: z.string().optional(),
})

const Success = z.object({ success: z.literal(true) })
const post = <B extends z.ZodType, O extends z.ZodType>(path: `/${string}`, summary: string, body: B, output: O) =>
  endpoint({ method: 'POST', path, permission: 'ingest', summary, params: none, query: none, body, output })

export const ingest = {
  identify: post('/v1/identify', 'Who a customer is (Segment identify)', IdentifyInput, Success),
  track: post(
    '/v1/track',
    'What a customer did (Segment track); Order Completed and Order Refunded are orders',
    TrackInput,
    Success,
  ),
  /** Each message is checked alone: good ones are taken, bad ones are listed with their reason. */
  batch: post(
    '/v1/batch',
    'Up to 2,500 messages, 500 kB (Segment batch)',
    BatchInput,
    Success.extend({ rejected: z.array(z.object({ index: z.int(), problem: z.string() })) }),
  ),
}

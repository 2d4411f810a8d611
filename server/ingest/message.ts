import { createHash } from 'node:crypto'
import { z } from 'zod'
import { IdentifyInput, TrackInput } from '@zhiyin/shared/api/ingest'
import { identity, type Identity } from '../profile/read.ts'

/** Segment's limit for one message. */
export const messageLimit = 32 * 1024

const pageKinds = { page: 'Page Viewed', screen: 'Screen Viewed' } as const

const Kind = z.looseObject({ type: z.enum(['identify', 'track', 'page', 'screen']) })
const Viewed = z.looseObject({
  name: z.string().max(200).nullish(),
  properties: z.record(z.string(), z.unknown()).default({}),
})

/** One message, checked: who, and what they did; a page or screen view is a behaviour like any other. */
export type Message =
  { readonly type: 'identify'; readonly input: IdentifyInput } | { readonly type: 'track'; readonly input: TrackInput }

export type Checked = { readonly message: Message } | { readonly problem: string }

const problemOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`)
    .join('; ')

const track = (raw: unknown): Checked => {
  const parsed = TrackInput.safeParse(raw)
  return parsed.success ? { message: { type: 'track', input: parsed.data } } : { problem: problemOf(parsed.error) }
}

/** Checks one message of a batch by itself. */
export const checkMessage = (raw: Readonly<Record<string, unknown>>): Checked => {
  if (Buffer.byteLength(JSON.stringify(raw)) > messageLimit) return { problem: 'message: larger than 32 kB' }
  const kind = Kind.safeParse(raw)
  if (!kind.success) return { problem: 'type: one of identify, track, page, screen' }
  const { type } = kind.data
  if (type === 'track') return track(raw)
  if (type === 'identify') {
    const parsed = IdentifyInput.safeParse(raw)
    return parsed.success ? { message: { type, input: parsed.data } } : { problem: problemOf(parsed.error) }
  }
  const viewed = Viewed.safeParse(raw)
  if (!viewed.success) return { problem: problemOf(viewed.error) }
  const { name, properties } = viewed.data
  return track({ ...raw, event: pageKinds[type], properties: { ...(name ? { name } : {}), ...properties } })
}

const traitKinds = { phone: 'phone', email: 'email', unionid: 'unionid', external_userid: 'external_userid' } as const

/** Who a message is about: its ids, and what its traits say of phone, e-mail, unionid and external_userid. */
export const identitiesOf = (message: Message): Identity[] => {
  const { userId, anonymousId, context } = message.input
  const said = message.type === 'identify' ? message.input.traits : context?.['traits']
  const traits = z.record(z.string(), z.unknown()).catch({}).parse(said)
  const fromTraits = Object.entries(traitKinds).map(([trait, kind]) => identity(kind, traits[trait]))
  return [identity('user_id', userId), identity('anonymous_id', anonymousId), ...fromTraits].filter(
    (found): found is Identity => found !== null,
  )
}

/**
 * When it happened: the device's clock corrected by when it sent the message, never later than it was received.
 * Source: the public Segment spec, “timestamp = receivedAt - (sentAt - originalTimestamp)”.
 */
export const timeOf = ({ input }: Message, sentAt: string | null | undefined, receivedAt: Date): Date => {
  const original = input.originalTimestamp ?? input.timestamp
  if (original === undefined) return receivedAt
  const sent = input.sentAt ?? sentAt
  const happened = Date.parse(original)
  const corrected = sent ? receivedAt.getTime() - (Date.parse(sent) - happened) : happened
  return new Date(Math.min(corrected, receivedAt.getTime()))
}

/** The identity of what a message says: its messageId, or without one its content. Sent again it is the same. */
export const factIdOf = ({ type, input }: Message): string => {
  if (input.messageId !== undefined) return `ingest:${input.messageId}`
  const { sentAt: _sentAt, ...content } = input
  return `ingest:${createHash('sha256')
    .update(JSON.stringify([type, content]))
    .digest('base64url')}`
}

import { createHash } from 'node:crypto'
import {
  AliasInput,
  GroupInput,
  IdentifyInput,
  Kind,
  TrackInput,
  ViewInput,
  type BatchInput,
} from '@zhiyin/shared/api/ingest'
import { read, refused, type Refused } from './problem.ts'

/** Segment's limit for one message. */
export const messageLimit = 32 * 1024

/** One message, checked. */
export type Message =
  | { readonly kind: 'identify'; readonly input: IdentifyInput }
  | { readonly kind: 'track'; readonly input: TrackInput }
  | { readonly kind: 'page' | 'screen'; readonly input: ViewInput }
  | { readonly kind: 'group'; readonly input: GroupInput }
  | { readonly kind: 'alias'; readonly input: AliasInput }

export const tooLarge = refused('消息大于 32 kB', 'message: larger than 32 kB')
const noObject = refused('message：不是对象', 'message: not an object')
const noKind = refused(`type：只能是 ${Kind.options.join('、')} 之一`, `type: one of ${Kind.options.join(', ')}`)

export const isTooLarge = (raw: unknown): boolean => Buffer.byteLength(JSON.stringify(raw)) > messageLimit

/** Checks one message of a kind. */
export const checkAs = (kind: Kind, raw: unknown): { readonly message: Message } | Refused => {
  const checked =
    <K extends Message['kind']>(of: K) =>
    <T>(parsed: { readonly data: T } | Refused) =>
      'problem' in parsed ? parsed : { message: { kind: of, input: parsed.data } }
  switch (kind) {
    case 'identify':
      return checked(kind)(read(IdentifyInput, raw))
    case 'track':
      return checked(kind)(read(TrackInput, raw))
    case 'page':
    case 'screen':
      return checked(kind)(read(ViewInput, raw))
    case 'group':
      return checked(kind)(read(GroupInput, raw))
    case 'alias':
      return checked(kind)(read(AliasInput, raw))
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

/**
 * Checks one message of a batch by itself, with the context and integrations of the batch beneath its own. They count for the size of the
 * batch, not of each message.
 */
export const checkIn = (
  { context, integrations }: Pick<BatchInput, 'context' | 'integrations'>,
  raw: unknown,
): { readonly message: Message } | Refused => {
  if (!isObject(raw)) return noObject
  if (isTooLarge(raw)) return tooLarge
  const kind = Kind.safeParse(raw['type'])
  if (!kind.success) return noKind
  return checkAs(kind.data, {
    ...raw,
    context: { ...context, ...objectOf(raw['context']) },
    integrations: { ...integrations, ...objectOf(raw['integrations']) },
  })
}

/** Whether a message is meant for other tools only: `{ All: false }` without us, or `{ Zhiyin: false }`. */
export const isForOthers = ({ input: { integrations } }: Message): boolean => {
  const ours = integrations['Zhiyin']
  return ours === false || (integrations['All'] === false && !ours)
}

/** Whether a message says when it happened. */
export const hasTime = ({ input }: Message): boolean => Boolean(input.originalTimestamp ?? input.timestamp)

/** An order may be dated for some days to come; what is dated later than that is a mistake and counts as received. */
const mostAheadMs = 30 * 86_400_000

/**
 * When it happened: the device's clock corrected by when it sent the message. What is dated ahead counts when its moment comes.
 * Source: the public Segment spec, “timestamp = receivedAt - (sentAt - originalTimestamp)”.
 */
export const timeOf = ({ input }: Message, sentAt: string | null | undefined, receivedAt: Date): Date => {
  const original = input.originalTimestamp ?? input.timestamp
  if (!original) return receivedAt
  const sent = input.sentAt ?? sentAt
  const happened = Date.parse(original)
  const corrected = sent ? receivedAt.getTime() - (Date.parse(sent) - happened) : happened
  return corrected > receivedAt.getTime() + mostAheadMs ? receivedAt : new Date(corrected)
}

/**
 * The identity of what a message says: its messageId; without one its content, where that has a time of its own. Sent again it is the same.
 * What has neither is new each time it comes: `received` is an id made for it, once.
 */
export const factIdOf = (message: Message, received: () => string): string => {
  const { kind, input } = message
  if (input.messageId) return `ingest:${input.messageId}`
  if (!hasTime(message)) return `ingest:${received()}`
  const { sentAt: _sentAt, ...content } = input
  return `ingest:${createHash('sha256')
    .update(JSON.stringify([kind, content]))
    .digest('base64url')}`
}

import type { Clock } from '../platform/clock.ts'
import type { Opener, Refusal } from '../wecom/crypto.ts'
import { XmlError, parseXml, textIn } from '../wecom/xml.ts'
import { eventOf, type ReceivedEvent } from './event.ts'

/** Retries carry their own timestamps, so this only has to cover clocks that differ. */
const defaultWindowMs = 10 * 60_000

type Query = Readonly<Record<string, string | string[] | undefined>>
type Accepted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Refusal | 'stale' }

export type Accept = {
  /** The text behind `echostr`, for the verification of the URL. */
  echo: (query: Query) => Accepted<string>
  /** The event behind a body. */
  event: (query: Query, body: string) => Accepted<ReceivedEvent>
}

const single = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

/** `Encrypt` as WeCom writes it. The envelope is not signed, only this part is, so nothing else of it is read. */
const encryptedPart = /<Encrypt>(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?<\/Encrypt>/

const encryptedIn = (body: string): string | undefined => {
  if (body.includes('<!DOCTYPE') || body.includes('<!ENTITY')) return undefined
  return encryptedPart.exec(body)?.[1] ?? textIn(parseXml(body), 'Encrypt')
}

/** Checks what WeCom sends (callbacks.md §1–3): time window, signature, decryption, receive id, XML. Pure; throws nothing on bad input. */
export const createAccept = (open: Opener, clock: Clock, windowMs = defaultWindowMs): Accept => {
  const opened = (query: Query, encrypted: string): Accepted<string> => {
    const timestamp = single(query['timestamp'])
    const fresh = /^\d{1,11}$/.test(timestamp) && Math.abs(clock.now() - Number(timestamp) * 1000) <= windowMs
    const answer = open({
      signature: single(query['msg_signature']),
      timestamp,
      nonce: single(query['nonce']),
      encrypted,
    })
    if (!answer.ok) return answer
    return fresh ? { ok: true, value: answer.text } : { ok: false, why: 'stale' }
  }

  return {
    // base64 has no blank: one here is a `+` that was decoded once too often
    echo: (query) => opened(query, single(query['echostr']).replaceAll(' ', '+')),
    event: (query, body) => {
      try {
        const encrypted = encryptedIn(body)
        if (encrypted === undefined) return { ok: false, why: 'garbled' }
        const answer = opened(query, encrypted)
        return answer.ok ? { ok: true, value: eventOf(parseXml(answer.value)) } : answer
      } catch (error) {
        if (error instanceof XmlError) return { ok: false, why: 'garbled' }
        throw error
      }
    },
  }
}

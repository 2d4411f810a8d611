import { decrypt, getSignature } from '@wecom/crypto'
import { z } from 'zod'
import type { Keys } from './envelope.ts'

const Reply = z.object({
  encrypt: z.string(),
  msgsignature: z.string(),
  timestamp: z.coerce.string(),
  nonce: z.string(),
})
type Reply = z.output<typeof Reply>

/** What a receiver answered with its 200: the message of a passive reply, or null when it is none (empty, `success`). Throws when it is signed wrongly. */
export function openReply(body: string, keys: Keys, form: 'xml' | 'json'): string | null {
  const reply = form === 'xml' ? fromXml(body) : fromJson(body)
  if (reply === null) return null
  if (getSignature(keys.token, reply.timestamp, reply.nonce, reply.encrypt) !== reply.msgsignature)
    throw new Error('the passive reply is not signed with the token')
  return decrypt(keys.aesKey, reply.encrypt).message
}

function fromXml(body: string): Reply | null {
  const part = (name: string): string | undefined => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(body)?.[1]
  const found = Reply.safeParse({
    encrypt: part('Encrypt'),
    msgsignature: part('MsgSignature'),
    timestamp: part('TimeStamp'),
    nonce: part('Nonce'),
  })
  return found.success ? found.data : null
}

function fromJson(body: string): Reply | null {
  try {
    return Reply.safeParse(JSON.parse(body)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

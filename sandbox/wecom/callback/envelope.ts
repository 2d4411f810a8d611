import { encrypt, getSignature } from '@wecom/crypto'
import type { How } from '../admin/endpoints/callbacks.ts'
import { letters } from '../ids.ts'

/** The settings shared with the receiver, and who the message is for. */
export interface Keys {
  token: string
  aesKey: string
  /** The receive id: the corp's id, for a corp's own AI bot empty. */
  corpId: string
  agentId: string
}

/** One signed request: the query to append and the body to post. */
export interface Envelope {
  query: URLSearchParams
  body: string
  type: string
}

const DAY_S = 86_400
const HUGE_BYTES = 5 * 1024 * 1024

/**
 * Encrypts and signs a message as the platform does, or wrongly in the way `how` says.
 *
 * @param form xml for the app, json for an AI bot
 * @param seconds the envelope's timestamp
 */
export function seal(message: string, keys: Keys, form: 'xml' | 'json', seconds: number, how: How = 'once'): Envelope {
  const timestamp = String(how === 'replayed' ? seconds - DAY_S : seconds)
  const nonce = letters(10)
  const text = how === 'huge' ? huge(message, form) : message
  const honest = encrypt(keys.aesKey, text, how === 'wrong_receiver' ? 'ww9999999999999999' : keys.corpId)
  const encrypted = how === 'garbled' ? garble(honest) : honest
  const token = how === 'forged' ? `${keys.token}x` : keys.token
  const signature = getSignature(token, timestamp, nonce, encrypted)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
  if (form === 'json') return { query, body: JSON.stringify({ encrypt: encrypted }), type: 'application/json' }
  const body = `<xml><ToUserName><![CDATA[${keys.corpId}]]></ToUserName><AgentID><![CDATA[${keys.agentId}]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
  return { query, body, type: 'text/xml; charset=utf-8' }
}

/** The query of a URL verification and the text that must come back. */
export function challenge(keys: Keys, seconds: number): { query: URLSearchParams; expected: string } {
  const expected = String(Math.floor(Math.random() * 1e15) + 1e15)
  const timestamp = String(seconds)
  const nonce = letters(10)
  const echostr = encrypt(keys.aesKey, expected, keys.corpId)
  const msg_signature = getSignature(keys.token, timestamp, nonce, echostr)
  return { query: new URLSearchParams({ msg_signature, timestamp, nonce, echostr }), expected }
}

function huge(message: string, form: 'xml' | 'json'): string {
  const filler = '0'.repeat(HUGE_BYTES)
  return form === 'xml'
    ? message.replace(/<\/xml>$/, `<Filler>${filler}</Filler></xml>`)
    : message.replace(/\}$/, `,"filler":"${filler}"}`)
}

/** Turns over some bytes in the middle of a ciphertext. */
function garble(base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  for (let i = 16; i < Math.min(bytes.length, 48); i++) bytes.writeUInt8(bytes.readUInt8(i) ^ 0xff, i)
  return bytes.toString('base64')
}

import { createDecipheriv, timingSafeEqual } from 'node:crypto'
import { getSignature } from '@wecom/crypto'

const BLOCK = 32
const RANDOM_BYTES = 16
const HEAD_BYTES = RANDOM_BYTES + 4

/** Why a message was refused; each is an error code of `callback.*`. */
export type Refusal = 'signature' | 'garbled' | 'receiver'

/** Tokens and keys of a receive URL, the current ones first, then those of before the last rotation. */
export type CallbackSecrets = {
  readonly tokens: readonly string[]
  readonly aesKeys: readonly string[]
  /** CorpID for a self-built app; the empty string for an in-house AI bot. */
  readonly receiveId: string
}

type Signed = {
  readonly signature: string
  readonly timestamp: string
  readonly nonce: string
  readonly encrypted: string
}
type Opened = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: Refusal }

type Key = { readonly key: Buffer; readonly iv: Buffer }
type Plain = { readonly text: string; readonly id: string }

/** The 43rd character carries two spare bits that may be set; Node's decoder accepts them. */
const keyOf = (encoded: string): Key => {
  const key = Buffer.from(`${encoded}=`, 'base64')
  if (key.length !== 32) throw new TypeError('an EncodingAESKey has 43 letters and digits')
  return { key, iv: key.subarray(0, 16) }
}

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** PKCS#7 with blocks of 32 bytes: 1 to 32 equal bytes that say their number. Null when it is not that. */
const unpad = (data: Buffer): Buffer | null => {
  const pad = data.at(-1) ?? 0
  if (pad < 1 || pad > BLOCK || pad > data.length) return null
  const body = data.subarray(0, data.length - pad)
  return data.subarray(body.length).every((byte) => byte === pad) ? body : null
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const textOf = (bytes: Buffer): string | null => {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/**
 * AES-256-CBC of a callback: random(16) ‖ length(4, big endian, bytes) ‖ text ‖ receive id. `@wecom/crypto` 1.0.1 strips padding it has
 * not checked, trusts the length and decodes the key each time, so it only signs for us; its `encrypt` is what the tests open.
 * Null when the padding, the length or the UTF-8 is wrong.
 */
const decrypt = ({ key, iv }: Key, encrypted: Buffer): Plain | null => {
  if (encrypted.length === 0 || encrypted.length % 16 !== 0) return null
  const decipher = createDecipheriv('aes-256-cbc', key, iv)
  decipher.setAutoPadding(false)
  const body = unpad(Buffer.concat([decipher.update(encrypted), decipher.final()]))
  if (body === null || body.length < HEAD_BYTES) return null
  const end = HEAD_BYTES + body.readUInt32BE(RANDOM_BYTES)
  if (end > body.length) return null
  const text = textOf(body.subarray(HEAD_BYTES, end))
  const id = textOf(body.subarray(end))
  return text === null || id === null ? null : { text, id }
}

const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/

export type Opener = (message: Signed) => Opened

/**
 * Opens signed and encrypted messages (callbacks.md §3): signature in constant time, then decryption, padding, length, receive id.
 * Keys are decoded once. Throws TypeError when a key is not one.
 */
export const createOpener = ({ tokens, aesKeys, receiveId }: CallbackSecrets): Opener => {
  const keys = aesKeys.map(keyOf)
  return ({ signature, timestamp, nonce, encrypted }) => {
    const signed = tokens.some((token) => sameText(getSignature(token, timestamp, nonce, encrypted), signature))
    if (!signed) return { ok: false, why: 'signature' }
    if (encrypted.length % 4 !== 0 || !isBase64.test(encrypted)) return { ok: false, why: 'garbled' }
    const bytes = Buffer.from(encrypted, 'base64')
    let why: Refusal = 'garbled'
    for (const key of keys) {
      const plain = decrypt(key, bytes)
      if (plain === null) continue
      if (sameText(plain.id, receiveId)) return { ok: true, text: plain.text }
      why = 'receiver'
    }
    return { ok: false, why }
  }
}

/** The opener of this company's receive URL. */
export const openerOf = (config: {
  WECOM_CORP_ID: string
  WECOM_CALLBACK_TOKEN: string
  WECOM_CALLBACK_AES_KEY: string
  WECOM_CALLBACK_TOKEN_PREVIOUS?: string | undefined
  WECOM_CALLBACK_AES_KEY_PREVIOUS?: string | undefined
}): Opener => {
  const given = (values: readonly (string | undefined)[]): string[] =>
    values.filter((value): value is string => value !== undefined)
  return createOpener({
    tokens: given([config.WECOM_CALLBACK_TOKEN, config.WECOM_CALLBACK_TOKEN_PREVIOUS]),
    aesKeys: given([config.WECOM_CALLBACK_AES_KEY, config.WECOM_CALLBACK_AES_KEY_PREVIOUS]),
    receiveId: config.WECOM_CORP_ID,
  })
}

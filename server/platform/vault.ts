import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { KeyRing } from './keys.ts'
import { kindOfName, masked, personalKinds, replacePersonal, type PersonalKind } from './personal.ts'

/** What stands in the place of an opened value: itself, or what may be seen of it. */
export type Show = (kind: PersonalKind, value: string) => string
export const clear: Show = (_kind, value) => value
export const mask: Show = masked

type Fields = Readonly<Record<string, unknown>>
/** Whether managers have marked an attribute as sensitive. */
export type IsSensitive = (key: string) => boolean

/** A sealed value inside a text: `pii:kind:key:index:data;`. It says what it is, so it can stand anywhere a text can. */
const token = /pii:([a-z_]+):([A-Za-z0-9_-]{1,20}):([A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{38,});/g
const whole = new RegExp(`^${token.source}$`)

export const isSealed = (text: string): boolean => whole.test(text)
/** Whether a sealed value was sealed as one of a kind. */
export const isSealedAs = (kind: PersonalKind, sealed: string): boolean => sealed.startsWith(`pii:${kind}:`)
/** The blind index of a sealed value; null for any other text. */
export const indexOf = (text: string): string | null => whole.exec(text)?.[3] ?? null
/** A text without what is sealed in it, for indexes that people search by. */
export const withoutSealed = (text: string): string => text.replace(token, '').trim()

/** The beginning of a text; what is sealed in it is taken whole or not at all, and counts as what is shown of it. */
export const cutSealed = (text: string, most: number): string => {
  if (!text.includes('pii:')) return text.slice(0, most)
  const parts = text.split(/(pii:[^;\s]+;)/)
  let left = most
  let cut = ''
  for (const part of parts) {
    const length = isSealed(part) ? shownLength : part.length
    if (isSealed(part) && length > left) break
    cut += isSealed(part) ? part : part.slice(0, left)
    left = Math.max(0, left - length)
  }
  return cut
}

const kindOf = (text: string): PersonalKind | null => personalKinds.find((kind) => kind === text) ?? null

/** As long as a phone number. */
const shownLength = 11
const ivBytes = 12
const tagBytes = 16
/** Longer values are cut: nobody's phone or address is longer, and a token must fit where a text does. */
const longest = 500

type Key = { readonly id: string; readonly cipher: Uint8Array; readonly iv: Uint8Array }

type Deps = {
  ring: KeyRing
  /** The key of the blind index; it stays when the others are changed. */
  indexKey: Uint8Array
  /** The normal form that equal values share, null for what is none of that kind. */
  normal: (kind: PersonalKind, value: string) => string | null
}

export type Vault = ReturnType<typeof createVault>
/** What keeps records of people that are not looked up: uploaded files and rows. */
export type Sealing = Pick<Vault, 'sealTexts' | 'open' | 'openText' | 'sealBytes' | 'openBytes'>
/** A copy with everything sealed in it opened. */
export type OpenSealed = <T extends object>(value: T) => T
/** Seals nothing; where a test needs no vault. */
export const unsealed: Sealing = {
  sealTexts: (value) => value,
  open: (value) => value,
  openText: (text) => text,
  sealBytes: (bytes) => Uint8Array.from(bytes),
  openBytes: (bytes) => bytes,
}

const derived = (key: Uint8Array, use: string): Uint8Array => new Uint8Array(hkdfSync('sha256', key, '', use, 32))

/**
 * Seals personal data (AES-256-GCM). The IV of a value is an HMAC of it, so equal values are equal when sealed with one key: what is
 * compared, kept once or put in an order works on sealed values. A blind index (HMAC-SHA256 of the normal form, 128 bits) finds them.
 */
export const createVault = ({ ring, indexKey, normal }: Deps) => {
  const keys = new Map(
    [...ring.keys].map(([id, key]): [string, Key] => [
      id,
      { id, cipher: derived(key, 'zhiyin personal data'), iv: derived(key, 'zhiyin personal data iv') },
    ]),
  )
  const newest = keys.get(ring.newest)
  if (newest === undefined) throw new Error('PII_KEYS has no key')

  const blind = (kind: string, value: string): string => {
    const personal = kindOf(kind)
    const form = (personal === null ? null : normal(personal, value)) ?? value
    return createHmac('sha256', indexKey).update(`${kind}:${form}`).digest().subarray(0, 16).toString('base64url')
  }

  const encrypt = (key: Key, iv: Uint8Array, aad: string, bytes: Uint8Array): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key.cipher, iv).setAAD(Buffer.from(aad))
    const data = Buffer.concat([cipher.update(bytes), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), data])
  }
  /** Null when it was not sealed by us, or changed. */
  const decrypt = (key: Key, aad: string, sealed: Uint8Array): Buffer | null => {
    const decipher = createDecipheriv('aes-256-gcm', key.cipher, sealed.subarray(0, ivBytes)).setAAD(Buffer.from(aad))
    decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
    const data = decipher.update(sealed.subarray(ivBytes + tagBytes))
    try {
      return Buffer.concat([data, decipher.final()])
    } catch (error) {
      if (error instanceof Error) return null
      throw error
    }
  }

  const seal = (wanted: PersonalKind, text: string): string => {
    if (isSealed(text)) return text
    const value = text.slice(0, longest)
    // What stands in the place of a phone and is none is any text, so that it can be told without opening it.
    const kind = normal(wanted, value) === null ? 'text' : wanted
    const iv = createHmac('sha256', newest.iv).update(`${kind}\0${value}`).digest().subarray(0, ivBytes)
    const data = encrypt(newest, iv, kind, Buffer.from(value)).toString('base64url')
    return `pii:${kind}:${newest.id}:${blind(kind, value)}:${data};`
  }

  const openText = (text: string, show: Show = clear): string =>
    text.includes('pii:')
      ? text.replace(token, (sealed, name: string, id: string, _index, data: string) => {
          const kind = kindOf(name)
          if (kind === null) return sealed
          const key = keys.get(id)
          // Sealed with a key that was taken away: it cannot be read any more.
          if (key === undefined) return show === clear ? '****' : show('text', '')
          const opened = decrypt(key, kind, Buffer.from(data, 'base64url'))
          return opened === null ? sealed : show(kind, opened.toString('utf8'))
        })
      : text

  /** Every phone, e-mail address and id number in a text that people write. */
  const sealText = (text: string): string =>
    text
      .split(/(pii:[^;\s]+;)/)
      .map((part) => (isSealed(part) ? part : replacePersonal(part, seal)))
      .join('')

  const sealAll = (value: unknown, kind: PersonalKind | null, isSensitive: IsSensitive): unknown => {
    if (typeof value === 'string')
      return kind === null ? sealText(value) : value.trim() === '' ? value : seal(kind, value.trim())
    if (typeof value === 'number' && kind !== null) return seal(kind, String(value))
    if (Array.isArray(value)) return value.map((part) => sealAll(part, kind, isSensitive))
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, sealAll(part, kind ?? kindFor(key, isSensitive), isSensitive)]),
    )
  }
  const kindFor = (key: string, isSensitive: IsSensitive): PersonalKind | null =>
    kindOfName(key) ?? (isSensitive(key) ? 'text' : null)

  const inPlace = (value: unknown, change: (text: string) => string): void => {
    if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === 'string') Reflect.set(value, key, change(part))
      else inPlace(part, change)
    }
  }
  const changed = <T extends object>(value: T, change: (text: string) => string): T => {
    const copy = structuredClone(value)
    inPlace(copy, change)
    return copy
  }
  const renewText = (text: string): string =>
    text.replace(token, (sealed, name: string, id: string) => {
      const kind = kindOf(name)
      if (kind === null || id === newest.id || !keys.has(id)) return sealed
      const value = openText(sealed)
      return value === sealed ? sealed : seal(kind, value)
    })

  return {
    newest: newest.id,
    ids: [...keys.keys()],
    blind,
    seal,
    sealText,
    /** Fields as systems and people send them: personal by name or mark as a whole, in other texts what looks personal. */
    sealFields: (fields: Fields, isSensitive: IsSensitive = () => false): Record<string, unknown> =>
      Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, sealAll(value, kindFor(key, isSensitive), isSensitive)]),
      ),
    /** A copy with what looks personal in any text of it sealed. */
    sealTexts: <T extends object>(value: T): T => changed(value, sealText),
    openText,
    /** A copy with everything sealed in it opened, at any depth. */
    open: <T extends object>(value: T, show: Show = clear): T => changed(value, (text) => openText(text, show)),
    /** A copy in which everything is sealed with the newest key. What nobody can open stays as it is. */
    renew: <T extends object>(value: T): T => changed(value, renewText),
    sealBytes: (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(
        Buffer.concat([
          Buffer.from([newest.id.length]),
          Buffer.from(newest.id),
          encrypt(newest, randomBytes(ivBytes), 'bytes', bytes),
        ]),
      ),
    /** The id of the key bytes were sealed with. */
    keyIdOfBytes: (sealed: Uint8Array): string => Buffer.from(sealed.subarray(1, 1 + (sealed[0] ?? 0))).toString(),
    /** Null when they were sealed with a key that is gone, or changed. */
    openBytes(sealed: Uint8Array): Uint8Array | null {
      const from = 1 + (sealed[0] ?? 0)
      const key = keys.get(Buffer.from(sealed.subarray(1, from)).toString())
      return key === undefined || sealed.length < from + ivBytes + tagBytes
        ? null
        : decrypt(key, 'bytes', sealed.subarray(from))
    },
  }
}

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

export type Seal = {
  seal(text: string): string
  /** Throws when the text was sealed with another secret. */
  open(sealed: string): string
  /** The same for the same text; tells nothing about it. */
  mark(text: string): string
}

/** Keeps robot addresses unreadable at rest: AES-256-GCM under a key derived from SESSION_SECRET (HKDF-SHA256, RFC 5869). */
export const createSeal = (secret: string): Seal => {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'zhiyin group webhook', 32))
  return {
    seal: (text) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
    mark: (text) => createHash('sha256').update(key).update(text).digest('base64url'),
  }
}

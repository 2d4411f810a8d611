import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seals small secrets (tokens, tickets) for a store that others may read. */
export type Vault = {
  seal: (text: string) => string
  /** Null when it was sealed with another secret or has been changed. */
  open: (sealed: string) => string | null
}

/** AES-256-GCM with a key derived from `secret` by HKDF-SHA256; `purpose` keeps keys of different uses apart. */
export const createVault = (secret: string, purpose: string): Vault => {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32))
  return {
    seal: (text) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8')
      try {
        return text + decipher.final('utf8')
      } catch (error) {
        if (error instanceof Error) return null
        throw error
      }
    },
  }
}

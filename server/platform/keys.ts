import { z } from 'zod'

/** Keys for personal data at rest, newest first: everything is sealed with the first, what is older can still be opened. */
export type KeyRing = {
  readonly newest: string
  readonly keys: ReadonlyMap<string, Uint8Array>
}

const keyBytes = 32

const bytesOf = (text: string): Uint8Array | null => {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  return bytes.length === keyBytes ? bytes : null
}

/** One key: 32 random bytes in base64 (openssl rand -base64 32). */
export const Key = z.string().transform((text, context) => {
  const bytes = bytesOf(text.trim())
  if (bytes !== null) return bytes
  context.addIssue({ code: 'custom', message: 'must be 32 bytes in base64 (openssl rand -base64 32)' })
  return z.NEVER
})

/** `k2:<base64>,k1:<base64>`: an id and a key each, newest first. Never says what a key is. */
export const KeyRingText = z.string().transform((text, context): KeyRing => {
  const keys = new Map<string, Uint8Array>()
  for (const part of text.split(',')) {
    const [id = '', ...rest] = part.trim().split(':')
    const bytes = bytesOf(rest.join(':'))
    const problem = !/^[A-Za-z0-9_-]{1,20}$/.test(id)
      ? 'each must look like id:base64, the id of letters and digits'
      : bytes === null
        ? `the key “${id}” must be 32 bytes in base64 (openssl rand -base64 32)`
        : keys.has(id)
          ? `the id “${id}” is there twice`
          : null
    if (problem === null && bytes !== null) keys.set(id, bytes)
    else {
      context.addIssue({ code: 'custom', message: problem ?? '' })
      return z.NEVER
    }
  }
  return { newest: [...keys.keys()][0] ?? '', keys }
})

import { randomBytes, randomInt } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** `length` random letters and digits. */
export function letters(length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += LETTERS.charAt(randomInt(LETTERS.length))
  return text
}

/** Ids as the platform's look: a two-letter prefix and 32 characters in all (`wm` customer, `wr` group, `et` tag). */
export function prefixedId(prefix: 'wm' | 'wr' | 'et'): string {
  return `${prefix}${letters(2)}BgAA${letters(24)}`
}

/** 32 hex digits, as config ids are. */
export function hexId(): string {
  return randomBytes(16).toString('hex')
}

/** A long opaque string: tokens, tickets, codes. */
export function opaque(length: number): string {
  return letters(length)
}

/** A new key that makes a repeated call harmless. Not randomUUID: that one is missing on plain-http test hosts. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

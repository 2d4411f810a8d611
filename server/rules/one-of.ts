import { createHash } from 'node:crypto'

/** One of several, evenly over all customers, the same for the same customer; null: there are none. */
export const oneOf = (list: readonly string[], customerId: string): string | null => {
  const digest = createHash('sha1').update(customerId).digest()
  return list[digest.readUInt32BE(0) % Math.max(1, list.length)] ?? null
}

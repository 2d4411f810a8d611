import { createHash } from 'node:crypto'

/** A number from 0 up to 1, the same for the same salt and customer for ever, and spread evenly over customers. */
export const shareOf = (salt: string, customerId: string): number =>
  createHash('sha1').update(`${salt}:${customerId}`).digest().readUInt32BE(0) / 2 ** 32

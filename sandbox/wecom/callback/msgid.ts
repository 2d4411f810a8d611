import { randomInt } from 'node:crypto'

/** A message id as the platform's: 64 bits, beyond what a double holds exactly, rising with time (epoch ms). */
export function newMsgId(now: number): bigint {
  return (BigInt(now) << 22n) | BigInt(randomInt(2 ** 22))
}

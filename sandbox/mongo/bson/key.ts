import { createHash } from 'node:crypto'
import { KeyWriter } from './keyWriter.ts'

/** Longest index key kept whole; LMDB allows 1978 bytes, and a key carries an index number and a document's id besides. */
export const MAX_KEY = 900
const KEPT_OF_LONG_KEY = 880

const writer = new KeyWriter()

/** The bytes of one value; `descending` turns them round, so that greater values come first. */
export function encodeValue(value: unknown, descending = false): Buffer {
  writer.reset()
  writer.value(value)
  const bytes = writer.take()
  return descending ? inverted(bytes) : bytes
}

/** Every bit turned over: reverses the order of keys. */
export function inverted(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length)
  for (let i = 0; i < bytes.length; i++) out[i] = ~(bytes[i] ?? 0) & 0xff
  return out
}

/** Cuts a key that is too long for LMDB to its beginning and a hash: still unique, and in order up to 880 bytes. */
export function sealKey(key: Buffer): Buffer {
  if (key.length <= MAX_KEY) return key
  return Buffer.concat([key.subarray(0, KEPT_OF_LONG_KEY), createHash('sha1').update(key).digest()])
}

/** Cuts a bound to what stored keys keep, so that it never excludes a cut key; true when it was cut. */
export function cutBound(bound: Buffer): { bytes: Buffer; cut: boolean } {
  if (bound.length <= KEPT_OF_LONG_KEY) return { bytes: bound, cut: false }
  return { bytes: bound.subarray(0, KEPT_OF_LONG_KEY), cut: true }
}

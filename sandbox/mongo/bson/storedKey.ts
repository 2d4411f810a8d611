import { isUtf8 } from 'node:buffer'
import { int32 } from './elements.ts'
import type { KeyWriter } from './keyWriter.ts'
import { readValue } from './read.ts'

const NUMBER = 0x10
const STRING = 0x20
const NOTHING = 0x0a
const UNDEFINED = 0x08
const OBJECT_ID = 0x60
const BOOLEAN = 0x70
const DATE = 0x78
/** Half of the range JavaScript's dates have, in units of 2^32 ms. */
const DATE_REACH = 2_011_656

/** The BSON type an empty array counts as in an index. */
export const NO_VALUE = 0x06

/** UTF-8 with 0 and 1 escaped, then 0, as `KeyWriter.text` writes it; false for bytes that are no UTF-8. */
function appendText(to: KeyWriter, from: Buffer, at: number, end: number): boolean {
  to.reserve((end - at) * 2 + 2)
  const out = to.bytes
  let next = to.length
  let checked = false
  out[next++] = STRING
  for (let i = at; i < end; i++) {
    const byte = from[i] ?? 0
    if (byte >= 0x80 && !checked) {
      if (!isUtf8(from.subarray(at, end))) return false
      checked = true
    }
    if (byte > 1) out[next++] = byte
    else {
      out[next++] = 1
      out[next++] = byte + 1
    }
  }
  out[next++] = 0
  to.length = next
  return true
}

function appendNumber(to: KeyWriter, value: number): boolean {
  to.byte(NUMBER)
  to.double(value)
  return true
}

/** A date in milliseconds, the sign turned over; false for one JavaScript does not know. */
function appendDate(to: KeyWriter, from: Buffer, at: number): boolean {
  if (Math.abs(int32(from, at + 4)) >= DATE_REACH) return false
  to.reserve(9)
  const out = to.bytes
  const start = to.length
  out[start] = DATE
  for (let i = 0; i < 8; i++) out[start + 1 + i] = from[at + 7 - i] ?? 0
  out[start + 1] = (out[start + 1] ?? 0) ^ 0x80
  to.length = start + 9
  return true
}

function appendKnown(to: KeyWriter, from: Buffer, type: number, at: number, end: number): boolean {
  switch (type) {
    case 0x01:
      return appendNumber(to, from.readDoubleLE(at))
    case 0x02:
      return end >= at + 5 && from[end - 1] === 0 && appendText(to, from, at + 4, end - 1)
    case NO_VALUE:
      to.byte(UNDEFINED)
      return true
    case 0x07:
      to.byte(OBJECT_ID)
      to.raw(from.subarray(at, end))
      return true
    case 0x08:
      to.byte(BOOLEAN)
      to.byte(from[at] === 1 ? 1 : 0)
      return true
    case 0x09:
      return appendDate(to, from, at)
    case 0x0a:
      to.byte(NOTHING)
      return true
    case 0x10:
      return appendNumber(to, int32(from, at))
    case 0x12: {
      const value = int32(from, at + 4) * 2 ** 32 + (int32(from, at) >>> 0)
      return Number.isSafeInteger(value) && appendNumber(to, value)
    }
    default:
      return false
  }
}

/** Writes the key bytes of a stored value of a BSON type: the common scalars without reading them, all others through `KeyWriter.value`. */
export function appendStored(to: KeyWriter, from: Buffer, type: number, at: number, end: number): void {
  if (!appendKnown(to, from, type, at, end)) to.value(readValue(from, type, at, end, 'typed'))
}

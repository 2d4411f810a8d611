import { Double, Int32 } from 'bson'
import { TYPE_RANK } from '../bson/compare.ts'

/**
 * A test of a stored value without reading it: its BSON type (0: the field is missing) and where it lies in the bytes. Undefined where
 * the value has to be read.
 */
export type StoredTest = (bytes: Buffer, type: number, at: number, end: number) => boolean | undefined

const NAMES: Readonly<Record<number, string>> = {
  0x01: 'double', 0x02: 'string', 0x03: 'object', 0x04: 'array', 0x05: 'binData', 0x06: 'undefined', 0x07: 'objectId', 0x08: 'bool',
  0x09: 'date', 0x0a: 'null', 0x0b: 'regex', 0x0c: 'object', 0x0d: 'javascript', 0x0e: 'symbol', 0x0f: 'javascript', 0x10: 'int',
  0x11: 'timestamp', 0x12: 'long', 0x13: 'decimal', 0x7f: 'maxKey', 0xff: 'minKey',
} // prettier-ignore

const RANKS = Array.from({ length: 256 }, (_none, type) => TYPE_RANK[NAMES[type] ?? ''])

/** The rank of a BSON type in MongoDB's order of types. */
export const rankOfType = (type: number): number | undefined => RANKS[type]

/** Milliseconds of a stored date; NaN for one that JavaScript does not know. */
function timeAt(bytes: Buffer, at: number): number {
  const time = bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at)
  return Math.abs(time) <= 8.64e15 ? time : NaN
}

/** A stored Int32, Double or date as a number; NaN for any other number. */
function numberAt(bytes: Buffer, type: number, at: number): number {
  if (type === 0x10) return bytes.readInt32LE(at)
  if (type === 0x01) return bytes.readDoubleLE(at)
  return type === 0x09 ? timeAt(bytes, at) : NaN
}

function simpleNumber(operand: unknown): number | undefined {
  if (operand instanceof Int32 || operand instanceof Double) return operand.value
  if (operand instanceof Date) return operand.getTime()
  return typeof operand === 'number' ? operand : undefined
}

/** Compares with a number or a date what is stored of the same rank; undefined for operands and stored values that are not so simple. */
export function comparesStored(operand: unknown, accepts: (order: number) => boolean): StoredTest | undefined {
  const wanted = simpleNumber(operand)
  if (wanted === undefined || Number.isNaN(wanted)) return undefined
  return (bytes, type, at) => {
    const value = numberAt(bytes, type, at)
    return Number.isNaN(value) ? undefined : accepts(value < wanted ? -1 : value > wanted ? 1 : 0)
  }
}

/** The same for texts, in the order of their bytes. */
export function comparesStoredText(operand: string, accepts: (order: number) => boolean): StoredTest {
  const text = Buffer.from(operand)
  return (bytes, type, at, end) =>
    type === 0x02 ? accepts(bytes.compare(text, 0, text.length, at + 4, end - 1)) : undefined
}

/** The same for equality, also with a text. */
export function equalsStored(operand: unknown): StoredTest | undefined {
  if (typeof operand !== 'string') return comparesStored(operand, (order) => order === 0)
  const text = Buffer.from(operand)
  return (bytes, type, at, end) => {
    if (type !== 0x02) return undefined
    return end - at - 5 === text.length && bytes.compare(text, 0, text.length, at + 4, end - 1) === 0
  }
}

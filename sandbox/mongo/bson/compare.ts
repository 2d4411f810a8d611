import { Decimal128, Double, Int32, Long } from 'bson'
import { compareFractions, fraction } from './exact.ts'
import { bsonType, isDoc, toNumber } from './values.ts'

/** MongoDB's order across types; types with the same rank compare by value. Also the tag bytes of index keys. */
export const TYPE_RANK: Readonly<Record<string, number>> = {
  minKey: 0x01,
  undefined: 0x08,
  null: 0x0a,
  int: 0x10,
  long: 0x10,
  double: 0x10,
  decimal: 0x10,
  string: 0x20,
  symbol: 0x20,
  object: 0x30,
  array: 0x40,
  binData: 0x50,
  objectId: 0x60,
  bool: 0x70,
  date: 0x78,
  timestamp: 0x80,
  regex: 0x88,
  javascript: 0x90,
  maxKey: 0xf0,
}

/** The rank of a value's type. */
export function rank(value: unknown): number {
  if (typeof value === 'string') return 0x20
  return TYPE_RANK[bsonType(value)] ?? 0x30
}

/** An order of strings: that of their bytes, or that of a language. */
export type CompareStrings = (a: string, b: string) => number

/** Compares strings as MongoDB does, by their UTF-8 bytes (= by code point), not by UTF-16 units. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const xPair = x >= 0xd800 && x <= 0xdfff
    const yPair = y >= 0xd800 && y <= 0xdfff
    if (xPair !== yPair) return xPair ? 1 : -1
    return x - y
  }
  return a.length - b.length
}

function isSimple(value: unknown): value is number | Int32 | Double {
  return typeof value === 'number' || value instanceof Int32 || value instanceof Double
}

/** Compares BSON numbers of any class by value; NaN is the least and equal to itself. */
export function compareNumbers(a: unknown, b: unknown): number {
  const x = toNumber(a) ?? NaN
  const y = toNumber(b) ?? NaN
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x))
  if (isSimple(a) && isSimple(b)) return x < y ? -1 : x > y ? 1 : 0
  const left = fraction(a)
  const right = fraction(b)
  if (left !== undefined && right !== undefined) return compareFractions(left, right)
  return x < y ? -1 : x > y ? 1 : 0
}

/** The entries of an embedded document, a DBRef seen as the document it is stored as. */
export function entriesOf(value: object): [string, unknown][] {
  if (isDoc(value)) return Object.entries(value)
  const ref = 'toJSON' in value && typeof value.toJSON === 'function' ? (value.toJSON() as unknown) : {}
  return typeof ref === 'object' && ref !== null ? Object.entries(ref) : []
}

function compareDocs(a: object, b: object, strings: CompareStrings): number {
  const left = entriesOf(a)
  const right = entriesOf(b)
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [name, value] = left[i] ?? ['', undefined]
    const [otherName, other] = right[i] ?? ['', undefined]
    const order = rank(value) - rank(other) || compareStrings(name, otherName) || compareValues(value, other, strings)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareArrays(a: readonly unknown[], b: readonly unknown[], strings: CompareStrings): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareValues(a[i], b[i], strings)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** The bytes and subtype of a binary value. */
export function binaryParts(value: object): { bytes: Uint8Array; subtype: number } {
  if (value instanceof Uint8Array) return { bytes: value, subtype: 0 }
  if ('buffer' in value && value.buffer instanceof Uint8Array && 'position' in value && 'sub_type' in value) {
    return { bytes: value.buffer.subarray(0, Number(value.position)), subtype: Number(value.sub_type) }
  }
  return { bytes: new Uint8Array(0), subtype: 0 }
}

/** The pattern and the flags of a regular expression of either class. */
export function regexParts(value: object): { pattern: string; flags: string } {
  if (value instanceof RegExp) return { pattern: value.source, flags: value.flags }
  if ('pattern' in value && 'options' in value) return { pattern: String(value.pattern), flags: String(value.options) }
  return { pattern: '', flags: '' }
}

function compareBinary(a: object, b: object): number {
  const left = binaryParts(a)
  const right = binaryParts(b)
  return (
    left.bytes.length - right.bytes.length || left.subtype - right.subtype || Buffer.compare(left.bytes, right.bytes)
  )
}

function idBytes(value: object): Uint8Array {
  return 'id' in value && value.id instanceof Uint8Array ? value.id : new Uint8Array(12)
}

function compareSameRank(a: object, b: object, type: string, strings: CompareStrings): number {
  switch (type) {
    case 'object':
      return compareDocs(a, b, strings)
    case 'binData':
      return compareBinary(a, b)
    case 'objectId':
      return Buffer.compare(idBytes(a), idBytes(b))
    case 'date':
      return Number(a) - Number(b)
    case 'timestamp':
      return a instanceof Long && b instanceof Long ? a.toUnsigned().compare(b.toUnsigned()) : 0
    case 'regex': {
      const left = regexParts(a)
      const right = regexParts(b)
      return compareStrings(left.pattern, right.pattern) || compareStrings(left.flags, right.flags)
    }
    default:
      return compareStrings(JSON.stringify(a), JSON.stringify(b))
  }
}

/** Compares two values of any BSON types in MongoDB's order: negative, zero or positive. `strings` is the collation's order of strings. */
export function compareValues(a: unknown, b: unknown, strings: CompareStrings = compareStrings): number {
  if (typeof a === 'string' && typeof b === 'string') return strings(a, b)
  const order = rank(a) - rank(b)
  if (order !== 0) return order
  if (rank(a) === 0x10) return compareNumbers(a, b)
  if (typeof a === 'boolean' || typeof b === 'boolean') return Number(a) - Number(b)
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b, strings)
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const type = bsonType(a)
    if (type === 'minKey' || type === 'maxKey') return 0
    return compareSameRank(a, b, type, strings)
  }
  return compareStrings(String(a), String(b))
}

/** Whether two values are the same for MongoDB (5 equals 5.0; documents by field order). */
export function equalValues(a: unknown, b: unknown): boolean {
  return a === b || compareValues(a, b) === 0
}

/** Whether two values are the same down to their number class, so that writing one for the other changes nothing. */
export function identicalValues(a: unknown, b: unknown): boolean {
  if (a instanceof Decimal128 && b instanceof Decimal128) return a.toString() === b.toString()
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => identicalValues(item, b[index]))
  }
  if (isDoc(a) && isDoc(b)) {
    const keys = Object.keys(a)
    const others = Object.keys(b)
    return keys.length === others.length && keys.every((key, i) => key === others[i] && identicalValues(a[key], b[key]))
  }
  return bsonType(a) === bsonType(b) && equalValues(a, b)
}

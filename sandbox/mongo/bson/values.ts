import { Decimal128, Double, Int32, Long, serialize } from 'bson'
import { fail } from '../errors.ts'
import { readWhole } from './read.ts'

/**
 * A document in memory. Documents come in two forms:
 * typed, where each number keeps its BSON class (Int32, Double, Long, Decimal128), so that storing it again changes nothing;
 * plain, where numbers are JavaScript numbers, as mingo's expressions expect them.
 */
export type Doc = Record<string, unknown>

/** Reads BSON bytes into a typed document. */
export function readTyped(raw: Uint8Array): Doc {
  return readWhole(raw, 'typed')
}

/** Reads BSON bytes into a plain document; Long beyond 2^53 and Decimal128 keep their class. */
export function readPlain(raw: Uint8Array): Doc {
  return readWhole(raw, 'plain')
}

/** Writes a typed or plain document as BSON bytes; `undefined` becomes null. Throws BSONObjectTooLarge beyond 17 MB. */
export function write(doc: Doc): Uint8Array {
  try {
    return serialize(doc, { ignoreUndefined: false })
  } catch (cause) {
    if (cause instanceof RangeError)
      return fail(10334, 'BSONObj size is invalid. Size must be between 0 and 16793600(16MB)')
    throw cause
  }
}

const BSON_TYPES: Readonly<Record<string, string>> = {
  Int32: 'int',
  Double: 'double',
  Long: 'long',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  Binary: 'binData',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  BSONSymbol: 'symbol',
  Code: 'javascript',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  DBRef: 'object',
}

/** The name BSON gives to the type of a value (as in `$type`). */
export function bsonType(value: unknown): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'long'
  if (typeof value !== 'number') return objectType(value)
  if (!Number.isInteger(value)) return 'double'
  return value >= -2147483648 && value <= 2147483647 ? 'int' : 'long'
}

function objectType(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return 'undefined'
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return 'date'
  if (value instanceof RegExp) return 'regex'
  if (value instanceof Uint8Array) return 'binData'
  if ('_bsontype' in value && typeof value._bsontype === 'string') return BSON_TYPES[value._bsontype] ?? 'object'
  return 'object'
}

/** Whether a value is an embedded document (not an array, not a BSON class). */
export function isDoc(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (value instanceof Date || value instanceof RegExp || value instanceof Uint8Array) return false
  return !('_bsontype' in value && typeof value._bsontype === 'string' && value._bsontype in BSON_TYPES)
}

/** A value known to be a document; an empty one for anything else. */
export function asDoc(value: unknown): Doc {
  return isDoc(value) ? value : {}
}

/** A value as JavaScript writes it; for identifiers and numbers of BSON classes. */
export function asText(value: unknown): string {
  return String(value)
}

/** Whether a value is one of BSON's numbers or a JavaScript number. */
export function isNumeric(value: unknown): value is number | bigint | Int32 | Double | Long | Decimal128 {
  const type = bsonType(value)
  return type === 'int' || type === 'double' || type === 'long' || type === 'decimal'
}

/** The JavaScript number nearest to a BSON number; undefined for anything else. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Int32 || value instanceof Double) return value.value
  if (value instanceof Decimal128) return Number(value.toString())
  if (bsonType(value) === 'long' && value instanceof Long) return value.toNumber()
  return undefined
}

/** MongoDB's truth: everything but false, null, undefined and numeric zero. */
export function isTruthy(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false
  return toNumber(value) !== 0
}

/** Turns typed values into plain ones, deeply; what has no plain form stays. */
export function toPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(toPlain)
  if (value instanceof Int32 || value instanceof Double) return value.value
  if (isDoc(value)) return plainDoc(value)
  const type = bsonType(value)
  if (type === 'long' && value instanceof Long) {
    const number = value.toNumber()
    return Number.isSafeInteger(number) ? number : value
  }
  if (type === 'regex' && 'pattern' in value && 'options' in value) {
    return new RegExp(String(value.pattern), String(value.options).replace(/[^gimsuy]/g, ''))
  }
  return value
}

/** `toPlain` for a whole document. */
export function plainDoc(doc: Doc): Doc {
  const out: Doc = {}
  for (const key of Object.keys(doc)) out[key] = toPlain(doc[key])
  return out
}

/** Copies documents and arrays deeply; BSON values are immutable here and shared. */
export function clone<T>(value: T): T
export function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => clone(item))
  if (!isDoc(value)) return value
  const out: Doc = {}
  for (const key of Object.keys(value)) out[key] = clone(value[key])
  return out
}

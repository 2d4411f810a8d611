import { rank } from '../bson/compare.ts'
import { cutBound, encodeValue, inverted } from '../bson/key.ts'
import { bsonType, isDoc } from '../bson/values.ts'
import type { Condition } from './conditions.ts'

/** A stretch of one index field's key bytes, from `low` (in) to `high` (out). `point` marks exactly one value. */
export interface FieldRange {
  low: Buffer
  high: Buffer
  point: boolean
}

const AFTER = Buffer.from([0xff])

function after(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, AFTER])
}

/** One value exactly. */
export function pointRange(value: unknown, descending: boolean): FieldRange {
  const bytes = encodeValue(value, descending)
  return { low: bytes, high: after(bytes), point: true }
}

/** One end of a range of values: `open` leaves the value itself out. */
interface End {
  bytes: Buffer
  open: boolean
}

/** Values of one type between two ends; without an end, to the end of the type. */
interface ValueRange {
  tag: number
  low?: End
  high?: End
}

function comparisonRange(op: string, operand: unknown): ValueRange | undefined {
  const tag = rank(operand)
  const bytes = encodeValue(operand)
  if (op === '$gt' || op === '$gte') return { tag, low: { bytes, open: op === '$gt' } }
  // NaN lies before all numbers, and is less than none.
  const low = tag === rank(0) && !Number.isNaN(Number(operand)) ? { low: { bytes: encodeValue(NaN), open: true } } : {}
  if (op === '$lt' || op === '$lte') return { tag, ...low, high: { bytes, open: op === '$lt' } }
  return undefined
}

/** The text every match of a pattern like /^abc/ begins with; undefined for patterns without a plain beginning. */
function plainBeginning(pattern: RegExp): string | undefined {
  if (pattern.flags.replace('s', '') !== '') return undefined
  const match = /^\^((?:[^\\^$.*+?()[\]{}|]|\\[^a-zA-Z0-9])+)(.?)/.exec(pattern.source)
  if (match?.[1] === undefined || pattern.source.includes('|')) return undefined
  const cut = /[*?{]/.test(match[2] ?? '') ? match[1].replace(/(?:\\.|[^\\])$/u, '') : match[1]
  return cut.replace(/\\(.)/g, '$1') || undefined
}

function beginningRange(text: string, descending: boolean): FieldRange {
  const whole = encodeValue(text)
  const bytes = whole.subarray(0, whole.length - 1)
  const low = descending ? inverted(bytes) : bytes
  const high = Buffer.from(low)
  high[high.length - 1] = (high[high.length - 1] ?? 0) + 1
  return { low, high, point: false }
}

function inKeyBytes({ tag, low, high }: ValueRange, descending: boolean): FieldRange {
  const turn = (bytes: Buffer): Buffer => (descending ? inverted(bytes) : bytes)
  const firstTag = descending ? ~tag & 0xff : tag
  const [first, last] = descending ? [high, low] : [low, high]
  return {
    low: first === undefined ? Buffer.from([firstTag]) : first.open ? after(turn(first.bytes)) : turn(first.bytes),
    high: last === undefined ? Buffer.from([firstTag + 1]) : last.open ? turn(last.bytes) : after(turn(last.bytes)),
    point: false,
  }
}

function tighter(a: End | undefined, b: End | undefined, sign: 1 | -1): End | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const order = Buffer.compare(a.bytes, b.bytes) * sign
  return order > 0 || (order === 0 && a.open) ? a : b
}

function intersection(a: ValueRange, b: ValueRange): ValueRange {
  if (a.tag !== b.tag) return a
  const low = tighter(a.low, b.low, 1)
  const high = tighter(a.high, b.high, -1)
  return { tag: a.tag, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) }
}

/**
 * The ranges of a field's keys that a query's conditions leave, in key order; undefined when they leave all. In a multikey index the
 * conditions on one field may be met by different elements, so only one of them may narrow the range.
 */
export function fieldRanges(
  conditions: readonly Condition[],
  descending: boolean,
  multikey: boolean,
): FieldRange[] | undefined {
  const equal = conditions.find(({ op, operand }) => op === '$eq' && bsonType(operand) !== 'undefined')
  if (equal !== undefined) return [pointRange(equal.operand, descending)]
  const within = conditions.find(({ op }) => op === '$in')
  if (within !== undefined && Array.isArray(within.operand)) return points(within.operand, descending)
  let range: ValueRange | undefined
  for (const { op, operand } of conditions) {
    const next = rangeOf(op, operand)
    if (next === undefined) continue
    range = range === undefined ? next : intersection(range, next)
    if (multikey) break
  }
  if (range !== undefined) return [inKeyBytes(range, descending)]
  for (const { op, operand } of conditions) {
    const text = op === '$matches' && operand instanceof RegExp ? plainBeginning(operand) : undefined
    if (text !== undefined) return [beginningRange(text, descending)]
  }
  return undefined
}

function rangeOf(op: string, operand: unknown): ValueRange | undefined {
  const type = bsonType(operand)
  if (type === 'minKey' || type === 'maxKey' || type === 'undefined' || type === 'null' || isDoc(operand))
    return undefined
  return comparisonRange(op, operand)
}

function points(values: readonly unknown[], descending: boolean): FieldRange[] {
  const ranges = new Map<string, FieldRange>()
  for (const value of values) {
    const range = pointRange(value, descending)
    ranges.set(range.low.toString('latin1'), range)
  }
  return [...ranges.values()].sort((a, b) => Buffer.compare(a.low, b.low))
}

/** Makes a full key range from a prefix and a field range, cut to what long keys keep. */
export function keyRange(prefix: Buffer, range: FieldRange | undefined): { low: Buffer; high: Buffer } {
  const low = cutBound(range === undefined ? prefix : Buffer.concat([prefix, range.low]))
  const high = cutBound(range === undefined ? after(prefix) : Buffer.concat([prefix, range.high]))
  return { low: low.bytes, high: high.cut ? after(high.bytes) : high.bytes }
}

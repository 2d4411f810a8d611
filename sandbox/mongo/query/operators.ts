import { compareStrings, compareValues, rank, TYPE_RANK, type CompareStrings } from '../bson/compare.ts'
import { bsonType, isDoc, toNumber, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { MISSING } from './paths.ts'
import { toRegExp } from './regex.ts'
import { comparesStored, comparesStoredText, equalsStored, type StoredTest } from './stored.ts'

/** A test of a document. */
export type Test = (doc: unknown) => boolean

/** What one operator asks of the values a path leads to; one of them has to pass, or with `negated` none may. */
export type ValueTest = ElementTest | SingleTest

/** $elemMatch: an array one element of which meets the criteria. */
export interface ElementTest {
  element: Doc
  negated?: boolean
}

/** A test of one value, or of MISSING. */
export interface SingleTest {
  passes: (value: unknown) => boolean
  /** A last array is tested whole only, not element by element as well. */
  whole?: boolean
  negated?: boolean
  /** Whatever passes is of one of these ranks. */
  ranks?: ReadonlySet<number>
  /** The same test of a stored value, unread; undefined where it has to be read first. */
  bytes?: StoredTest
}

/** An operator's tests, all of which must be passed. */
export type FieldOperator = (operand: unknown) => readonly ValueTest[]

const isNothing = (value: unknown): boolean => value === MISSING || value === null

/** Whether a stored value equals an operand; null also stands for a missing field. */
function same(value: unknown, operand: unknown, strings: CompareStrings): boolean {
  if (operand === null) return isNothing(value)
  return value !== MISSING && (value === operand || compareValues(value, operand, strings) === 0)
}

/** The ranks of what may equal one of these values; undefined where that may be a missing field. */
function ranksOf(values: readonly unknown[]): { ranks?: ReadonlySet<number> } {
  return values.includes(null) || values.includes(undefined) ? {} : { ranks: new Set(values.map(rank)) }
}

function equality(strings: CompareStrings): FieldOperator {
  return (operand) => {
    const stored = strings === compareStrings ? equalsStored(operand) : undefined
    return [
      {
        passes: (value) => same(value, operand, strings),
        ...ranksOf([operand]),
        ...(stored === undefined ? {} : { bytes: stored }),
      },
    ]
  }
}

function comparison(accepts: (order: number) => boolean, orEqual: boolean, strings: CompareStrings): FieldOperator {
  return (operand) => {
    const anyType = bsonType(operand) === 'minKey' || bsonType(operand) === 'maxKey'
    const kind = rank(operand)
    const notANumber = kind === 0x10 && Number.isNaN(toNumber(operand))
    const isText = typeof operand === 'string'
    const ofText = isText && strings === compareStrings ? comparesStoredText(operand, accepts) : undefined
    const stored = isText ? ofText : comparesStored(operand, accepts)
    return [
      {
        ...(anyType ? {} : ranksOf([operand])),
        ...(stored === undefined ? {} : { bytes: stored }),
        passes(value) {
          if (operand === null) return orEqual && isNothing(value)
          if (value === MISSING) return anyType && accepts(compareValues(null, operand))
          if (!anyType && rank(value) !== kind) return false
          if (kind === 0x10 && (notANumber || Number.isNaN(toNumber(value)))) {
            return orEqual && notANumber && Number.isNaN(toNumber(value))
          }
          return accepts(compareValues(value, operand, strings))
        },
      },
    ]
  }
}

function matching(operand: unknown): (value: unknown) => boolean {
  const pattern = toRegExp(operand)
  return (value) => {
    if (typeof value === 'string') return pattern.test(value)
    return bsonType(value) === 'regex' && toRegExp(value).toString() === pattern.toString()
  }
}

const TEXTS_AND_PATTERNS: ReadonlySet<number> = new Set([TYPE_RANK.string ?? 0, TYPE_RANK.regex ?? 0])

const matches: FieldOperator = (operand) => [{ passes: matching(operand), ranks: TEXTS_AND_PATTERNS }]

function membership(strings: CompareStrings): FieldOperator {
  return (operand) => {
    const list = Array.isArray(operand) ? (operand as unknown[]) : fail(2, '$in needs an array')
    const patterns = list.filter((item) => bsonType(item) === 'regex').map(matching)
    const byBytes = strings === compareStrings
    const texts = new Set(byBytes ? list.filter((item) => typeof item === 'string') : [])
    const others = list.filter((item) => !(byBytes && typeof item === 'string') && bsonType(item) !== 'regex')
    return [
      {
        passes: (value) =>
          (byBytes && typeof value === 'string'
            ? texts.has(value)
            : others.some((item) => same(value, item, strings))) || patterns.some((test) => test(value)),
        ...(patterns.length > 0 ? {} : ranksOf(list)),
      },
    ]
  }
}

const exists: FieldOperator = (operand) => {
  const wanted = operand !== false && operand !== null && toNumber(operand) !== 0
  return [{ passes: (value) => value !== MISSING, whole: true, negated: !wanted, bytes: (_bytes, type) => type !== 0 }]
}

const NUMBERED_TYPES: Readonly<Record<number, string>> = {
  [-1]: 'minKey', 1: 'double', 2: 'string', 3: 'object', 4: 'array', 5: 'binData', 6: 'undefined', 7: 'objectId', 8: 'bool',
  9: 'date', 10: 'null', 11: 'regex', 13: 'javascript', 14: 'symbol', 16: 'int', 17: 'timestamp', 18: 'long', 19: 'decimal',
  127: 'maxKey',
} // prettier-ignore

const type: FieldOperator = (operand) => {
  const names = new Set<string>()
  for (const item of Array.isArray(operand) ? (operand as unknown[]) : [operand]) {
    const name = typeof item === 'string' ? item : (NUMBERED_TYPES[toNumber(item) ?? 0] ?? '')
    if (name === 'number') for (const each of ['int', 'long', 'double', 'decimal']) names.add(each)
    else if (Object.values(NUMBERED_TYPES).includes(name)) names.add(name)
    else fail(2, `Unknown type name alias: ${String(item)}`)
  }
  return [{ passes: (value) => value !== MISSING && names.has(bsonType(value)) }]
}

const size: FieldOperator = (operand) => {
  const length = toNumber(operand)
  if (length === undefined || !Number.isInteger(length) || length < 0) {
    fail(2, `Failed to parse $size. Expected a non-negative integer in: $size: ${String(operand)}`)
  }
  return [{ passes: (value) => Array.isArray(value) && value.length === length, whole: true }]
}

const mod: FieldOperator = (operand) => {
  const [divisor, remainder] = Array.isArray(operand) ? operand.map(toNumber) : []
  if (divisor === undefined || remainder === undefined) return fail(2, 'malformed mod, not enough elements')
  if (Math.trunc(divisor) === 0) return fail(2, 'divisor cannot be 0')
  return [
    {
      passes(value) {
        const number = toNumber(value)
        return (
          number !== undefined &&
          Number.isFinite(number) &&
          Math.trunc(number) % Math.trunc(divisor) === Math.trunc(remainder)
        )
      },
    },
  ]
}

/** The bits an operand of $bitsAllSet and its kin names. */
function bitMask(operand: unknown): bigint {
  const number = toNumber(operand)
  if (number !== undefined && Number.isInteger(number) && number >= 0) return BigInt(number)
  if (Array.isArray(operand))
    return operand.reduce<bigint>((mask, bit) => mask | (1n << BigInt(toNumber(bit) ?? 0)), 0n)
  return fail(2, 'bit operators take a non-negative number or an array of bit positions')
}

function bits(accepts: (value: bigint, mask: bigint) => boolean): FieldOperator {
  return (operand) => {
    const mask = bitMask(operand)
    return [
      {
        passes(value) {
          const number = toNumber(value)
          return number !== undefined && Number.isInteger(number) && accepts(BigInt(number), mask)
        },
      },
    ]
  }
}

function not(operator: FieldOperator): FieldOperator {
  return (operand) => operator(operand).map((test) => ({ ...test, negated: true }))
}

/** Whether the criteria of an $elemMatch are of the elements themselves, and not of documents. */
export function ofValues(criteria: Doc): boolean {
  const first = Object.keys(criteria)[0]
  return first?.startsWith('$') === true && !['$and', '$or', '$nor', '$expr'].includes(first)
}

/** Tests a value against the filter of an $elemMatch; `compile` builds tests of whole documents. */
export function elementTest(criteria: Doc, compile: (filter: Doc) => Test): Test {
  if (!ofValues(criteria)) {
    const test = compile(criteria)
    return (item) => (isDoc(item) || Array.isArray(item)) && test(item)
  }
  const test = compile({ value: criteria })
  return (item) => test({ value: Array.isArray(item) ? [item] : item })
}

const elemMatch: FieldOperator = (operand) => [
  { element: isDoc(operand) ? operand : fail(2, '$elemMatch needs an Object') },
]

/** Every field operator, by name; `strings` orders strings. */
export function fieldOperators(strings: CompareStrings = compareStrings): Record<`$${string}`, FieldOperator> {
  const eq = equality(strings)
  const within = membership(strings)
  const all: FieldOperator = (operand) => {
    const list = Array.isArray(operand) ? (operand as unknown[]) : fail(2, '$all needs an array')
    if (list.length === 0) return [{ passes: () => false }]
    return list.flatMap((item) => {
      if (isDoc(item) && '$elemMatch' in item) return elemMatch(item.$elemMatch)
      return bsonType(item) === 'regex' ? matches(item) : eq(item)
    })
  }
  return {
    $eq: eq,
    $ne: not(eq),
    $in: within,
    $nin: not(within),
    $gt: comparison((order) => order > 0, false, strings),
    $gte: comparison((order) => order >= 0, true, strings),
    $lt: comparison((order) => order < 0, false, strings),
    $lte: comparison((order) => order <= 0, true, strings),
    $matches: matches,
    $exists: exists,
    $type: type,
    $size: size,
    $mod: mod,
    $all: all,
    $elemMatch: elemMatch,
    $bitsAllSet: bits((value, mask) => (value & mask) === mask),
    $bitsAnySet: bits((value, mask) => (value & mask) !== 0n),
    $bitsAllClear: bits((value, mask) => (value & mask) === 0n),
    $bitsAnyClear: bits((value, mask) => (value & mask) !== mask),
  }
}

import { compareStrings, compareValues, rank, type CompareStrings } from '../bson/compare.ts'
import { bsonType, isDoc, toNumber, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { MISSING, visitLeaves, visitPath } from './paths.ts'
import { toRegExp } from './regex.ts'

/** A test of a document. */
export type Test = (doc: unknown) => boolean

/** What mingo hands to an operator: the dotted field and the operand; the answer tests documents. */
export type FieldOperator = (selector: string, operand: unknown) => Test

const isNothing = (value: unknown): boolean => value === MISSING || value === null

/** Whether a stored value equals an operand; null also stands for a missing field. */
function same(value: unknown, operand: unknown, strings: CompareStrings): boolean {
  if (operand === null) return isNothing(value)
  return value !== MISSING && (value === operand || compareValues(value, operand, strings) === 0)
}

function equality(strings: CompareStrings): FieldOperator {
  return (selector, operand) => {
    const path = selector.split('.')
    return (doc) => visitLeaves(doc, path, (value) => same(value, operand, strings))
  }
}

function comparison(accepts: (order: number) => boolean, orEqual: boolean, strings: CompareStrings): FieldOperator {
  return (selector, operand) => {
    const path = selector.split('.')
    const anyType = bsonType(operand) === 'minKey' || bsonType(operand) === 'maxKey'
    const kind = rank(operand)
    const notANumber = kind === 0x10 && Number.isNaN(toNumber(operand))
    return (doc) =>
      visitLeaves(doc, path, (value) => {
        if (operand === null) return orEqual && isNothing(value)
        if (value === MISSING) return anyType && accepts(compareValues(null, operand))
        if (!anyType && rank(value) !== kind) return false
        if (kind === 0x10 && (notANumber || Number.isNaN(toNumber(value)))) {
          return orEqual && notANumber && Number.isNaN(toNumber(value))
        }
        return accepts(compareValues(value, operand, strings))
      })
  }
}

const matches: FieldOperator = (selector, operand) => {
  const path = selector.split('.')
  const pattern = toRegExp(operand)
  return (doc) =>
    visitLeaves(doc, path, (value) => {
      if (typeof value === 'string') return pattern.test(value)
      return bsonType(value) === 'regex' && toRegExp(value).toString() === pattern.toString()
    })
}

function membership(strings: CompareStrings): FieldOperator {
  return (selector, operand) => {
    const path = selector.split('.')
    const list = Array.isArray(operand) ? (operand as unknown[]) : fail(2, '$in needs an array')
    const patterns = list.filter((item) => bsonType(item) === 'regex').map((item) => matches(selector, item))
    const byBytes = strings === compareStrings
    const texts = new Set(byBytes ? list.filter((item) => typeof item === 'string') : [])
    const others = list.filter((item) => !(byBytes && typeof item === 'string') && bsonType(item) !== 'regex')
    return (doc) =>
      visitLeaves(doc, path, (value) =>
        byBytes && typeof value === 'string' ? texts.has(value) : others.some((item) => same(value, item, strings)),
      ) || patterns.some((test) => test(doc))
  }
}

const exists: FieldOperator = (selector, operand) => {
  const path = selector.split('.')
  const wanted = operand !== false && operand !== null && toNumber(operand) !== 0
  return (doc) => visitPath(doc, path, (value) => value !== MISSING) === wanted
}

const NUMBERED_TYPES: Readonly<Record<number, string>> = {
  [-1]: 'minKey', 1: 'double', 2: 'string', 3: 'object', 4: 'array', 5: 'binData', 6: 'undefined', 7: 'objectId', 8: 'bool',
  9: 'date', 10: 'null', 11: 'regex', 13: 'javascript', 14: 'symbol', 16: 'int', 17: 'timestamp', 18: 'long', 19: 'decimal',
  127: 'maxKey',
} // prettier-ignore

const type: FieldOperator = (selector, operand) => {
  const path = selector.split('.')
  const names = new Set<string>()
  for (const item of Array.isArray(operand) ? (operand as unknown[]) : [operand]) {
    const name = typeof item === 'string' ? item : (NUMBERED_TYPES[toNumber(item) ?? 0] ?? '')
    if (name === 'number') for (const each of ['int', 'long', 'double', 'decimal']) names.add(each)
    else if (Object.values(NUMBERED_TYPES).includes(name)) names.add(name)
    else fail(2, `Unknown type name alias: ${String(item)}`)
  }
  return (doc) => visitLeaves(doc, path, (value) => value !== MISSING && names.has(bsonType(value)))
}

const size: FieldOperator = (selector, operand) => {
  const path = selector.split('.')
  const length = toNumber(operand)
  if (length === undefined || !Number.isInteger(length) || length < 0) {
    fail(2, `Failed to parse $size. Expected a non-negative integer in: $size: ${String(operand)}`)
  }
  return (doc) => visitPath(doc, path, (value) => Array.isArray(value) && value.length === length)
}

const mod: FieldOperator = (selector, operand) => {
  const path = selector.split('.')
  const [divisor, remainder] = Array.isArray(operand) ? operand.map(toNumber) : []
  if (divisor === undefined || remainder === undefined) return fail(2, 'malformed mod, not enough elements')
  if (Math.trunc(divisor) === 0) return fail(2, 'divisor cannot be 0')
  return (doc) =>
    visitLeaves(doc, path, (value) => {
      const number = toNumber(value)
      return (
        number !== undefined &&
        Number.isFinite(number) &&
        Math.trunc(number) % Math.trunc(divisor) === Math.trunc(remainder)
      )
    })
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
  return (selector, operand) => {
    const path = selector.split('.')
    const mask = bitMask(operand)
    return (doc) =>
      visitLeaves(doc, path, (value) => {
        const number = toNumber(value)
        return number !== undefined && Number.isInteger(number) && accepts(BigInt(number), mask)
      })
  }
}

function not(operator: FieldOperator): FieldOperator {
  return (selector, operand) => {
    const test = operator(selector, operand)
    return (doc) => !test(doc)
  }
}

/** Tests a value against the filter of an $elemMatch; `compile` builds tests of whole documents. */
export function elementTest(criteria: Doc, compile: (filter: Doc) => Test): Test {
  const first = Object.keys(criteria)[0]
  const onValue = first?.startsWith('$') === true && !['$and', '$or', '$nor', '$expr'].includes(first)
  if (!onValue) {
    const test = compile(criteria)
    return (item) => (isDoc(item) || Array.isArray(item)) && test(item)
  }
  const test = compile({ value: criteria })
  return (item) => test({ value: Array.isArray(item) ? [item] : item })
}

/** Every field operator, by name; `compile` is used for the filters inside $elemMatch, `strings` orders strings. */
export function fieldOperators(
  compile: (filter: Doc) => Test,
  strings: CompareStrings = compareStrings,
): Record<`$${string}`, FieldOperator> {
  const eq = equality(strings)
  const within = membership(strings)
  const elemMatch: FieldOperator = (selector, operand) => {
    const path = selector.split('.')
    const test = elementTest(isDoc(operand) ? operand : fail(2, '$elemMatch needs an Object'), compile)
    return (doc) => visitPath(doc, path, (value) => Array.isArray(value) && value.some(test))
  }
  const all: FieldOperator = (selector, operand) => {
    const list = Array.isArray(operand) ? (operand as unknown[]) : fail(2, '$all needs an array')
    const tests = list.map((item) => {
      if (isDoc(item) && '$elemMatch' in item) return elemMatch(selector, item.$elemMatch)
      return bsonType(item) === 'regex' ? matches(selector, item) : eq(selector, item)
    })
    return (doc) => tests.length > 0 && tests.every((test) => test(doc))
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

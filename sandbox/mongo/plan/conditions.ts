import { bsonType, isDoc, type Doc } from '../bson/values.ts'

/** One test a query makes of a field, in a form an index can answer: `$eq`, `$in`, `$gt`, `$gte`, `$lt`, `$lte`, `$matches`, `$exists`. */
export interface Condition {
  op: string
  operand: unknown
  /** The $elemMatch it stands in: what one element of an array must meet together. */
  element?: Element
}

/** One $elemMatch on documents; `base` is the array's path with a dot behind it. */
export interface Element {
  base: string
}

const INDEXABLE = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$matches', '$exists'])

function indexable(op: string, operand: unknown): boolean {
  if (!INDEXABLE.has(op)) return false
  if (op === '$in')
    return Array.isArray(operand) && operand.every((item) => !Array.isArray(item) && bsonType(item) !== 'regex')
  return !Array.isArray(operand)
}

/**
 * The conditions every match must meet, by field, taken from a prepared filter's top level and from inside $and and $elemMatch.
 * What is left out is still tested on each document read.
 */
export function conditionsOf(
  prepared: Doc,
  into: Map<string, Condition[]> = new Map(),
  element?: Element,
): Map<string, Condition[]> {
  for (const [field, value] of Object.entries(prepared)) {
    if (field === '$and' && Array.isArray(value)) {
      for (const clause of value) if (isDoc(clause)) conditionsOf(clause, into, element)
    } else if (!field.startsWith('$') && isDoc(value)) {
      const name = (element?.base ?? '') + field
      for (const [op, operand] of Object.entries(value)) addCondition(into, name, op, operand, element)
    }
  }
  return into
}

function addCondition(
  into: Map<string, Condition[]>,
  name: string,
  op: string,
  operand: unknown,
  element: Element | undefined,
): void {
  if (op === '$elemMatch' && isDoc(operand)) {
    const onValues = Object.keys(operand)[0]?.startsWith('$') === true
    if (!onValues) conditionsOf(operand, into, { base: `${name}.` })
    else
      for (const [inner, value] of Object.entries(operand))
        if (value !== null) addCondition(into, name, inner, value, element)
    return
  }
  if (!indexable(op, operand)) return
  const condition = element === undefined ? { op, operand } : { op, operand, element }
  into.set(name, [...(into.get(name) ?? []), condition])
}

function isPlainScalar(value: unknown): boolean {
  switch (bsonType(value)) {
    case 'string':
      return String(value).length < 200
    case 'bool':
    case 'date':
    case 'objectId':
      return true
    case 'int':
    case 'double':
      return !Number.isNaN(Number(value))
    default:
      return false
  }
}

/**
 * The field of a filter that is one test an index answers to the letter, so that its entries need not be looked at again: equality with a
 * scalar or with one of several, or one comparison. Undefined for all others.
 */
export function soleTest(prepared: Doc): { field: string; condition: Condition } | undefined {
  const [entry, ...others] = Object.entries(prepared)
  if (entry === undefined || others.length > 0) return undefined
  const [field, tests] = entry
  if (field === '$and' && Array.isArray(tests) && tests.length === 1 && isDoc(tests[0])) return soleTest(tests[0])
  if (field.startsWith('$') || !isDoc(tests)) return undefined
  const [test, ...more] = Object.entries(tests)
  if (test === undefined || more.length > 0) return undefined
  const [op, operand] = test
  const scalar = op === '$in' ? Array.isArray(operand) && operand.every(isPlainScalar) : isPlainScalar(operand)
  return scalar && EXACT.has(op) ? { field, condition: { op, operand } } : undefined
}

const EXACT = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte'])

/** Whether a condition can only be met by documents that have the field. */
export function impliesExists({ op, operand }: Condition): boolean {
  switch (op) {
    case '$exists':
      return operand !== false
    case '$in':
      return Array.isArray(operand) && !operand.includes(null)
    case '$matches':
      return true
    default:
      return operand !== null && bsonType(operand) !== 'minKey' && bsonType(operand) !== 'maxKey'
  }
}

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

/** What a filter asks of its only field: each test as it stands, in any order. */
export interface SoleTests {
  field: string
  tests: readonly Condition[]
}

const EXACT = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte'])

function isExact(op: string, operand: unknown): boolean {
  if (!EXACT.has(op)) return false
  return op === '$in' ? Array.isArray(operand) && operand.every(isPlainScalar) : isPlainScalar(operand)
}

/**
 * The tests of a filter that asks for one field only, all of them such that an index answers them to the letter: equality with a scalar or
 * with one of several, and comparisons. Undefined for all others.
 */
export function soleTests(prepared: Doc): SoleTests | undefined {
  const found: { field: string; test: Condition }[] = []
  const readable = Object.entries(prepared).every(([field, value]) => {
    if (field === '$and' && Array.isArray(value))
      return value.every((clause) => {
        const inner = isDoc(clause) ? soleTests(clause) : undefined
        for (const test of inner?.tests ?? []) found.push({ field: inner?.field ?? '', test })
        return inner !== undefined
      })
    if (field.startsWith('$') || !isDoc(value)) return false
    return Object.entries(value).every(([op, operand]) => {
      found.push({ field, test: { op, operand } })
      return isExact(op, operand)
    })
  })
  const [first] = found
  if (!readable || first === undefined || found.some(({ field }) => field !== first.field)) return undefined
  return { field: first.field, tests: found.map(({ test }) => test) }
}

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

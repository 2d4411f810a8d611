import { bsonType, isDoc, type Doc } from '../bson/values.ts'

/** One test a query makes of a field, in a form an index can answer: `$eq`, `$in`, `$gt`, `$gte`, `$lt`, `$lte`, `$matches`, `$exists`. */
export interface Condition {
  op: string
  operand: unknown
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
  base = '',
): Map<string, Condition[]> {
  for (const [field, value] of Object.entries(prepared)) {
    if (field === '$and' && Array.isArray(value)) {
      for (const clause of value) if (isDoc(clause)) conditionsOf(clause, into, base)
    } else if (!field.startsWith('$') && isDoc(value)) {
      const name = base + field
      for (const [op, operand] of Object.entries(value)) addCondition(into, name, op, operand)
    }
  }
  return into
}

function addCondition(into: Map<string, Condition[]>, name: string, op: string, operand: unknown): void {
  if (op === '$elemMatch' && isDoc(operand)) {
    const onValues = Object.keys(operand)[0]?.startsWith('$') === true
    if (!onValues) conditionsOf(operand, into, `${name}.`)
    else
      for (const [inner, value] of Object.entries(operand)) if (value !== null) addCondition(into, name, inner, value)
    return
  }
  if (!indexable(op, operand)) return
  into.set(name, [...(into.get(name) ?? []), { op, operand }])
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

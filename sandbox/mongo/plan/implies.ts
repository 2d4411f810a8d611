import { compareValues, equalValues, rank } from '../bson/compare.ts'
import { isDoc, type Doc } from '../bson/values.ts'
import { compileFilter } from '../query/compile.ts'
import { impliesExists, type Condition } from './conditions.ts'

function sameKind(a: unknown, b: unknown): boolean {
  return rank(a) === rank(b)
}

/** Whether a query condition guarantees one operator of a partial index's filter on the same field. */
function guarantees(condition: Condition, op: string, operand: unknown): boolean {
  const { op: asked, operand: value } = condition
  if (op === '$exists' && operand !== false) return impliesExists(condition)
  const passes = (item: unknown): boolean => compileFilter({ value: { [op]: operand } })({ value: item })
  if (asked === '$eq') return value !== null && passes(value)
  if (asked === '$in') return Array.isArray(value) && value.every((item) => item !== null && passes(item))
  if (asked === op && equalValues(value, operand)) return true
  if (!sameKind(value, operand)) return false
  const order = compareValues(value, operand)
  if (op === '$gt') return (asked === '$gt' && order >= 0) || (asked === '$gte' && order > 0)
  if (op === '$gte') return (asked === '$gt' || asked === '$gte') && order >= 0
  if (op === '$lt') return (asked === '$lt' && order <= 0) || (asked === '$lte' && order < 0)
  if (op === '$lte') return (asked === '$lt' || asked === '$lte') && order <= 0
  return false
}

/** Whether every document a query can match is in a partial index with this filter. */
export function impliesPartial(
  conditions: ReadonlyMap<string, readonly Condition[]>,
  query: Doc,
  partial: Doc,
): boolean {
  return Object.entries(partial).every(([field, expected]) => {
    if (field === '$and' && Array.isArray(expected)) {
      return expected.every((clause) => isDoc(clause) && impliesPartial(conditions, query, clause))
    }
    if (field.startsWith('$') || !isDoc(expected)) return field in query && equalValues(query[field], expected)
    const asked = conditions.get(field) ?? []
    return Object.entries(expected).every(([op, operand]) =>
      asked.some((condition) => guarantees(condition, op, operand)),
    )
  })
}

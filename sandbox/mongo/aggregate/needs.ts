import { isDoc, isNumeric, isTruthy, type Doc } from '../bson/values.ts'

/** Operators whose operands name fields in ways not followed here. */
const OPAQUE = new Set(['$getField', '$function', '$accumulator', '$top', '$topN', '$bottom', '$bottomN'])

function addPath(path: string, into: Set<string>): void {
  into.add(path.split('.', 1)[0] ?? path)
}

/** Adds the top-level fields an expression reads; false when it may read any. */
function addExpression(expression: unknown, into: Set<string>): boolean {
  if (typeof expression === 'string') {
    if (expression.startsWith('$$ROOT') || expression.startsWith('$$CURRENT')) return false
    if (expression.startsWith('$') && !expression.startsWith('$$')) addPath(expression.slice(1), into)
    return true
  }
  if (Array.isArray(expression)) return expression.every((item) => addExpression(item, into))
  if (!isDoc(expression) || '$literal' in expression) return true
  return Object.entries(expression).every(([name, operand]) => !OPAQUE.has(name) && addExpression(operand, into))
}

/** Adds what an inclusive $project reads; false for exclusions, which let all else through. */
function addProjection(spec: Doc, into: Set<string>): boolean {
  if (spec._id === undefined || isTruthy(spec._id)) into.add('_id')
  return Object.entries(spec).every(([field, value]) => {
    if (typeof value !== 'boolean' && !isNumeric(value)) return addExpression(value, into)
    if (!isTruthy(value)) return field === '_id'
    addPath(field, into)
    return true
  })
}

function addKeys(spec: unknown, into: Set<string>): boolean {
  if (!isDoc(spec)) return false
  for (const field of Object.keys(spec)) addPath(field, into)
  return true
}

/** Stages after which nothing but what they made is left. */
const LAST = new Set(['$group', '$project', '$count', '$sortByCount', '$replaceRoot', '$replaceWith', '$bucket'])

function addStage(name: string, spec: unknown, into: Set<string>): boolean {
  switch (name) {
    case '$limit':
    case '$skip':
    case '$sample':
    case '$count':
      return true
    case '$sort':
      return addKeys(spec, into)
    case '$project':
      return isDoc(spec) && addProjection(spec, into)
    case '$unwind':
      return addExpression(isDoc(spec) ? spec.path : spec, into)
    case '$lookup':
      if (!isDoc(spec)) return false
      if (typeof spec.localField === 'string') addPath(spec.localField, into)
      return addExpression(spec.let, into)
    case '$group':
    case '$sortByCount':
    case '$replaceRoot':
    case '$replaceWith':
    case '$bucket':
    case '$addFields':
    case '$set':
      return addExpression(spec, into)
    default:
      return false
  }
}

/** The top-level fields of its documents a pipeline can see; undefined when it may be all of them. */
export function fieldsNeeded(stages: readonly Doc[]): ReadonlySet<string> | undefined {
  const fields = new Set<string>()
  for (const stage of stages) {
    const [name = '', spec] = Object.entries(stage)[0] ?? []
    if (!addStage(name, spec, fields)) return undefined
    if (LAST.has(name)) return fields
  }
  return undefined
}

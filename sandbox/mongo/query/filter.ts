import type { Fields } from '../bson/raw.ts'
import { bsonType, isDoc, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { isIndex } from './paths.ts'
import { toRegExp } from './regex.ts'

const FIELD_OPERATORS = new Set([
  '$eq', '$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte', '$regex', '$options', '$exists', '$type', '$size', '$mod', '$all',
  '$elemMatch', '$not', '$bitsAllSet', '$bitsAnySet', '$bitsAllClear', '$bitsAnyClear', '$comment',
]) // prettier-ignore

const REFUSED = new Set([
  '$where',
  '$text',
  '$jsonSchema',
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$geoNear',
])

function refuse(name: string): never {
  return fail(238, `${name} is not supported by this server, which is for trying out and tests; a real MongoDB has it`)
}

/** Whether a condition on a field is a set of operators rather than a value to equal. */
export function isOperatorDoc(condition: unknown): condition is Doc {
  if (!isDoc(condition)) return false
  const first = Object.keys(condition)[0]
  return first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id'
}

/** Checks the operators on one field and brings them into the form the compiled query expects. */
function prepareField(field: string, condition: unknown): Doc {
  if (bsonType(condition) === 'regex') return { $matches: toRegExp(condition) }
  if (!isOperatorDoc(condition)) return { $eq: condition }
  const out: Doc = {}
  for (const [name, operand] of Object.entries(condition)) {
    if (REFUSED.has(name)) refuse(name)
    if (!FIELD_OPERATORS.has(name)) fail(2, `unknown operator: ${name}`)
    if (name === '$comment') continue
    if (name === '$options') {
      if (!('$regex' in condition)) fail(2, '$options needs a $regex')
    } else if (name === '$regex') out.$matches = toRegExp(operand, condition.$options)
    else if (name === '$not') {
      if (bsonType(operand) !== 'regex' && !isOperatorDoc(operand)) fail(2, '$not needs a regex or a document')
      out.$not = prepareField(field, operand)
    } else if (name === '$elemMatch')
      out.$elemMatch = isDoc(operand) ? prepareElement(operand) : fail(2, '$elemMatch needs an Object')
    else if (name === '$all' && Array.isArray(operand)) {
      out.$all = operand.map((item: unknown) =>
        isDoc(item) && isDoc(item.$elemMatch) ? { $elemMatch: prepareElement(item.$elemMatch) } : item,
      )
    } else if ((name === '$in' || name === '$nin') && !Array.isArray(operand)) fail(2, `${name} needs an array`)
    else out[name] = operand
  }
  return out
}

function prepareElement(criteria: Doc): Doc {
  const first = Object.keys(criteria)[0] ?? ''
  if (first.startsWith('$') && !['$and', '$or', '$nor', '$expr'].includes(first)) return prepareField('', criteria)
  return prepareClauses(criteria, false)
}

/**
 * Checks a filter and brings it into one form: `$matches` holds regular expressions, each field has an operator document.
 * Throws BadValue in MongoDB's words for unknown operators, NotImplemented for those this server does not have.
 */
export function prepareFilter(filter: Doc): Doc {
  return prepareClauses(filter, true)
}

/** `whole`: whether the filter is of whole documents; only there MongoDB takes `$expr`, not of elements. */
function prepareClauses(filter: Doc, whole: boolean): Doc {
  const out: Doc = {}
  for (const [field, condition] of Object.entries(filter)) {
    if (field === '$comment') continue
    if (field === '$and' || field === '$or' || field === '$nor') {
      if (!Array.isArray(condition)) fail(2, `${field} must be an array`)
      else if (condition.length === 0) fail(2, `$and/$or/$nor must be a nonempty array`)
      else {
        out[field] = condition.map((clause: unknown) =>
          isDoc(clause) ? prepareClauses(clause, whole) : fail(2, `$or/$and/$nor entries need to be full objects`),
        )
      }
    } else if (field === '$expr') {
      if (!whole) fail(2, '$expr can only be applied to the top-level document')
      out.$expr = condition
    } else if (field === '$alwaysTrue') continue
    else if (REFUSED.has(field)) refuse(field)
    else if (field.startsWith('$')) {
      fail(
        2,
        `unknown top level operator: ${field}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      )
    } else out[field] = prepareField(field, condition)
  }
  return out
}

/** The top-level fields a prepared filter reads, or undefined when it may read any ($expr). */
export function fieldsOf(prepared: Doc, into: Set<string> = new Set()): Set<string> | undefined {
  for (const [field, condition] of Object.entries(prepared)) {
    if (field === '$expr') return undefined
    if (Array.isArray(condition)) {
      for (const clause of condition) if (isDoc(clause) && fieldsOf(clause, into) === undefined) return undefined
    } else into.add(field.split('.', 1)[0] ?? field)
  }
  return into
}

type FieldsToRead = Map<string, FieldsToRead> | 'all'

/** Puts a path into the fields to read; what is read whole stays so. */
function want(fields: Map<string, FieldsToRead>, [first, ...rest]: readonly string[]): void {
  if (first === undefined || fields.get(first) === 'all') return
  const next = rest[0]
  // A number may be a position in an array.
  if (next === undefined || isIndex(next)) {
    fields.set(first, 'all')
    return
  }
  const known = fields.get(first)
  const inner = known === undefined || known === 'all' ? new Map<string, FieldsToRead>() : known
  fields.set(first, inner)
  want(inner, rest)
}

/** Puts the fields an expression names into those to read; false where it may read any. */
function wantOfExpression(expression: unknown, fields: Map<string, FieldsToRead>): boolean {
  if (typeof expression === 'string') {
    if (/^\$\$(ROOT|CURRENT)\b/.test(expression)) return false
    if (/^\$[^$]/.test(expression)) want(fields, expression.slice(1).split('.'))
    return true
  }
  if (Array.isArray(expression)) return expression.every((item) => wantOfExpression(item, fields))
  if (!isDoc(expression)) return true
  if ('$getField' in expression) return false
  return '$literal' in expression || Object.values(expression).every((item) => wantOfExpression(item, fields))
}

function wantOfFilter(prepared: Doc, fields: Map<string, FieldsToRead>, base: readonly string[]): boolean {
  return Object.entries(prepared).every(([name, condition]) => {
    if (name === '$expr') return wantOfExpression(condition, fields)
    if (name.startsWith('$'))
      return (Array.isArray(condition) ? (condition as unknown[]) : []).every(
        (clause) => isDoc(clause) && wantOfFilter(clause, fields, base),
      )
    return wantOfTests(isDoc(condition) ? condition : {}, fields, [...base, ...name.split('.')])
  })
}

function wantOfTests(tests: Doc, fields: Map<string, FieldsToRead>, path: readonly string[]): boolean {
  const criteria = tests.$elemMatch
  const ofDocuments = isDoc(criteria) && Object.keys(criteria)[0]?.startsWith('$') === false
  if (!ofDocuments || Object.keys(tests).length > 1) {
    want(fields, path)
    return true
  }
  return wantOfFilter(criteria, fields, path)
}

/** The same in depth: of documents within documents, and of those in arrays, only the fields asked for. */
export function partsOf(prepared: Doc): Fields | undefined {
  const fields = new Map<string, FieldsToRead>()
  return wantOfFilter(prepared, fields, []) ? fields : undefined
}

import { Long, ObjectId } from 'bson'
import { evalExpr } from 'mingo/core'
import { compareValues, equalValues } from '../bson/compare.ts'
import { bsonType, type Doc, asText } from '../bson/values.ts'
import { fail } from '../errors.ts'

type Options = Parameters<typeof evalExpr>[2]
type Expression = (obj: Doc, expr: unknown, options: Options) => unknown

function comparison(answer: (order: number) => unknown, name: string): Expression {
  return (obj, expr, options) => {
    const values = evalExpr(obj, expr, options)
    if (!Array.isArray(values) || values.length !== 2) fail(16020, `Expression ${name} takes exactly 2 arguments.`)
    const [a, b] = Array.isArray(values) ? (values as unknown[]) : []
    return answer(compareValues(a, b))
  }
}

const toText: Expression = (obj, expr, options) => {
  const value = evalExpr(obj, Array.isArray(expr) ? (expr[0] as unknown) : expr, options)
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (['string', 'bool', 'int', 'double', 'long', 'decimal', 'objectId'].includes(bsonType(value))) return asText(value)
  return fail(241, `Unsupported conversion from ${bsonType(value)} to string in $convert with no onError value`)
}

const toObjectId: Expression = (obj, expr, options) => {
  const value = evalExpr(obj, Array.isArray(expr) ? (expr[0] as unknown) : expr, options)
  if (value === null || value === undefined) return null
  if (value instanceof ObjectId) return value
  if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value)) return ObjectId.createFromHexString(value)
  return fail(241, `Failed to parse objectId '${asText(value)}' in $convert with no onError value`)
}

const toDate: Expression = (obj, expr, options) => {
  const value = evalExpr(obj, Array.isArray(expr) ? (expr[0] as unknown) : expr, options)
  if (value === null || value === undefined) return null
  if (value instanceof ObjectId) return value.getTimestamp()
  const date =
    value instanceof Long
      ? new Date(value.toNumber())
      : new Date(value instanceof Date ? value : typeof value === 'number' ? value : asText(value))
  return Number.isNaN(date.getTime()) ? fail(241, `Error parsing date string '${asText(value)}'`) : date
}

const typeName: Expression = (obj, expr, options) => {
  const value = evalExpr(obj, Array.isArray(expr) ? (expr[0] as unknown) : expr, options)
  return value === undefined ? 'missing' : bsonType(value)
}

const within: Expression = (obj, expr, options) => {
  const values = evalExpr(obj, expr, options)
  const [value, list] = Array.isArray(values) ? (values as unknown[]) : []
  if (!Array.isArray(list)) fail(40081, `$in requires an array as a second argument, found: ${bsonType(list)}`)
  return Array.isArray(list) && list.some((item) => equalValues(item, value))
}

/** Expressions that must know BSON's types: comparisons in MongoDB's order and the conversions to and from ObjectId. */
export const bsonExpressions: Record<`$${string}`, Expression> = {
  $eq: comparison((order) => order === 0, '$eq'),
  $ne: comparison((order) => order !== 0, '$ne'),
  $gt: comparison((order) => order > 0, '$gt'),
  $gte: comparison((order) => order >= 0, '$gte'),
  $lt: comparison((order) => order < 0, '$lt'),
  $lte: comparison((order) => order <= 0, '$lte'),
  $cmp: comparison((order) => Math.sign(order), '$cmp'),
  $in: within,
  $type: typeName,
  $toString: toText,
  $toObjectId: toObjectId,
  $toDate: toDate,
}

import { isDoc } from '../bson/values.ts'

/** Stands for a field that is not there. */
export const MISSING: unique symbol = Symbol('missing')

const DIGITS = /^\d+$/

/** Whether a path part can be a position in an array. */
export function isIndex(part: string): boolean {
  return DIGITS.test(part)
}

/** Whether a path can be followed in stored bytes: names alone, none of them a position or of a special kind. */
export const isPlain = (path: readonly string[]): boolean =>
  path.every(
    (part) => part !== '' && part !== '__proto__' && !part.startsWith('$') && !part.includes('\0') && !isIndex(part),
  )

/**
 * Calls `visit` with every value a dotted path leads to, entering arrays on the way as MongoDB does; a last array is handed over whole.
 * Stops as soon as `visit` returns true, and returns whether it did. A document without the field gives MISSING; an array without
 * documents gives nothing.
 */
export function visitPath(
  value: unknown,
  path: readonly string[],
  visit: (value: unknown) => boolean,
  at = 0,
): boolean {
  const part = path[at]
  if (part === undefined) return visit(value)
  if (Array.isArray(value)) {
    if (isIndex(part) && Number(part) < value.length && visitPath(value[Number(part)], path, visit, at + 1)) return true
    for (const item of value) if (isDoc(item) && visitPath(item, path, visit, at)) return true
    return false
  }
  if (!isDoc(value) || !Object.hasOwn(value, part)) return visit(MISSING)
  return visitPath(value[part], path, visit, at + 1)
}

/** Like `visitPath`, and a last array is handed over element by element first, then whole. */
export function visitLeaves(value: unknown, path: readonly string[], visit: (value: unknown) => boolean): boolean {
  return visitPath(value, path, (leaf) => {
    if (Array.isArray(leaf)) for (const item of leaf) if (visit(item)) return true
    return visit(leaf)
  })
}

/** The values a field is sorted and indexed by: array elements one by one, undefined for an empty array, null for a missing field. */
export function keyValues(value: unknown, path: readonly string[]): unknown[] {
  const found: unknown[] = []
  visitPath(value, path, (leaf) => {
    if (leaf === MISSING) found.push(null)
    else if (!Array.isArray(leaf)) found.push(leaf)
    else if (leaf.length === 0) found.push(undefined)
    else for (const item of leaf) found.push(item)
    return false
  })
  return found.length === 0 ? [null] : found
}

/** The value at a path without entering arrays, except by position; MISSING if it is not there. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value
  for (const part of path) {
    if (Array.isArray(current) && isIndex(part) && Number(part) < current.length)
      current = current[Number(part)] as unknown
    else if (isDoc(current) && Object.hasOwn(current, part)) current = current[part]
    else return MISSING
  }
  return current
}

import { Double, Int32 } from 'bson'

/**
 * A short text for a value of the common classes, equal for two of them exactly when their index keys are; undefined for all others
 * (longs and decimals may equal a double, documents and arrays are not worth it).
 */
function partOf(value: unknown): string | undefined {
  if (typeof value === 'string') return `s${value.length}:${value}`
  if (value === null) return '0'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (typeof value === 'number' || value instanceof Int32 || value instanceof Double) return `n${Number(value)};`
  if (value instanceof Date) return `d${value.getTime()};`
  return undefined
}

function signature(row: readonly unknown[]): string | undefined {
  let text = ''
  for (const value of row) {
    const part = partOf(value)
    if (part === undefined) return undefined
    text += part
  }
  return text
}

function signatures(rows: readonly unknown[][]): Map<string, unknown[]> | undefined {
  const found = new Map<string, unknown[]>()
  for (const row of rows) {
    const text = signature(row)
    if (text === undefined) return undefined
    found.set(text, row)
  }
  return found
}

const without = (rows: ReadonlyMap<string, unknown[]>, others: ReadonlyMap<string, unknown[]>): unknown[][] =>
  [...rows].flatMap(([text, row]) => (others.has(text) ? [] : [row]))

/**
 * The rows of either side that the other one lacks. Most of a document's rows stay as they are when it is updated, and need not become
 * keys for that to be seen. Where a value's class does not tell, both sides whole.
 */
export function apart(before: unknown[][], after: unknown[][]): [unknown[][], unknown[][]] {
  if (before.length === 0 || after.length === 0) return [before, after]
  const old = signatures(before)
  const fresh = old === undefined ? undefined : signatures(after)
  return old === undefined || fresh === undefined ? [before, after] : [without(old, fresh), without(fresh, old)]
}

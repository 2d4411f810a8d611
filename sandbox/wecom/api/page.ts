import { ApiError } from './errors.ts'

/** Rows shown again when the row of a cursor is gone: showing twice is harmless, leaving out is not. */
const BACK = 20

/**
 * One page of a list with an opaque cursor.
 *
 * @param scope names the list, so that a cursor of another list is refused (50100).
 * @param keyOf a row's own id: a list that grew or shrank goes on after the last row shown.
 */
export function page<T>(
  scope: string,
  list: readonly T[],
  keyOf: (row: T) => string,
  cursor: string | undefined,
  limit: number,
): { rows: T[]; next_cursor: string } {
  const start = cursor === undefined || cursor === '' ? 0 : startOf(scope, list, keyOf, cursor)
  const rows = list.slice(start, start + limit)
  const last = rows.at(-1)
  const end = start + rows.length
  const next_cursor = last !== undefined && end < list.length ? pack(scope, end, keyOf(last)) : ''
  return { rows, next_cursor }
}

function startOf<T>(scope: string, list: readonly T[], keyOf: (row: T) => string, cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  const parts = /^(\d+)\n([^\n]*)\n([^]*)$/.exec(text)
  if (!parts || parts[2] !== scope || pack(scope, Number(parts[1]), parts[3] ?? '') !== cursor)
    throw new ApiError(50100)
  const end = Number(parts[1])
  const key = parts[3]
  const expected = list[end - 1]
  if (expected !== undefined && keyOf(expected) === key) return end
  const index = list.findIndex((row) => keyOf(row) === key)
  return index === -1 ? Math.max(0, Math.min(end, list.length) - BACK) : index + 1
}

function pack(scope: string, end: number, key: string): string {
  return Buffer.from(`${end}\n${scope}\n${key}`).toString('base64url')
}

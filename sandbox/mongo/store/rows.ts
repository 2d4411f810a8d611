import { isUtf8 } from 'node:buffer'
import type { KeyField, Places } from './places.ts'
import type { Spots } from './spots.ts'

const TEXT = 0x02
/** Of fewer rows the keys are made as fast as the rows are compared. */
const WORTH = 3

/** The rows of keys a document has in an index: one for each value of the field that has most of them. */
export interface Rows {
  readonly places: Places
  readonly leader: Spots
}

/**
 * The values of the field that has most of them, one of which is in each key. All other fields have one value, or one in each element of
 * the same array. Undefined where the fields do not lie beside each other like that.
 */
export function rowsOf(fields: readonly KeyField[], places: Places): Rows | undefined {
  let leader: Spots | undefined
  for (const field of fields) {
    const spots = places.of(field)
    if (leader === undefined || leader.array === 0) leader = spots
    else if (spots.array !== 0) {
      if (spots.array !== leader.array || spots.torn || leader.torn || (spots.nested && leader.nested)) return undefined
      if (spots.nested) leader = spots
    }
  }
  return leader === undefined ? undefined : { places, leader }
}

/** Which value of a field is in a row. */
export function placeIn({ leader }: Rows, spots: Spots, row: number): number {
  return spots === leader ? row : spots.array === 0 ? 0 : leader.element(row)
}

/** Whether a field has the same bytes in two rows. */
function sameBytes(field: KeyField, a: Rows, row: number, b: Rows, other: number): boolean {
  const some = a.places.of(field)
  const others = b.places.of(field)
  const i = placeIn(a, some, row)
  const j = placeIn(b, others, other)
  const start = some.start(i)
  const end = some.end(i)
  const from = others.start(j)
  if (some.type(i) !== others.type(j) || end - start !== others.end(j) - from) return false
  const mine = a.places.bytes
  const theirs = b.places.bytes
  for (let at = start, shift = from - start; at < end; at++) if (mine[at] !== theirs[at + shift]) return false
  return true
}

function sameRow(fields: readonly KeyField[], a: Rows, row: number, b: Rows, other: number): boolean {
  for (const field of fields) if (!sameBytes(field, a, row, b, other)) return false
  return true
}

/** Rows at the beginning and at the end that are the same in two documents, and so in what follows from them. */
export interface Ends {
  readonly head: number
  readonly tail: number
}

export const NO_ENDS: Ends = { head: 0, tail: 0 }

/** What most updates leave as it is of a list: all before and behind the elements that are others. */
export function sameEnds(fields: readonly KeyField[], a: Rows, b: Rows): Ends {
  const most = Math.min(a.leader.count, b.leader.count)
  if (most < WORTH) return NO_ENDS
  let head = 0
  while (head < most && sameRow(fields, a, head, b, head)) head++
  let tail = 0
  while (tail < most - head && sameRow(fields, a, a.leader.count - 1 - tail, b, b.leader.count - 1 - tail)) tail++
  return { head, tail }
}

/** Whether two stored texts differ and make other keys: bytes that are no text are replaced by a sign there, and then might not. */
function areOtherTexts(bytes: Buffer, start: number, end: number, from: number, to: number): boolean {
  let at = start + 4
  const shift = from - start
  while (at < end && bytes[at] === bytes[at + shift]) at++
  if (at >= end) return false
  const isAscii = (bytes[at] ?? 0) < 0x80 || (bytes[at + shift] ?? 0) < 0x80
  return isAscii || (isUtf8(bytes.subarray(start + 4, end)) && isUtf8(bytes.subarray(from + 4, to)))
}

/** Whether two rows of a document have other keys for sure: a text that differs. */
function apart(fields: readonly KeyField[], rows: Rows, row: number, other: number): boolean {
  for (const field of fields) {
    const spots = rows.places.of(field)
    const i = placeIn(rows, spots, row)
    const j = placeIn(rows, spots, other)
    if (spots.type(i) !== TEXT || spots.type(j) !== TEXT) continue
    if (areOtherTexts(rows.places.bytes, spots.start(i), spots.end(i), spots.start(j), spots.end(j))) return true
  }
  return false
}

/** Whether a row's key is not also that of a row at the ends, as far as that is plain to see. */
export function isApart(fields: readonly KeyField[], rows: Rows, row: number, { head, tail }: Ends): boolean {
  const { count } = rows.leader
  for (let other = 0; other < head; other++) if (!apart(fields, rows, row, other)) return false
  for (let other = count - tail; other < count; other++) if (!apart(fields, rows, row, other)) return false
  return true
}

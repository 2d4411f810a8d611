import { MAX_KEY, sealKey } from '../bson/key.ts'
import { KeyWriter } from '../bson/keyWriter.ts'
import { mixed } from '../bson/names.ts'
import { appendStored } from '../bson/storedKey.ts'
import type { IndexInfo } from './catalog.ts'
import type { KeyPlan } from './indexPlan.ts'
import { passesAll } from './partial.ts'
import type { KeyField, Places } from './places.ts'
import { isApart, NO_ENDS, placeIn, rowsOf, sameEnds, type Ends, type Rows } from './rows.ts'

/** Documents with more keys in one index are read: to look for each key among the others gets dear. */
const MOST = 512

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0
  for (let i = start; i < end; i++) hash = mixed(hash, bytes[i] ?? 0)
  return hash
}

/** Whether a partial index takes a document; any other one takes them all. */
function isIn({ index: { partial }, partial: tests }: KeyPlan, places: Places): boolean {
  return tests === undefined ? partial === undefined || partial.passes(places.bytes) : passesAll(tests, places)
}

/** The keys one document has in one index, as they are stored: the index's number, the key, and the document's id key unless it is unique. */
class Keys {
  count = 0
  private readonly out = new KeyWriter()
  private readonly ends = new Int32Array(MOST + 1)
  /** A number made from each key's bytes, so that most keys are told apart at once. */
  private readonly hashes = new Int32Array(MOST)

  /** Makes the keys of a document's rows but those at its ends; none of no rows. */
  fill(plan: KeyPlan, fields: readonly KeyField[], rows: Rows | undefined, { head, tail }: Ends, idKey: Buffer): void {
    this.out.reset()
    this.count = rows === undefined ? 0 : rows.leader.count - head - tail
    for (let row = 0; rows !== undefined && row < this.count; row++)
      this.add(plan.index, fields, rows, row + head, row, idKey)
  }

  private add(index: IndexInfo, fields: readonly KeyField[], rows: Rows, row: number, to: number, idKey: Buffer): void {
    const { out } = this
    const { places } = rows
    out.number32(index.id)
    const start = out.length
    for (const field of fields) {
      const spots = places.of(field)
      const at = placeIn(rows, spots, row)
      const begin = out.length
      appendStored(out, places.bytes, spots.type(at), spots.start(at), spots.end(at))
      if (field.descending) out.invert(begin)
    }
    if (out.length - start > MAX_KEY) out.replace(start, sealKey(Buffer.from(out.bytes.subarray(start, out.length))))
    this.hashes[to] = hashOf(out.bytes, start, out.length)
    if (!index.unique) out.raw(idKey)
    this.ends[to + 1] = out.length
  }

  /** Whether one of the first `count` keys is the same as a key of others; the one at the same place is looked at first. */
  has(others: Keys, row: number, count: number): boolean {
    if (row < count && this.equals(row, others, row)) return true
    const hash = others.hashes[row]
    for (let i = 0; i < count; i++) if (this.hashes[i] === hash && i !== row && this.equals(i, others, row)) return true
    return false
  }

  private equals(row: number, others: Keys, other: number): boolean {
    const from = this.ends[row] ?? 0
    const shift = (others.ends[other] ?? 0) - from
    const end = this.ends[row + 1] ?? 0
    if ((others.ends[other + 1] ?? 0) - end !== shift) return false
    const mine = this.out.bytes
    const theirs = others.out.bytes
    for (let i = from; i < end; i++) if (mine[i] !== theirs[i + shift]) return false
    return true
  }

  /** A copy of a key. */
  take(row: number): Buffer {
    const from = this.ends[row] ?? 0
    const to = this.ends[row + 1] ?? 0
    const copy = Buffer.allocUnsafe(to - from)
    this.out.bytes.copy(copy, 0, from, to)
    return copy
  }
}

const old = new Keys()
const fresh = new Keys()

/** The rows of some keys that others lack, each key once. */
function apart(some: Keys, others: Keys): number[] {
  const found: number[] = []
  for (let row = 0; row < some.count; row++)
    if (!others.has(some, row, others.count) && !some.has(some, row, row)) found.push(row)
  return found
}

/** The rows of a document in an index: none where the index leaves it out, undefined where it has to be read for them. */
function rowsIn(plan: KeyPlan, fields: readonly KeyField[], places: Places): Rows | 'none' | undefined {
  if (!isIn(plan, places)) return places.unsure ? undefined : 'none'
  const rows = rowsOf(fields, places)
  if (rows === undefined || places.unsure || rows.leader.count > MOST) return undefined
  return plan.index.sparse && !fields.some((field) => places.of(field).present) ? 'none' : rows
}

const known = (rows: Rows | 'none'): Rows | undefined => (rows === 'none' ? undefined : rows)

/**
 * The stored keys an index loses and gains as one document takes the place of another, made from the documents' bytes: the same as those
 * of `keyDifference`. Undefined where a document has to be read for them.
 */
export function storedDifference(
  plan: KeyPlan,
  before: Places | undefined,
  after: Places | undefined,
  idKey: Buffer,
): { gone: Buffer[]; come: Buffer[] } | undefined {
  const { fields } = plan
  if (fields === undefined) return undefined
  const was = before === undefined ? 'none' : rowsIn(plan, fields, before)
  const is = after === undefined ? 'none' : rowsIn(plan, fields, after)
  if (was === undefined || is === undefined) return undefined
  return differenceOf(plan, fields, known(was), known(is), idKey)
}

function differenceOf(
  plan: KeyPlan,
  fields: readonly KeyField[],
  was: Rows | undefined,
  is: Rows | undefined,
  idKey: Buffer,
  ends: Ends = was === undefined || is === undefined ? NO_ENDS : sameEnds(fields, was, is),
): { gone: Buffer[]; come: Buffer[] } {
  old.fill(plan, fields, was, ends, idKey)
  fresh.fill(plan, fields, is, ends, idKey)
  const [gone, come] = [apart(old, fresh), apart(fresh, old)]
  // A key that goes or comes must be none of those at the ends, which stay.
  const isPlain = (rows: Rows | undefined, row: number): boolean =>
    rows === undefined || isApart(fields, rows, row + ends.head, ends)
  if (!gone.every((row) => isPlain(was, row)) || !come.every((row) => isPlain(is, row)))
    return differenceOf(plan, fields, was, is, idKey, NO_ENDS)
  return { gone: gone.map((row) => old.take(row)), come: come.map((row) => fresh.take(row)) }
}

/** Whether an indexed path of a document meets an array. Only after its keys were made. */
export function meetsStoredArray({ fields = [] }: KeyPlan, places: Places): boolean {
  for (const field of fields) if (places.of(field).array !== 0) return true
  return false
}

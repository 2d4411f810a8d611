import { MAX_KEY, sealKey } from '../bson/key.ts'
import { KeyWriter } from '../bson/keyWriter.ts'
import { mixed } from '../bson/names.ts'
import { appendStored } from '../bson/storedKey.ts'
import type { IndexInfo } from './catalog.ts'
import type { KeyPlan } from './indexPlan.ts'
import { passesAll } from './partial.ts'
import type { KeyField, Places } from './places.ts'
import type { Spots } from './spots.ts'

/** Documents with more keys in one index are read: to look for each key among the others gets dear. */
const MOST = 512

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0
  for (let i = start; i < end; i++) hash = mixed(hash, bytes[i] ?? 0)
  return hash
}

/**
 * The values of the field that has most of them, one of which is in each key. All other fields have one value, or one in each element of
 * the same array. Undefined where the fields do not lie beside each other like that.
 */
function leaderOf(fields: readonly KeyField[], places: Places): Spots | undefined {
  let leader: Spots | undefined
  for (const field of fields) {
    const spots = places.of(field)
    if (leader === undefined || leader.array === 0) leader = spots
    else if (spots.array !== 0) {
      if (spots.array !== leader.array || spots.torn || leader.torn || (spots.nested && leader.nested)) return undefined
      if (spots.nested) leader = spots
    }
  }
  return leader
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

  /** Makes the keys of a document; false where they cannot be made from its bytes. */
  fill(plan: KeyPlan, places: Places, idKey: Buffer): boolean {
    const { index, fields } = plan
    this.count = 0
    if (fields === undefined) return false
    if (!isIn(plan, places)) return !places.unsure
    const leader = leaderOf(fields, places)
    if (leader === undefined || places.unsure || leader.count > MOST) return false
    if (index.sparse && !fields.some((field) => places.of(field).present)) return true
    this.out.reset()
    for (let row = 0; row < leader.count; row++) this.add(index, fields, places, leader, row, idKey)
    this.count = leader.count
    return true
  }

  private add(
    index: IndexInfo,
    fields: readonly KeyField[],
    places: Places,
    leader: Spots,
    row: number,
    idKey: Buffer,
  ): void {
    const { out } = this
    out.number32(index.id)
    const start = out.length
    for (const field of fields) {
      const spots = places.of(field)
      const at = spots === leader ? row : spots.array === 0 ? 0 : leader.element(row)
      const begin = out.length
      appendStored(out, places.bytes, spots.type(at), spots.start(at), spots.end(at))
      if (field.descending) out.invert(begin)
    }
    if (out.length - start > MAX_KEY) out.replace(start, sealKey(Buffer.from(out.bytes.subarray(start, out.length))))
    this.hashes[row] = hashOf(out.bytes, start, out.length)
    if (!index.unique) out.raw(idKey)
    this.ends[row + 1] = out.length
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

function apart(some: Keys, others: Keys): Buffer[] {
  const found: Buffer[] = []
  for (let row = 0; row < some.count; row++)
    if (!others.has(some, row, others.count) && !some.has(some, row, row)) found.push(some.take(row))
  return found
}

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
  old.count = 0
  fresh.count = 0
  if (before !== undefined && !old.fill(plan, before, idKey)) return undefined
  if (after !== undefined && !fresh.fill(plan, after, idKey)) return undefined
  return { gone: apart(old, fresh), come: apart(fresh, old) }
}

/** Whether an indexed path of a document meets an array. Only after its keys were made. */
export function meetsStoredArray({ fields = [] }: KeyPlan, places: Places): boolean {
  for (const field of fields) if (places.of(field).array !== 0) return true
  return false
}

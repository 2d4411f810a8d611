import { describe } from '../bson/describe.ts'
import { changedFields, readFields, readId } from '../bson/raw.ts'
import type { Doc } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import type { Collection, IndexInfo } from './catalog.ts'
import { keyDifference, meetsArray, type IndexKey } from './indexKeys.ts'

/** An entry of one index. */
export interface IndexEntry {
  index: IndexInfo
  key: IndexKey
}

/** What one document's change does: `before` undefined for an insert, `after` undefined for a delete; keys that go and come. */
export interface Change {
  idKey: Buffer
  before: Buffer | undefined
  after: Buffer | undefined
  removed: IndexEntry[]
  added: IndexEntry[]
  /** The indexes it was worked out for. */
  indexes: readonly IndexInfo[]
}

type Concerned = { readonly indexes: readonly IndexInfo[]; readonly fields: ReadonlySet<string> | undefined }

const unions = new WeakMap<Collection, Map<string, ReadonlySet<string>>>()

/** The fields some indexes depend on; the same set for the same indexes, so that its names are prepared once. */
function fieldsFor(coll: Collection, indexes: readonly IndexInfo[]): ReadonlySet<string> | undefined {
  const known = unions.get(coll) ?? new Map<string, ReadonlySet<string>>()
  unions.set(coll, known)
  const key = indexes.map(({ id }) => id).join()
  const found = known.get(key)
  if (found !== undefined) return found
  const fields = new Set<string>()
  for (const { roots } of indexes) {
    if (roots === undefined) return undefined
    for (const root of roots) fields.add(root)
  }
  known.set(key, fields)
  return fields
}

/** The indexes a change can touch at all: of an update only those on fields whose bytes changed. */
function concerned(coll: Collection, before: Buffer | undefined, after: Buffer | undefined): Concerned {
  const all = { indexes: coll.written, fields: coll.indexedFields }
  if (before === undefined || after === undefined || coll.indexedFields === undefined) return all
  const changed = changedFields(before, after, coll.indexedFields)
  const indexes = coll.written.filter(
    ({ roots }) => roots === undefined || [...roots].some((root) => changed.has(root)),
  )
  return { indexes, fields: fieldsFor(coll, indexes) }
}

/** Works out which index entries a change removes and adds. Marks indexes that meet an array as multikey. */
export function changeOf(
  coll: Collection,
  idKey: Buffer,
  before: Buffer | undefined,
  after: Buffer | undefined,
): Change {
  const change: Change = { idKey, before, after, removed: [], added: [], indexes: coll.written }
  if (coll.written.length === 0) return change
  const { indexes, fields } = concerned(coll, before, after)
  if (indexes.length === 0) return change
  const oldDoc = before === undefined ? undefined : readFields(before, fields)
  const newDoc = after === undefined ? undefined : readFields(after, fields)
  for (const index of indexes) {
    const { gone, come } = keyDifference(index, oldDoc, newDoc)
    if (newDoc !== undefined && !index.multikey && meetsArray(index, newDoc)) index.multikey = true
    for (const key of gone) change.removed.push({ index, key })
    for (const key of come) change.added.push({ index, key })
  }
  return change
}

const sameBytes = (a: Buffer | undefined, b: Buffer | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.equals(b)

/** Whether what was worked out for a document still holds: the document is as it was, and so are the indexes. */
export function stillHolds({ indexes, before }: Change, coll: Collection, now: Buffer | undefined): boolean {
  return indexes === coll.written && sameBytes(before, now)
}

/** MongoDB's duplicate key error, word for word. */
export function duplicateKey(coll: Collection, name: string, keyPattern: Doc, keyValue: Doc): MongoError {
  const message = `E11000 duplicate key error collection: ${coll.ns} index: ${name} dup key: ${describe(keyValue)}`
  return new MongoError(11000, message, [], { keyPattern, keyValue })
}

/** The duplicate key error of an index entry. */
export function duplicateEntry(coll: Collection, { index, key }: IndexEntry): MongoError {
  const keyValue: Doc = {}
  index.fields.forEach(({ field }, i) => (keyValue[field] = key.values[i] ?? null))
  return duplicateKey(coll, index.name, index.key, keyValue)
}

/** The duplicate key error of an _id. */
export function duplicateId(coll: Collection, raw: Buffer): MongoError {
  return duplicateKey(coll, '_id_', { _id: 1 }, { _id: readId(raw) })
}

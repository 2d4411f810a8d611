import { describe } from '../bson/describe.ts'
import { readFields, readId } from '../bson/raw.ts'
import type { Doc } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import type { Collection, IndexInfo } from './catalog.ts'
import { indexKeys, meetsArray, type IndexKey } from './indexKeys.ts'

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
}

/** Works out which index entries a change removes and adds. Marks indexes that meet an array as multikey. */
export function changeOf(
  coll: Collection,
  idKey: Buffer,
  before: Buffer | undefined,
  after: Buffer | undefined,
): Change {
  const change: Change = { idKey, before, after, removed: [], added: [] }
  if (coll.indexes.length === 0) return change
  const oldDoc = before === undefined ? undefined : readFields(before, coll.indexedFields)
  const newDoc = after === undefined ? undefined : readFields(after, coll.indexedFields)
  for (const index of coll.indexes) {
    const oldKeys = oldDoc === undefined ? [] : indexKeys(index, oldDoc)
    const newKeys = newDoc === undefined ? [] : indexKeys(index, newDoc)
    if (newDoc !== undefined && !index.multikey && meetsArray(index, newDoc)) index.multikey = true
    for (const key of oldKeys) if (!newKeys.some(({ text }) => text === key.text)) change.removed.push({ index, key })
    for (const key of newKeys) if (!oldKeys.some(({ text }) => text === key.text)) change.added.push({ index, key })
  }
  return change
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

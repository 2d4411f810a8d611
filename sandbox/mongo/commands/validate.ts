import { Int32 } from 'bson'
import { readTyped, type Doc } from '../bson/values.ts'
import type { Collection, IndexInfo } from '../store/catalog.ts'
import type { Engine } from '../store/engine.ts'
import { indexKeys } from '../store/indexKeys.ts'
import { joined, prefix, type Storage, type Table } from '../store/storage.ts'
import { idKeyOf } from './write.ts'

const CHUNK = 1000

function* all(storage: Storage, table: Table, id: number): Generator<{ key: Buffer; value: Buffer }> {
  const stretch = { low: prefix(id), high: joined(id, Buffer.from([0xff])), reverse: false }
  let after: Buffer | undefined
  do {
    const chunk = storage.chunk(table, stretch, CHUNK, after)
    yield* chunk
    after = chunk.at(-1)?.key
  } while (after !== undefined)
}

function entryKey(index: IndexInfo, bytes: Buffer, idKey: Buffer): Buffer {
  return index.unique ? joined(index.id, bytes) : joined(index.id, bytes, idKey)
}

/** Compares every document with every index entry, both ways; the reply has MongoDB's form, with one error per disagreement (up to 20). */
export function validate({ storage }: Engine, coll: Collection): Doc {
  const errors: string[] = []
  const expected = new Map<IndexInfo, number>(coll.indexes.map((index) => [index, 0]))
  let documents = 0
  let bytes = 0
  for (const { key, value } of all(storage, storage.docs, coll.id)) {
    documents++
    bytes += value.length
    const doc = readTyped(value)
    const idKey = key.subarray(4)
    if (!idKeyOf(doc._id).equals(idKey)) errors.push(`document stored under a wrong key: ${String(doc._id)}`)
    for (const index of coll.indexes) {
      for (const entry of indexKeys(index, doc)) {
        expected.set(index, (expected.get(index) ?? 0) + 1)
        const owner = storage.get(storage.index, entryKey(index, entry, idKey))
        if (owner?.equals(idKey) !== true)
          errors.push(`index ${index.name} lacks an entry for document ${String(doc._id)}`)
      }
    }
  }
  const keysPerIndex: Doc = { _id_: new Int32(documents) }
  for (const [index, count] of expected) {
    let entries = 0
    for (const _entry of all(storage, storage.index, index.id)) entries++
    keysPerIndex[index.name] = new Int32(entries)
    if (entries !== count) errors.push(`index ${index.name} has ${entries} entries, its documents call for ${count}`)
  }
  if (documents !== coll.count) errors.push(`the collection counts ${coll.count} documents but has ${documents}`)
  if (bytes !== coll.bytes) errors.push(`the collection counts ${coll.bytes} bytes but has ${bytes}`)
  return {
    ns: coll.ns,
    nrecords: new Int32(documents),
    nIndexes: new Int32(coll.indexes.length + 1),
    keysPerIndex,
    valid: errors.length === 0,
    warnings: [],
    errors: errors.slice(0, 20),
    ok: 1,
  }
}

import { readFields } from '../bson/raw.ts'
import type { Doc } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import type { DirectWriter } from './access.ts'
import { rootsOf, type Collection, type IndexInfo } from './catalog.ts'
import { duplicateEntry } from './changes.ts'
import type { Engine } from './engine.ts'
import { indexKeys, meetsArray } from './indexKeys.ts'
import { joined, prefix } from './storage.ts'

const TURN_MS = 12
const LOOK_EVERY = 16
const CHUNK = 500

/** Puts documents into new indexes until the turn is over; gives the key of the last one, or undefined when there is no other. */
function fill(
  writer: DirectWriter,
  coll: Collection,
  indexes: readonly IndexInfo[],
  begin: Buffer | undefined,
): Buffer | undefined {
  const { storage } = writer
  const fields = rootsOf(indexes)
  const stretch = { low: prefix(coll.id), high: joined(coll.id, Buffer.from([0xff])), reverse: false }
  const until = performance.now() + TURN_MS
  let after = begin
  for (;;) {
    const chunk = storage.chunk(storage.docs, stretch, CHUNK, after)
    for (const [i, { key, value }] of chunk.entries()) {
      const doc = readFields(value, fields)
      for (const index of indexes) {
        if (!index.multikey && meetsArray(index, doc)) index.multikey = true
        for (const entry of indexKeys(index, doc)) writer.addEntry(index, entry, key.subarray(4))
      }
      if (i % LOOK_EVERY === 0 && performance.now() > until) return key
    }
    after = chunk.at(-1)?.key
    if (after === undefined) return undefined
  }
}

function mustBeUnique(writer: DirectWriter, coll: Collection, indexes: readonly IndexInfo[]): void {
  for (const index of indexes) {
    const first = index.building?.first
    if (!index.unique || first === undefined) continue
    const raw = first.owner === undefined ? undefined : writer.get(coll, first.owner)
    throw duplicateEntry(coll, { index, key: first.key }, raw)
  }
}

function mustGoOn({ catalog }: Engine, coll: Collection, indexes: readonly IndexInfo[]): void {
  if (catalog.get(coll.ns) !== coll) throw new MongoError(276, 'Index build aborted: the collection was dropped')
  if (!indexes.every((index) => coll.building.includes(index)))
    throw new MongoError(276, 'Index build aborted: dropIndexes command')
}

/**
 * Makes new indexes in one reading of the collection, in turns of 12 ms between which other commands pass. From the first turn on writers keep
 * them current; queries use them when all of them are whole, and if the server dies before, none of them is there. Throws DuplicateKey when
 * several documents have a unique key in the end, IndexBuildAborted when the collection or an index is dropped meanwhile; then none is made.
 */
export async function buildIndexes(engine: Engine, coll: Collection, specs: readonly Doc[]): Promise<void> {
  const { catalog } = engine
  let made: IndexInfo[] | undefined
  let after: Buffer | undefined
  const turn = (writer: DirectWriter, sequence: number): boolean => {
    made ??= specs.map((spec) => catalog.beginIndex(coll, spec))
    mustGoOn(engine, coll, made)
    after = fill(writer, coll, made, after)
    if (after !== undefined) return false
    mustBeUnique(writer, coll, made)
    catalog.finishIndexes(coll, made, sequence)
    return true
  }
  try {
    while (!(await engine.write(turn)));
  } catch (cause) {
    const begun = made ?? []
    // At the end of the server what has been written stays garbage, and is swept after the next start.
    if (!engine.storage.closing) await engine.write(() => catalog.giveUpIndexes(coll, begun))
    engine.sweepInBackground()
    throw cause
  }
}

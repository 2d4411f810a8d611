import { pointRange } from '../plan/bounds.ts'
import type { Engine } from './engine.ts'
import type { Collection, IndexInfo } from './catalog.ts'
import { joined } from './storage.ts'
import { visitLeaves } from '../query/paths.ts'
import { readFields } from '../bson/raw.ts'

const CHUNK = 500
const OLDEST = new Date(-8.64e15)

/** Deletes up to CHUNK documents whose date in a TTL index has passed; returns how many index entries it looked at. */
async function sweepChunk(engine: Engine, coll: Collection, index: IndexInfo, now: number): Promise<boolean> {
  const limit = new Date(now - (index.expireAfterSeconds ?? 0) * 1000)
  const [field] = index.fields
  if (field === undefined) return false
  const { descending } = field
  const low = pointRange(descending ? limit : OLDEST, descending).low
  const high = pointRange(descending ? OLDEST : limit, descending).high
  const stretch = { low: joined(index.id, low), high: joined(index.id, high), reverse: false }
  return engine.writeWhenFree((writer) => {
    const chunk = engine.storage.chunk(engine.storage.index, stretch, CHUNK)
    const seen = new Map<string, Buffer>()
    for (const { value } of chunk) seen.set(value.toString('latin1'), value)
    const changes = [...seen.values()].flatMap((idKey) => {
      const raw = writer.get(coll, idKey)
      const expired =
        raw !== undefined &&
        visitLeaves(readFields(raw, coll.indexedFields), field.path, (value) => value instanceof Date && value <= limit)
      return expired ? [writer.stage(coll, idKey, raw, undefined)] : []
    })
    for (const change of changes) writer.apply(coll, change)
    return changes.length > 0
  })
}

/** Deletes expired documents of all TTL indexes, a chunk at a time. `now` in milliseconds. */
export async function sweepExpired(engine: Engine, now = Date.now()): Promise<void> {
  for (const coll of engine.catalog.list()) {
    for (const index of coll.indexes) {
      if (index.expireAfterSeconds === undefined) continue
      while (engine.catalog.get(coll.ns) === coll && (await sweepChunk(engine, coll, index, now)));
    }
  }
}

import { Double, Int32 } from 'bson'
import { toNumber, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { bsonCount, type Collection } from '../store/catalog.ts'
import { namespace, type Command } from './request.ts'

/** The unit sizes are told in, from a command's `scale`: bytes unless it says otherwise. */
function scaleOf({ scale }: Doc): number {
  if (scale === undefined || scale === null) return 1
  const factor = toNumber(scale)
  return factor !== undefined && factor >= 1 ? Math.trunc(factor) : fail(2, 'scale has to be a number >= 1')
}

/** What is known of a collection; of one that is not there, zeros. */
function collectionStats(ns: string, coll: Collection | undefined, scale: number): Doc {
  const bytes = coll?.bytes ?? 0
  const documents = coll?.count ?? 0
  return {
    ns,
    size: bsonCount(Math.trunc(bytes / scale)),
    count: bsonCount(documents),
    ...(documents === 0 ? {} : { avgObjSize: new Int32(Math.round(bytes / documents)) }),
    storageSize: bsonCount(Math.trunc(bytes / scale)),
    capped: false,
    nindexes: new Int32(coll === undefined ? 0 : coll.indexes.length + 1),
    scaleFactor: new Int32(scale),
  }
}

/** The only document of the $collStats stage. */
export function collectionStatsStage(ns: string, coll: Collection | undefined, spec: Doc): Doc {
  const unknown = Object.keys(spec).find((field) => !['count', 'storageStats'].includes(field))
  if (unknown !== undefined) fail(238, `$collStats with ${unknown} is not supported by this server`)
  if (coll === undefined) fail(26, `Collection [${ns}] not found.`)
  const storage = spec.storageStats
  const scale = typeof storage === 'object' && storage !== null && 'scale' in storage ? { scale: storage.scale } : {}
  const { ns: _ns, ...stats } = collectionStats(ns, coll, scaleOf(scale))
  return {
    ns,
    localTime: new Date(),
    ...(storage === undefined ? {} : { storageStats: stats }),
    ...(spec.count === undefined ? {} : { count: coll.count }),
  }
}

/** The collStats command. */
export const collStats: Command = {
  fields: ['scale', 'verbose'],
  run(request) {
    const ns = namespace(request)
    return { ...collectionStats(ns, request.server.engine.catalog.get(ns), scaleOf(request.body)), ok: 1 }
  },
}

/** The dbStats command; storageSize is of the whole server, whose databases share one file. */
export const dbStats: Command = {
  fields: ['scale', 'freeStorage'],
  run({ server, db, body }) {
    const scale = scaleOf(body)
    const collections = server.engine.catalog.list(db)
    const sum = (of: (coll: Collection) => number): number => collections.reduce((total, coll) => total + of(coll), 0)
    const objects = sum((coll) => coll.count)
    const bytes = sum((coll) => coll.bytes)
    return {
      db,
      collections: bsonCount(collections.length),
      views: bsonCount(0),
      objects: bsonCount(objects),
      avgObjSize: new Double(objects === 0 ? 0 : bytes / objects),
      dataSize: new Double(bytes / scale),
      storageSize: new Double(server.engine.storage.sizeOnDisk() / scale),
      indexes: bsonCount(sum((coll) => coll.indexes.length + 1)),
      scaleFactor: bsonCount(scale),
      ok: 1,
    }
  },
}

import { encodeValue, sealKey } from '../bson/key.ts'
import { bsonType, isDoc, type Doc } from '../bson/values.ts'
import { compileStored } from '../query/compile.ts'
import type { Reader } from '../store/access.ts'
import type { Collection } from '../store/catalog.ts'
import type { Found } from './read.ts'

/** What a filter asks of _id by name, and what it asks besides. */
interface Asked {
  /** Keys of the documents wanted, in order, each once. */
  keys: readonly Buffer[]
  rest: Doc
}

/** Whether an _id can be looked up by its key. An _id is no array and no regular expression; as a condition they mean more than equality. */
function isKey(id: unknown): boolean {
  const type = bsonType(id)
  return type !== 'array' && type !== 'regex' && type !== 'undefined'
}

function keysOf(ids: readonly unknown[]): Buffer[] {
  const keys = ids.map((id) => sealKey(encodeValue(id)))
  const sorted = keys.every((key, i) => i === 0 || Buffer.compare(keys[i - 1] ?? key, key) < 0)
  if (sorted) return keys
  return keys.sort(Buffer.compare).filter((key, i) => i === 0 || keys[i - 1]?.equals(key) !== true)
}

/** The ids a prepared filter asks for with `_id: value` or `_id: {$in: values}`; undefined for all other filters. */
export function idsAsked(prepared: Doc): Asked | undefined {
  const condition = prepared._id
  if (!isDoc(condition) || Object.keys(condition).length !== 1) return undefined
  const ids: unknown = '$eq' in condition ? [condition.$eq] : condition.$in
  if (!Array.isArray(ids) || !ids.every(isKey)) return undefined
  const { _id, ...rest } = prepared
  return { keys: keysOf(ids), rest }
}

/** So many ids are looked up in vain before a read says that it is still at work. */
const PAUSE_AFTER = 32

/**
 * Goes straight to the documents with these ids, without planning and without testing again what found them; undefined where a long read
 * can be held up.
 */
export function* byIds(
  reader: Reader,
  coll: Collection,
  { keys, rest }: Asked,
  variables: Doc | undefined,
): Generator<Found | undefined> {
  const test = Object.keys(rest).length === 0 ? undefined : compileStored(rest, variables)
  let inVain = 0
  for (const idKey of keys) {
    const raw = reader.get(coll, idKey)
    if (raw !== undefined && (test === undefined || test(raw))) yield { idKey, raw }
    else if (++inVain % PAUSE_AFTER === 0) yield undefined
  }
}

import { ObjectId } from 'bson'
import type { CompareStrings } from '../bson/compare.ts'
import { asBuffer } from '../bson/elements.ts'
import { encodeValue, sealKey } from '../bson/key.ts'
import { readId } from '../bson/raw.ts'
import { withIdFirst } from '../bson/splice.ts'
import { bsonType, isDoc, toNumber, write, type Doc } from '../bson/values.ts'
import { fail, MongoError } from '../errors.ts'
import { find } from '../plan/find.ts'
import type { Found } from '../plan/read.ts'
import { parseCollation } from '../query/collation.ts'
import { prepareFilter } from '../query/filter.ts'
import { parseSort } from '../query/sort.ts'
import type { Writer } from '../store/access.ts'
import type { Collection } from '../store/catalog.ts'
import { applyUpdate, updatedBytes, upsertBase } from '../update/program.ts'
import type { Request } from './request.ts'
import type { UpdateStatement } from './update-statement.ts'

/** Bytes a document may have. */
export const MAX_DOCUMENT = 16 * 1024 * 1024

function checkSize(raw: Uint8Array): void {
  if (raw.length > MAX_DOCUMENT)
    fail(
      10334,
      `BSONObj size: ${raw.length} (0x${raw.length.toString(16)}) is invalid. Size must be between 0 and 16793600(16MB)`,
    )
}

function checkId(id: unknown): void {
  const type = bsonType(id)
  if (type === 'array' || type === 'regex' || type === 'undefined')
    fail(53, `The '_id' value cannot be of type ${type}`)
  const dollar = isDoc(id) ? Object.keys(id).find((name) => name.startsWith('$')) : undefined
  if (dollar !== undefined)
    fail(52, `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`)
}

function newIdElement(): Uint8Array {
  const made = write({ _id: new ObjectId() })
  return made.subarray(4, made.length - 1)
}

/** The key a document is stored under. */
export function idKeyOf(id: unknown): Buffer {
  return sealKey(encodeValue(id))
}

/** The collection, made if it is not there yet. Collections are made at once, even inside a transaction. */
export async function collectionFor(request: Request, ns: string): Promise<Collection> {
  const { engine } = request.server
  const existing = engine.catalog.get(ns)
  if (existing !== undefined) return existing
  const dot = ns.indexOf('.')
  return engine.write(() => engine.catalog.create(ns.slice(0, dot), ns.slice(dot + 1)))
}

/** Inserts one document given as BSON; returns its _id. */
export function insertOne(writer: Writer, coll: Collection, raw: Uint8Array): unknown {
  checkSize(raw)
  const doc = withIdFirst(raw, newIdElement)
  const id = readId(doc)
  checkId(id)
  const change = writer.stage(coll, idKeyOf(id), undefined, doc)
  writer.apply(coll, change)
  return id
}

/** What an update did. `before` and `after` are of the last document changed. */
export interface UpdateResult {
  matched: number
  modified: number
  upserted: { _id: unknown } | undefined
  before: Buffer | undefined
  after: Buffer | undefined
}

function updated(found: Found, statement: UpdateStatement): Buffer {
  const bytes = updatedBytes(found.raw, statement.program, statement.filter)
  const after = statement.program.kind === 'patch' ? asBuffer(bytes) : withIdFirst(bytes, newIdElement)
  if (after.length > MAX_DOCUMENT) fail(17419, `Resulting document after update is larger than ${MAX_DOCUMENT}`)
  return after
}

function upsert(writer: Writer, coll: Collection, statement: UpdateStatement): UpdateResult {
  const base = upsertBase(statement.filter)
  const start = statement.program.kind === 'replace' ? ('_id' in base ? { _id: base._id } : {}) : base
  const doc = applyUpdate(start, statement.program, statement.filter, true)
  const raw = withIdFirst(write(doc), newIdElement)
  const id = insertOne(writer, coll, raw)
  return { matched: 0, modified: 0, upserted: { _id: id }, before: undefined, after: raw }
}

/** Runs one update statement. Everything that can wait or fail, but for a unique key, happens before the first document is written. */
export function runUpdate(writer: Writer, coll: Collection, statement: UpdateStatement): UpdateResult {
  const { filter, multi, hint, variables, strings } = statement
  const query = { filter, hint, variables, strings, sort: parseSort(statement.sort), limit: multi ? 0 : 1 }
  const changes = [...find(writer, coll, query)].map((found) => ({ found, after: updated(found, statement) }))
  if (changes.length === 0) {
    return statement.upsert
      ? upsert(writer, coll, statement)
      : { matched: 0, modified: 0, upserted: undefined, before: undefined, after: undefined }
  }
  const staged = changes
    .filter(({ found, after }) => !after.equals(found.raw))
    .map(({ found, after }) => writer.stage(coll, found.idKey, found.raw, after))
  for (const change of staged) writer.apply(coll, change)
  const last = changes.at(-1)
  return {
    matched: changes.length,
    modified: staged.length,
    upserted: undefined,
    before: last?.found.raw,
    after: last?.after,
  }
}

/** One delete statement. */
export interface DeleteStatement {
  filter: Doc
  limit: number
  hint: unknown
  sort: unknown
  variables: Doc
  strings?: CompareStrings | undefined
}

const DELETE_FIELDS = new Set(['q', 'limit', 'collation', 'hint', 'sampleId'])

/** Reads an element of the delete command's `deletes`. */
export function deleteStatement(statement: Doc, variables: Doc): DeleteStatement {
  const unknown = Object.keys(statement).find((field) => !DELETE_FIELDS.has(field))
  if (unknown !== undefined) fail(40415, `BSON field 'delete.deletes.${unknown}' is an unknown field.`)
  const limit = toNumber(statement.limit)
  if (limit !== 0 && limit !== 1)
    throw new MongoError(9, `The limit field in delete objects must be 0 or 1. Got ${String(statement.limit)}`)
  return {
    filter: prepareFilter(isDoc(statement.q) ? statement.q : {}),
    limit,
    hint: statement.hint,
    sort: undefined,
    variables,
    strings: parseCollation(statement.collation),
  }
}

/** Deletes what a statement finds; returns how many, and the last document. */
export function runDelete(
  writer: Writer,
  coll: Collection,
  statement: DeleteStatement,
): { n: number; before: Buffer | undefined } {
  const { filter, limit, hint, variables, strings } = statement
  const found = [...find(writer, coll, { filter, limit, hint, variables, strings, sort: parseSort(statement.sort) })]
  const staged = found.map(({ idKey, raw }) => writer.stage(coll, idKey, raw, undefined))
  for (const change of staged) writer.apply(coll, change)
  return { n: staged.length, before: found.at(-1)?.raw }
}

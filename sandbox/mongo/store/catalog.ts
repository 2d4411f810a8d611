import { randomBytes } from 'node:crypto'
import { Binary, Int32, Long } from 'bson'
import { isDoc, readTyped, toNumber, write, type Doc } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import { compileFilter, compileStored } from '../query/compile.ts'
import { fieldsOf, prepareFilter } from '../query/filter.ts'
import type { Test } from '../query/operators.ts'
import { Contested } from './contested.ts'
import type { Storage } from './storage.ts'

/** One field of an index. */
export interface IndexField {
  field: string
  path: readonly string[]
  descending: boolean
}

/** An index as the planner and the writers need it. `spec` is the document listIndexes shows. */
export interface IndexInfo {
  id: number
  name: string
  key: Doc
  fields: readonly IndexField[]
  /** The top-level fields it depends on; undefined where that cannot be told. */
  roots: ReadonlySet<string> | undefined
  unique: boolean
  sparse: boolean
  hidden: boolean
  /** The documents it is of: a test of those in memory, and one of those stored. */
  partial: { filter: Doc; test: Test; passes: (raw: Buffer) => boolean } | undefined
  expireAfterSeconds: number | undefined
  multikey: boolean
  spec: Doc
  /** While it is being built: what stands in the way of a unique index. */
  building?: Contested | undefined
}

/** Whether a write that would give a key of this index to a second document is refused. */
export function refusesDuplicates({ unique, building }: IndexInfo): boolean {
  return unique && building === undefined
}

/** A collection: its number prefixes its documents' keys. `count` and `bytes` are kept current by the writers. */
export interface Collection {
  id: number
  db: string
  name: string
  ns: string
  uuid: Binary
  options: Doc
  /** Those queries use. */
  indexes: IndexInfo[]
  /** Those being built, which only writers know. */
  building: IndexInfo[]
  /** Both, for the writers. */
  written: readonly IndexInfo[]
  /** The write action that made the last index; a snapshot from before has not all its entries. */
  indexedSince: number
  /** The top-level fields the written indexes depend on. */
  indexedFields: ReadonlySet<string> | undefined
  count: number
  bytes: number
}

/** Builds an index's working form from its specification. */
export function indexInfo(id: number, spec: Doc, multikey: boolean): IndexInfo {
  const key = isDoc(spec.key) ? spec.key : {}
  const filter = isDoc(spec.partialFilterExpression) ? prepareFilter(spec.partialFilterExpression) : undefined
  const fields = Object.entries(key).map(([field, direction]) => ({
    field,
    path: field.split('.'),
    descending: (toNumber(direction) ?? 1) < 0,
  }))
  return {
    id,
    name: String(spec.name),
    key,
    fields,
    roots: rootsOf([{ fields, partial: filter === undefined ? undefined : { filter } }]),
    unique: spec.unique === true,
    sparse: spec.sparse === true,
    hidden: spec.hidden === true,
    partial: filter === undefined ? undefined : { filter, test: compileFilter(filter), passes: compileStored(filter) },
    expireAfterSeconds: toNumber(spec.expireAfterSeconds),
    multikey,
    spec,
  }
}

type Rooted = { readonly fields: readonly IndexField[]; readonly partial: { readonly filter: Doc } | undefined }

/** The top-level fields some indexes depend on; undefined where that cannot be told. */
export function rootsOf(indexes: readonly Rooted[]): ReadonlySet<string> | undefined {
  const roots = new Set<string>()
  for (const { fields, partial } of indexes) {
    for (const { path } of fields) if (path[0] !== undefined) roots.add(path[0])
    if (partial !== undefined && fieldsOf(partial.filter, roots) === undefined) return undefined
  }
  return roots
}

const COLLECTION = 'c:'
const COUNTS = 'n:'
const GARBAGE = 'g:'
const SEQUENCE = Buffer.from('seq')

/** What collections and indexes there are; kept in memory and, through `save`, in the meta table. */
export class Catalog {
  private readonly storage: Storage
  private readonly byNs = new Map<string, Collection>()
  private readonly savedFlags = new WeakMap<Collection, string>()
  /** Numbers of the indexes being built, whose entries are garbage only if the server dies. */
  private readonly begun = new Set<number>()
  private nextId = 1

  constructor(storage: Storage) {
    this.storage = storage
    const sequence = storage.meta.get(SEQUENCE)
    if (sequence !== undefined) this.nextId = sequence.readUInt32BE(0)
    for (const { key, value } of storage.meta.getRange({ start: Buffer.from(COLLECTION), end: Buffer.from('c;') })) {
      this.load(key.toString().slice(COLLECTION.length), readTyped(value))
    }
  }

  private load(ns: string, stored: Doc): void {
    const indexes = Array.isArray(stored.indexes) ? (stored.indexes as unknown[]) : []
    const id = toNumber(stored.id) ?? 0
    const counts = this.storage.meta.get(Buffer.from(`${COUNTS}${id}`))
    const dot = ns.indexOf('.')
    const collection: Collection = {
      id,
      db: ns.slice(0, dot),
      name: ns.slice(dot + 1),
      ns,
      uuid: stored.uuid instanceof Binary ? stored.uuid : new Binary(randomBytes(16), 4),
      options: isDoc(stored.options) ? stored.options : {},
      ...noIndexes(),
      count: counts?.readDoubleBE(0) ?? 0,
      bytes: counts?.readDoubleBE(8) ?? 0,
    }
    for (const index of indexes) {
      if (isDoc(index) && isDoc(index.spec)) {
        collection.indexes.push(indexInfo(toNumber(index.id) ?? 0, index.spec, index.multikey === true))
      }
    }
    tellWriters(collection)
    this.savedFlags.set(collection, multikeyFlags(collection))
    this.byNs.set(ns, collection)
  }

  /** Saves a collection's counters, and its description if an index became multikey. Only inside a write action. */
  saveAfterWrites(collection: Collection): void {
    if (this.byNs.get(collection.ns) !== collection) return
    this.saveCounts(collection)
    if (this.savedFlags.get(collection) !== multikeyFlags(collection)) this.save(collection)
  }

  get(ns: string): Collection | undefined {
    return this.byNs.get(ns)
  }

  /** All collections, or those of one database, by name. */
  list(db?: string): Collection[] {
    const all = [...this.byNs.values()].filter((collection) => db === undefined || collection.db === db)
    return all.sort((a, b) => (a.ns < b.ns ? -1 : 1))
  }

  /** The next free number for a collection or an index. Only inside a write action. */
  takeId(): number {
    const id = this.nextId++
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(this.nextId, 0)
    void this.storage.meta.put(SEQUENCE, bytes)
    return id
  }

  /** Makes a collection with its _id index. Only inside a write action. */
  create(db: string, name: string, options: Doc = {}): Collection {
    const ns = `${db}.${name}`
    const existing = this.byNs.get(ns)
    if (existing !== undefined) return existing
    checkName(db, name)
    const collection: Collection = {
      id: this.takeId(),
      db,
      name,
      ns,
      uuid: new Binary(randomBytes(16), 4),
      options,
      ...noIndexes(),
      count: 0,
      bytes: 0,
    }
    this.byNs.set(ns, collection)
    this.save(collection)
    return collection
  }

  /** Writes a collection's description to the meta table. Only inside a write action. */
  save(collection: Collection): void {
    tellWriters(collection)
    this.savedFlags.set(collection, multikeyFlags(collection))
    const { id, uuid, options, indexes, ns } = collection
    const stored = {
      id: new Int32(id),
      uuid,
      options,
      indexes: indexes.map(({ id: number, spec, multikey }) => ({ id: new Int32(number), spec, multikey })),
    }
    void this.storage.meta.put(Buffer.from(COLLECTION + ns), Buffer.from(write(stored)))
  }

  private saveCounts(collection: Collection): void {
    const bytes = Buffer.alloc(16)
    bytes.writeDoubleBE(collection.count, 0)
    bytes.writeDoubleBE(collection.bytes, 8)
    void this.storage.meta.put(Buffer.from(`${COUNTS}${collection.id}`), bytes)
  }

  /** Forgets a collection; its data is left for `garbage` to be swept. Only inside a write action. */
  remove(collection: Collection): void {
    this.byNs.delete(collection.ns)
    void this.storage.meta.remove(Buffer.from(COLLECTION + collection.ns))
    void this.storage.meta.remove(Buffer.from(`${COUNTS}${collection.id}`))
    void this.storage.meta.put(Buffer.from(`${GARBAGE}d${collection.id}`), Buffer.alloc(1))
    for (const index of collection.indexes) this.discardIndex(index)
  }

  /** Marks an index's entries as garbage. Only inside a write action. */
  discardIndex(index: IndexInfo): void {
    void this.storage.meta.put(garbageKey(index), Buffer.alloc(1))
  }

  /** Begins an index: writers keep it current from now on. Only inside a write action. */
  beginIndex(collection: Collection, spec: Doc): IndexInfo {
    const index = { ...indexInfo(this.takeId(), spec, false), building: new Contested() }
    this.discardIndex(index)
    this.begun.add(index.id)
    collection.building.push(index)
    tellWriters(collection)
    return index
  }

  /** Makes indexes that are whole known to queries. Only inside a write action. */
  finishIndexes(collection: Collection, indexes: readonly IndexInfo[], sequence: number): void {
    for (const index of indexes) {
      index.building = undefined
      this.begun.delete(index.id)
      void this.storage.meta.remove(garbageKey(index))
    }
    collection.building = collection.building.filter((index) => !indexes.includes(index))
    collection.indexes.push(...indexes)
    collection.indexedSince = sequence
    this.save(collection)
  }

  /** Leaves indexes that were begun to be swept. Only inside a write action. */
  giveUpIndexes(collection: Collection, indexes: readonly IndexInfo[]): void {
    for (const { id } of indexes) this.begun.delete(id)
    collection.building = collection.building.filter((index) => !indexes.includes(index))
    tellWriters(collection)
  }

  /** What waits to be swept: the table and the number whose entries have no owner any more. */
  garbage(): { key: Buffer; table: 'docs' | 'index'; id: number }[] {
    const range = this.storage.meta.getRange({ start: Buffer.from(GARBAGE), end: Buffer.from('g;') })
    return [...range].flatMap(({ key }) => {
      const text = key.toString()
      const id = Number(text.slice(3))
      return this.begun.has(id) ? [] : { key, table: text[2] === 'd' ? 'docs' : 'index', id }
    })
  }
}

function garbageKey({ id }: IndexInfo): Buffer {
  return Buffer.from(`${GARBAGE}i${id}`)
}

function noIndexes(): Pick<Collection, 'indexes' | 'building' | 'written' | 'indexedSince' | 'indexedFields'> {
  return { indexes: [], building: [], written: [], indexedSince: 0, indexedFields: new Set() }
}

function tellWriters(collection: Collection): void {
  collection.written = [...collection.indexes, ...collection.building]
  collection.indexedFields = rootsOf(collection.written)
}

function multikeyFlags(collection: Collection): string {
  return collection.indexes.map(({ multikey }) => (multikey ? '1' : '0')).join('')
}

function checkName(db: string, name: string): void {
  const bad = name === '' || name.includes('\0') || name.includes('$') || name.startsWith('.') || name.endsWith('.')
  if (bad) throw new MongoError(73, `Invalid collection name: ${name}`)
  if (db === '' || /[/\\. "$*<>:|?\0]/.test(db)) throw new MongoError(73, `Invalid namespace specified '${db}.${name}'`)
  if (db.length + name.length + 1 > 255)
    throw new MongoError(73, `Fully qualified namespace is too long. Namespace: ${db}.${name} Max: 255`)
}

/** A collection's counters as BSON numbers of the class MongoDB uses. */
export function bsonCount(value: number): Int32 | Long {
  return value > 2147483647 ? Long.fromNumber(value) : new Int32(value)
}

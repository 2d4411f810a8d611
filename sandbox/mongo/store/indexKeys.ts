import { encodeValue, inverted, sealKey } from '../bson/key.ts'
import { isDoc, type Doc } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import { isIndex, keyValues, MISSING, visitPath } from '../query/paths.ts'
import type { IndexInfo } from './catalog.ts'

const HOLE = Symbol('not yet filled')

/** A path of an index that is still to be followed. */
interface Pending {
  position: number
  path: readonly string[]
}

/**
 * All combinations of values a document has in an index. Fields below the same array vary together, element by element; two different
 * arrays are refused, as MongoDB refuses them.
 */
function tuples(value: unknown, pending: readonly Pending[], size: number): unknown[][] {
  const [only] = pending
  if (pending.length === 1 && only !== undefined) {
    return keyValues(value, only.path).map((found) => placed(size, only.position, found))
  }
  const groups = new Map<string, Pending[]>()
  for (const item of pending) {
    const head = item.path[0] ?? ''
    groups.set(head, [...(groups.get(head) ?? []), item])
  }
  let rows = [emptyRow(size)]
  let arrays = 0
  for (const [head, group] of groups) {
    const child = isDoc(value) && Object.hasOwn(value, head) ? value[head] : undefined
    const found = groupTuples(child, value, group, size)
    if (Array.isArray(child) || found.length > 1) arrays++
    if (arrays > 1)
      throw new MongoError(171, `cannot index parallel arrays [${[...groups.keys()].reverse().join('] [')}]`)
    rows = rows.flatMap((row) => found.map((other) => row.map((cell, i) => (other[i] === HOLE ? cell : other[i]))))
  }
  return rows
}

function emptyRow(size: number): unknown[] {
  return Array.from<unknown>({ length: size }).fill(HOLE)
}

function placed(size: number, position: number, value: unknown): unknown[] {
  const row = emptyRow(size)
  row[position] = value
  return row
}

function groupTuples(child: unknown, parent: unknown, group: readonly Pending[], size: number): unknown[][] {
  const [only] = group
  if (group.length === 1 && only !== undefined) {
    return keyValues(parent, only.path).map((found) => placed(size, only.position, found))
  }
  const rest = group.map(({ position, path }) => ({ position, path: path.slice(1) }))
  if (!Array.isArray(child) || rest.some(({ path }) => path[0] !== undefined && isIndex(path[0])))
    return tuples(child, rest, size)
  const elements = child.length === 0 ? [undefined] : (child as unknown[])
  return elements.flatMap((element) => tuples(element, rest, size))
}

/**
 * The common case of an array of documents two fields of which are indexed together (`attrs.k`, `attrs.v`), beside fields with one value:
 * the same rows as `tuples`, without its general way of joining them. Undefined where the document is not of that shape.
 */
function besideEachOther({ fields }: IndexInfo, doc: Doc): unknown[][] | undefined {
  const roots = new Set(fields.flatMap(({ path }) => (path.length === 2 && path[0] !== undefined ? [path[0]] : [])))
  const [root] = roots
  if (roots.size !== 1 || root === undefined) return undefined
  const list = doc[root]
  if (!Array.isArray(list) || list.length === 0 || !list.every(isDoc)) return undefined
  const inside = fields.map(({ path }) => (path[0] === root ? path[1] : undefined))
  if (inside.some((part) => part !== undefined && isIndex(part))) return undefined
  const beside = fields.map(({ path }, i) => (inside[i] === undefined ? keyValues(doc, path) : []))
  if (beside.some(({ length }) => length > 1)) return undefined
  const rows: unknown[][] = []
  for (const item of list) {
    const row = fields.map((_field, i) => {
      const part = inside[i]
      if (part === undefined) return beside[i]?.[0]
      return Object.hasOwn(item, part) ? item[part] : null
    })
    const arrays = row.flatMap((cell, i) => (inside[i] !== undefined && Array.isArray(cell) ? [i] : []))
    const [at] = arrays
    if (at === undefined) rows.push(row)
    else if (arrays.length > 1) return undefined
    else {
      const values: unknown[] = [row[at]].flat()
      for (const value of values.length === 0 ? [undefined] : values) rows.push(row.with(at, value))
    }
  }
  return rows
}

function encoded(index: IndexInfo, values: readonly unknown[]): Buffer {
  const parts = index.fields.map(({ descending }, i) => {
    const bytes = encodeValue(values[i])
    return descending ? inverted(bytes) : bytes
  })
  return sealKey(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts))
}

function hasField(doc: Doc, path: readonly string[]): boolean {
  return visitPath(doc, path, (value) => value !== MISSING)
}

/** The values of each key a typed document has in an index, repetitions and all; none when a sparse or partial index leaves it out. */
function indexRows(index: IndexInfo, doc: Doc | undefined): unknown[][] {
  if (doc === undefined || (index.partial !== undefined && !index.partial.test(doc))) return []
  if (index.sparse && !index.fields.some(({ path }) => hasField(doc, path))) return []
  const found = index.fields.map(({ path }) => keyValues(doc, path))
  if (found.every(({ length }) => length === 1)) return [found.map(([value]) => value)]
  const pending = index.fields.map(({ path }, position) => ({ position, path }))
  return besideEachOther(index, doc) ?? tuples(doc, pending, index.fields.length)
}

function distinctKeys(index: IndexInfo, rows: readonly unknown[][]): Map<string, Buffer> {
  const keys = new Map<string, Buffer>()
  for (const row of rows) {
    const key = encoded(index, row)
    keys.set(key.toString('latin1'), key)
  }
  return keys
}

/** The keys of a typed document in an index, without repetition; none when a sparse or partial index leaves it out. */
export function indexKeys(index: IndexInfo, doc: Doc): Buffer[] {
  return [...distinctKeys(index, indexRows(index, doc)).values()]
}

/** The values a key of a typed document stands for. */
export function valuesOf(index: IndexInfo, doc: Doc, key: Buffer): readonly unknown[] {
  return indexRows(index, doc).find((row) => encoded(index, row).equals(key)) ?? []
}

/** The keys that go and come in one index. */
export interface KeyDifference {
  gone: Buffer[]
  come: Buffer[]
}

const without = (keys: ReadonlyMap<string, Buffer>, others: ReadonlyMap<string, Buffer>): Buffer[] =>
  [...keys].flatMap(([text, key]) => (others.has(text) ? [] : [key]))

/** The keys an index loses and gains as one typed document takes the place of another; undefined stands for none. */
export function keyDifference(index: IndexInfo, before: Doc | undefined, after: Doc | undefined): KeyDifference {
  const old = distinctKeys(index, indexRows(index, before))
  const fresh = distinctKeys(index, indexRows(index, after))
  return { gone: without(old, fresh), come: without(fresh, old) }
}

/** Whether a document makes an index multikey: some indexed path meets an array. */
export function meetsArray(index: IndexInfo, doc: Doc): boolean {
  return index.fields.some(({ path }) => {
    let value: unknown = doc
    for (const part of path) {
      if (Array.isArray(value)) return true
      if (!isDoc(value)) return false
      value = value[part]
    }
    return Array.isArray(value)
  })
}

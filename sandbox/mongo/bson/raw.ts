import { Double, Int32, ObjectId } from 'bson'
import { readPlain, readTyped, write, type Doc } from './values.ts'

/** One element of a BSON document: its type, and where its name and its value lie in the bytes. */
interface Element {
  type: number
  start: number
  nameEnd: number
  valueEnd: number
}

const FIXED_SIZES: Readonly<Record<number, number>> = {
  0x01: 8, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0a: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0x7f: 0, 0xff: 0,
} // prettier-ignore

/** Where a value ends that begins at `at`. */
export function valueEnd(bytes: Buffer, type: number, at: number): number {
  const fixed = FIXED_SIZES[type]
  if (fixed !== undefined) return at + fixed
  switch (type) {
    case 0x02: // string, code and symbol: their length without itself
    case 0x0d:
    case 0x0e:
      return at + 4 + bytes.readInt32LE(at)
    case 0x03: // document, array and code with scope: their whole length
    case 0x04:
    case 0x0f:
      return at + bytes.readInt32LE(at)
    case 0x05:
      return at + 5 + bytes.readInt32LE(at)
    case 0x0b:
      return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1
    case 0x0c:
      return at + 16 + bytes.readInt32LE(at)
    default:
      throw new RangeError(`Unknown BSON type ${type}`)
  }
}

/**
 * Walks over the top-level elements of a BSON document without reading their values; `visit` gets the same object each time and ends the
 * walk by returning true. Throws RangeError for bytes that are no document.
 */
function walk(bytes: Buffer, visit: (element: Element) => boolean | void): void {
  walkWithin(bytes, 4, bytes.length - 1, visit)
}

/** The same over the elements between two places: those of a document that lies within another one. */
function walkWithin(bytes: Buffer, from: number, end: number, visit: (element: Element) => boolean | void): void {
  const element: Element = { type: 0, start: from, nameEnd: 0, valueEnd: 0 }
  for (let at = from; at < end; at = element.valueEnd) {
    element.type = bytes[at] ?? 0
    element.start = at
    let nameEnd = at + 1
    while (bytes[nameEnd] !== 0 && nameEnd < end) nameEnd++
    element.nameEnd = nameEnd
    element.valueEnd = valueEnd(bytes, element.type, nameEnd + 1)
    if (element.valueEnd <= nameEnd || element.valueEnd > end)
      throw new RangeError('A BSON element is longer than its document')
    if (visit(element) === true) return
  }
}

function asBuffer(raw: Uint8Array): Buffer {
  return raw instanceof Buffer ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
}

function hasName(bytes: Buffer, { start, nameEnd }: Element, name: Buffer): boolean {
  if (nameEnd - start - 1 !== name.length) return false
  for (let i = 0; i < name.length; i++) if (bytes[start + 1 + i] !== name[i]) return false
  return true
}

/** Joins element bytes into a document. */
export function assemble(parts: readonly Uint8Array[]): Buffer {
  let size = 5
  for (const part of parts) size += part.length
  const out = Buffer.allocUnsafe(size)
  out.writeInt32LE(size, 0)
  let at = 4
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  out[at] = 0
  return out
}

/** A field's name and its bytes. */
interface Name {
  text: string
  bytes: Buffer
}

const nameBytes = new WeakMap<ReadonlySet<string>, readonly Name[]>()

function bytesOf(names: ReadonlySet<string>): readonly Name[] {
  const known = nameBytes.get(names)
  if (known?.length === names.size) return known
  const made = [...names].map((text) => ({ text, bytes: Buffer.from(text) }))
  nameBytes.set(names, made)
  return made
}

type NumberClass = 'typed' | 'plain'

/** Reads the value that lies between two places; the common scalars here, the others by bson. */
export function readValue(bytes: Buffer, type: number, at: number, end: number, form: NumberClass): unknown {
  switch (type) {
    case 0x01: {
      const value = bytes.readDoubleLE(at)
      return form === 'plain' ? value : new Double(value)
    }
    case 0x02:
      return bytes.toString('utf8', at + 4, end - 1)
    case 0x07:
      return new ObjectId(Buffer.from(bytes.subarray(at, at + 12)))
    case 0x08:
      return bytes[at] === 1
    case 0x09:
      return new Date(bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at))
    case 0x0a:
      return null
    case 0x10: {
      const value = bytes.readInt32LE(at)
      return form === 'plain' ? value : new Int32(value)
    }
    default: {
      const alone = assemble([Buffer.of(type, 0x76, 0), bytes.subarray(at, end)])
      return (form === 'plain' ? readPlain(alone) : readTyped(alone)).v
    }
  }
}

const valueOf = (bytes: Buffer, { type, nameEnd, valueEnd: end }: Element, form: NumberClass): unknown =>
  readValue(bytes, type, nameEnd + 1, end, form)

function readNamed(raw: Uint8Array, fields: ReadonlySet<string>, form: NumberClass): Doc {
  const names = bytesOf(fields)
  const bytes = asBuffer(raw)
  const out: Doc = {}
  let left = names.length
  walk(bytes, (element) => {
    if (left === 0) return true
    for (const { text, bytes: own } of names) {
      if (!hasName(bytes, element, own)) continue
      left--
      if (text !== '__proto__') out[text] = valueOf(bytes, element, form)
      return false
    }
    return false
  })
  return out
}

/** Reads only the named top-level fields of a document, typed; all of it when `fields` is undefined. */
export function readFields(raw: Uint8Array, fields: ReadonlySet<string> | undefined): Doc {
  return fields === undefined ? readTyped(raw) : readNamed(raw, fields, 'typed')
}

function elementsOf(raw: Uint8Array, names: readonly Name[]): (Buffer | undefined)[] {
  const bytes = asBuffer(raw)
  const found = names.map((): Buffer | undefined => undefined)
  walk(bytes, (element) => {
    const place = names.findIndex((name) => hasName(bytes, element, name.bytes))
    if (place !== -1) found[place] = bytes.subarray(element.start, element.valueEnd)
  })
  return found
}

/** Which of the named top-level fields have other bytes, or are there in one of the documents only. */
export function changedFields(before: Uint8Array, after: Uint8Array, fields: ReadonlySet<string>): Set<string> {
  const names = bytesOf(fields)
  const [old, fresh] = [elementsOf(before, names), elementsOf(after, names)]
  return new Set(
    names.flatMap(({ text }, i) => {
      const [a, b] = [old[i], fresh[i]]
      const same = a === undefined || b === undefined ? a === b : a.equals(b)
      return same ? [] : [text]
    }),
  )
}

/** Fields to read, by name: all of a field's value, or of the documents in it only some fields. */
export type Fields = ReadonlyMap<string, Fields | 'all'>

/** The bytes of each field name, so that the names of a document need not be decoded to be compared. */
const fieldNames = new WeakMap<Fields, readonly { text: string; bytes: Buffer; inner: Fields | 'all' }[]>()

function namesIn(fields: Fields): readonly { text: string; bytes: Buffer; inner: Fields | 'all' }[] {
  const known = fieldNames.get(fields)
  if (known !== undefined) return known
  const made = [...fields].map(([text, inner]) => ({ text, bytes: Buffer.from(text), inner }))
  fieldNames.set(fields, made)
  return made
}

/** Reads only these fields of the document between two places; where a field holds an array, of each document in it. */
export function partsWithin(bytes: Buffer, from: number, end: number, fields: Fields, form: NumberClass): Doc {
  const names = namesIn(fields)
  const out: Doc = {}
  let left = names.length
  walkWithin(bytes, from, end, (element) => {
    if (left === 0) return true
    for (const { text, bytes: own, inner } of names) {
      if (!hasName(bytes, element, own)) continue
      left--
      if (text !== '__proto__') out[text] = readPart(bytes, element, inner, form)
      return false
    }
    return false
  })
  return out
}

function readPart(bytes: Buffer, element: Element, inner: Fields | 'all', form: NumberClass): unknown {
  const { type, nameEnd, valueEnd: end } = element
  if (type === 4) return arrayWithin(bytes, nameEnd + 5, end - 1, inner, form)
  if (type === 3 && inner !== 'all') return partsWithin(bytes, nameEnd + 5, end - 1, inner, form)
  return valueOf(bytes, element, form)
}

/** The elements of an array stand in their order, their names count for nothing. */
function arrayWithin(bytes: Buffer, from: number, end: number, inner: Fields | 'all', form: NumberClass): unknown[] {
  const out: unknown[] = []
  walkWithin(bytes, from, end, (element) => {
    out.push(readPart(bytes, element, inner, form))
  })
  return out
}

/** Reads only the named top-level fields of a document, plain. */
export function readPlainFields(raw: Uint8Array, fields: ReadonlySet<string>): Doc {
  return readNamed(raw, fields, 'plain')
}

const ID_NAME = Buffer.from('_id')
const ID_ONLY = new Set(['_id'])

/** The _id of a stored document. */
export function readId(raw: Uint8Array): unknown {
  return readFields(raw, ID_ONLY)._id
}

/** Puts _id first, as MongoDB stores it; the bytes themselves when it already is. `newId` supplies an _id where there is none. */
export function withIdFirst(raw: Uint8Array, newId: () => Uint8Array): Buffer {
  const bytes = asBuffer(raw)
  let id: Uint8Array | undefined
  let rest: Uint8Array[] = []
  walk(bytes, (element) => {
    if (!hasName(bytes, element, ID_NAME)) return false
    if (element.start === 4) rest = [bytes]
    else {
      id = bytes.subarray(element.start, element.valueEnd)
      rest = [bytes.subarray(4, element.start), bytes.subarray(element.valueEnd, bytes.length - 1)]
    }
    return true
  })
  if (rest[0] === bytes) return bytes
  return assemble(id === undefined ? [newId(), bytes.subarray(4, bytes.length - 1)] : [id, ...rest])
}

/**
 * A document with other values for the named top-level fields: those of `doc`, in the old places, new ones at the end; a field `doc` lacks
 * goes. All else, and the _id, keeps its bytes.
 */
export function withFields(raw: Uint8Array, fields: ReadonlySet<string>, doc: Doc): Buffer {
  const names = bytesOf(fields)
  const bytes = asBuffer(raw)
  const made = asBuffer(write(doc))
  const fresh: { element: Buffer; name: Buffer; used: boolean }[] = []
  walk(made, (element) => {
    const { start, nameEnd, valueEnd: end } = element
    const name = made.subarray(start + 1, nameEnd)
    fresh.push({ element: made.subarray(start, end), name, used: name.equals(ID_NAME) })
  })
  const parts: Uint8Array[] = []
  let copied = 4
  walk(bytes, (element) => {
    if (hasName(bytes, element, ID_NAME) || !names.some((name) => hasName(bytes, element, name.bytes))) return
    parts.push(bytes.subarray(copied, element.start))
    copied = element.valueEnd
    const next = fresh.find(({ name }) => hasName(bytes, element, name))
    if (next === undefined) return
    parts.push(next.element)
    next.used = true
  })
  parts.push(bytes.subarray(copied, bytes.length - 1))
  for (const { element, used } of fresh) if (!used) parts.push(element)
  return assemble(parts)
}

/**
 * Takes the documents of the array `field` out of a document whose first element is `first`: them as slices, and the rest of the document.
 * Undefined when the document begins otherwise or has no such array.
 */
export function takeDocuments(
  raw: Uint8Array,
  first: string,
  field: string,
): { documents: Uint8Array[]; rest: Buffer } | undefined {
  const bytes = asBuffer(raw)
  const [firstName, name] = [Buffer.from(first), Buffer.from(field)]
  let found: { documents: Uint8Array[]; rest: Buffer } | undefined
  walk(bytes, (element) => {
    if (element.start === 4 && !hasName(bytes, element, firstName)) return true
    if (element.type !== 4 || !hasName(bytes, element, name)) return false
    const rest = assemble([bytes.subarray(4, element.start), bytes.subarray(element.valueEnd, bytes.length - 1)])
    found = { documents: documentsIn(bytes.subarray(element.nameEnd + 1, element.valueEnd)), rest }
    return true
  })
  return found
}

/** The documents of an array's bytes; other values are left out. */
function documentsIn(array: Buffer): Uint8Array[] {
  const out: Uint8Array[] = []
  walk(array, ({ type, nameEnd, valueEnd: end }) => {
    if (type === 3) out.push(array.subarray(nameEnd + 1, end))
  })
  return out
}

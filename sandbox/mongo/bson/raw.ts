import { readTyped, write, type Doc } from './values.ts'

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

function valueEnd(bytes: Buffer, type: number, at: number): number {
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
  const end = bytes.length - 1
  const element: Element = { type: 0, start: 4, nameEnd: 0, valueEnd: 0 }
  for (let at = 4; at < end; at = element.valueEnd) {
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

const nameBytes = new WeakMap<ReadonlySet<string>, readonly Buffer[]>()

function bytesOf(names: ReadonlySet<string>): readonly Buffer[] {
  const known = nameBytes.get(names)
  if (known?.length === names.size) return known
  const made = [...names].map((name) => Buffer.from(name))
  nameBytes.set(names, made)
  return made
}

/** Reads only the named top-level fields of a document, typed; all of it when `fields` is undefined. */
export function readFields(raw: Uint8Array, fields: ReadonlySet<string> | undefined): Doc {
  if (fields === undefined) return readTyped(raw)
  const names = bytesOf(fields)
  const bytes = asBuffer(raw)
  const parts: Uint8Array[] = []
  walk(bytes, (element) => {
    if (parts.length === names.length) return true
    if (names.some((name) => hasName(bytes, element, name))) parts.push(bytes.subarray(element.start, element.valueEnd))
    return false
  })
  return parts.length === 0 ? {} : readTyped(assemble(parts))
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
    if (hasName(bytes, element, ID_NAME) || !names.some((name) => hasName(bytes, element, name))) return
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

import { onDemand } from 'bson'
import { readTyped, type Doc } from './values.ts'

/** One element of a BSON document: where its name and its value lie in the bytes. */
interface Element {
  type: number
  name: string
  start: number
  valueStart: number
  valueEnd: number
}

/** Lists the top-level elements of a BSON document without reading their values. */
export function* elements(raw: Uint8Array): Generator<Element> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  for (const [type, nameOffset, nameLength, offset, length] of onDemand.parseToElements(raw)) {
    const name = bytes.toString('utf8', nameOffset, nameOffset + nameLength)
    yield { type, name, start: nameOffset - 1, valueStart: offset, valueEnd: offset + length }
  }
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

/** Reads only the named top-level fields of a document, typed; all of it when `fields` is undefined. */
export function readFields(raw: Uint8Array, fields: ReadonlySet<string> | undefined): Doc {
  if (fields === undefined) return readTyped(raw)
  const parts: Uint8Array[] = []
  let left = fields.size
  for (const element of elements(raw)) {
    if (left === 0) break
    if (!fields.has(element.name)) continue
    parts.push(raw.subarray(element.start, element.valueEnd))
    left--
  }
  return readTyped(assemble(parts))
}

const ID_ONLY = new Set(['_id'])

/** The _id of a stored document. */
export function readId(raw: Uint8Array): unknown {
  return readFields(raw, ID_ONLY)._id
}

/** Puts _id first, as MongoDB stores it; the bytes themselves when it already is. `newId` supplies an _id where there is none. */
export function withIdFirst(raw: Uint8Array, newId: () => Uint8Array): Uint8Array {
  let first = true
  for (const element of elements(raw)) {
    if (element.name === '_id') {
      if (first) return raw
      const id = raw.subarray(element.start, element.valueEnd)
      return assemble([id, raw.subarray(4, element.start), raw.subarray(element.valueEnd, raw.length - 1)])
    }
    first = false
  }
  return assemble([newId(), raw.subarray(4, raw.length - 1)])
}

/** The documents of an array element, as slices of the bytes that hold it; other values are left out. */
export function rawDocuments(array: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = []
  for (const element of elements(array))
    if (element.type === 3) out.push(array.subarray(element.valueStart, element.valueEnd))
  return out
}

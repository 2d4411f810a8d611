import { deserialize, Double, Int32, Long, ObjectId } from 'bson'
import { asBuffer, assemble, Elements, int32 } from './elements.ts'
import type { Doc } from './values.ts'

/** The two forms of documents in memory; see `Doc`. */
export type NumberClass = 'typed' | 'plain'

const OPTIONS = {
  typed: { promoteValues: false, promoteLongs: false, bsonRegExp: true, validation: { utf8: false } },
  plain: { validation: { utf8: false } },
}

/** Documents nested deeper than this are left to bson, which reads without recursion. */
const DEEPEST = 100

function readText(bytes: Buffer, at: number, end: number): string {
  if (end < at + 5 || bytes[end - 1] !== 0) throw new RangeError('A BSON string does not end')
  return bytes.toString('utf8', at + 4, end - 1)
}

function readLong(bytes: Buffer, at: number, form: NumberClass): unknown {
  const [low, high] = [int32(bytes, at), int32(bytes, at + 4)]
  const number = high * 2 ** 32 + (low >>> 0)
  return form === 'plain' && Number.isSafeInteger(number) ? number : new Long(low, high)
}

/** Reads the value that lies between two places; what is common here, the rest by bson. */
export function readValue(bytes: Buffer, type: number, at: number, end: number, form: NumberClass, depth = 0): unknown {
  switch (type) {
    case 0x01: {
      const value = bytes.readDoubleLE(at)
      return form === 'plain' ? value : new Double(value)
    }
    case 0x02:
      return readText(bytes, at, end)
    case 0x03:
      return readDocument(bytes, at, end, form, depth + 1)
    case 0x04:
      if (depth < DEEPEST) return readArray(bytes, at, end, form, depth + 1)
      break
    case 0x07:
      return new ObjectId(Buffer.from(bytes.subarray(at, at + 12)))
    case 0x08:
      return bytes[at] === 1
    case 0x09:
      return new Date(int32(bytes, at + 4) * 2 ** 32 + (int32(bytes, at) >>> 0))
    case 0x0a:
      return null
    case 0x10: {
      const value = int32(bytes, at)
      return form === 'plain' ? value : new Int32(value)
    }
    case 0x12:
      return readLong(bytes, at, form)
  }
  return deserialize(assemble([Buffer.of(type, 0x76, 0), bytes.subarray(at, end)]), OPTIONS[form]).v
}

function within(bytes: Buffer, at: number, end: number): Elements {
  if (end - at < 5 || bytes[end - 1] !== 0) throw new RangeError('A BSON document does not end')
  return new Elements(bytes, at + 4, end - 1)
}

/** The elements of an array stand in their order, their names count for nothing. */
function readArray(bytes: Buffer, at: number, end: number, form: NumberClass, depth: number): unknown[] {
  const out: unknown[] = []
  for (const element = within(bytes, at, end); element.next();)
    out.push(readValue(bytes, element.type, element.nameEnd + 1, element.end, form, depth))
  return out
}

function put(doc: Doc, name: string, value: unknown): void {
  if (name !== '__proto__') doc[name] = value
  else Object.defineProperty(doc, name, { value, writable: true, enumerable: true, configurable: true })
}

/** Reads the document that lies between two places. One with a `$ref` may be a DBRef: bson tells. */
function readDocument(bytes: Buffer, at: number, end: number, form: NumberClass, depth: number): Doc {
  const out: Doc = {}
  for (const element = within(bytes, at, end); element.next();) {
    const { name } = element
    if (name === '$ref' || depth > DEEPEST) return deserialize(bytes.subarray(at, end), OPTIONS[form])
    put(out, name, readValue(bytes, element.type, element.nameEnd + 1, element.end, form, depth))
  }
  return out
}

/** Reads a whole document. Throws RangeError or bson's error for bytes that are none. */
export function readWhole(raw: Uint8Array, form: NumberClass): Doc {
  const bytes = asBuffer(raw)
  if (bytes.length < 5 || int32(bytes, 0) !== bytes.length)
    throw new RangeError('A BSON document is not as long as it says')
  return readDocument(bytes, 0, bytes.length, form, 0)
}

import { mixed, textOf, type Name, type NamesByHash } from './names.ts'

/** Bytes each BSON type takes; -1: its length stands before it, -2: there is no such type. */
const SIZES = new Int8Array(256).fill(-2)
for (const type of [0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f]) SIZES[type] = -1
for (const [type, size] of [
  [0x01, 8], [0x06, 0], [0x07, 12], [0x08, 1], [0x09, 8], [0x0a, 0], [0x10, 4], [0x11, 8], [0x12, 8], [0x13, 16], [0x7f, 0], [0xff, 0],
] as const) SIZES[type] = size // prettier-ignore

/** A little-endian int32, wherever it lies; what is beyond the end counts as zero. */
export function int32(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

/** Where a value ends that begins at `at`. Throws RangeError for an unknown type. */
export function valueEnd(bytes: Buffer, type: number, at: number): number {
  const size = SIZES[type] ?? -2
  if (size >= 0) return at + size
  switch (type) {
    case 0x02: // string, code and symbol: their length without itself
    case 0x0d:
    case 0x0e:
      return at + 4 + int32(bytes, at)
    case 0x03: // document, array and code with scope: their whole length
    case 0x04:
    case 0x0f:
      return at + int32(bytes, at)
    case 0x05:
      return at + 5 + int32(bytes, at)
    case 0x0b:
      return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1
    case 0x0c:
      return at + 16 + int32(bytes, at)
    default:
      throw new RangeError(`Unknown BSON type ${type}`)
  }
}

/**
 * Walks over the elements of a BSON document, or of one that lies within other bytes, without reading their values and without making
 * anything for each: the walk itself is the element it stands at.
 *
 *     for (const at = elementsOf(raw); at.next(); ) if (at.is(name)) …
 */
export class Elements {
  type = 0
  /** Where the element begins, where its name ends (its value begins behind it) and where its value ends. */
  start = 0
  nameEnd = 0
  end: number
  /** Tells most names apart. */
  hash = 0
  readonly bytes: Buffer
  private readonly limit: number

  /** The elements from one place to another one, the final zero not among them. */
  constructor(bytes: Buffer, from: number, limit: number) {
    this.bytes = bytes
    this.end = from
    this.limit = limit
  }

  /** Goes to the next element; false when there is none. Throws RangeError for bytes that are no document. */
  next(): boolean {
    const { bytes, limit, end: start } = this
    if (start >= limit) return false
    const type = bytes[start] ?? 0
    let at = start + 1
    let hash = 0
    for (let byte = bytes[at] ?? 0; byte !== 0 && at < limit; byte = bytes[++at] ?? 0) hash = mixed(hash, byte)
    const end = valueEnd(bytes, type, at + 1)
    if (end <= at || end > limit) throw new RangeError('A BSON element is longer than its document')
    this.type = type
    this.start = start
    this.nameEnd = at
    this.end = end
    this.hash = hash
    return true
  }

  is(name: Name): boolean {
    if (this.hash !== name.hash) return false
    const { bytes, start, nameEnd } = this
    const wanted = name.bytes
    if (nameEnd - start - 1 !== wanted.length) return false
    for (let i = 0; i < wanted.length; i++) if (bytes[start + 1 + i] !== wanted[i]) return false
    return true
  }

  isOneOf(names: NamesByHash): boolean {
    return names.get(this.hash)?.some((name) => this.is(name)) ?? false
  }

  /** The name as a text. */
  get name(): string {
    return textOf(this.bytes, this.start + 1, this.nameEnd, this.hash)
  }

  /** The whole element, name and all. */
  slice(): Buffer {
    return this.bytes.subarray(this.start, this.end)
  }

  /** The value's bytes. */
  value(): Buffer {
    return this.bytes.subarray(this.nameEnd + 1, this.end)
  }
}

export function asBuffer(raw: Uint8Array): Buffer {
  return raw instanceof Buffer ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
}

/** The elements of a whole document. */
export function elementsOf(raw: Uint8Array): Elements {
  return new Elements(asBuffer(raw), 4, raw.length - 1)
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

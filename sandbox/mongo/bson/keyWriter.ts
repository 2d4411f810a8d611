import { Double, Int32, Long } from 'bson'
import { binaryParts, entriesOf, rank, regexParts } from './compare.ts'
import { compareFractions, doubleFraction, fraction, nextDouble } from './exact.ts'
import { bsonType, toNumber } from './values.ts'

/**
 * Writes values as bytes whose order is MongoDB's order of the values. Each value is a tag (its type's rank) and a payload that ends
 * by itself, so that values can be joined into compound keys. Equal values of different number classes give equal bytes.
 */
export class KeyWriter {
  bytes = Buffer.allocUnsafe(4096)
  length = 0

  reset(): void {
    this.length = 0
  }

  take(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length))
  }

  /** Makes room for so many more bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.length++] = value
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  number32(value: number): void {
    this.reserve(4)
    this.length = this.bytes.writeUInt32BE(value, this.length)
  }

  /** Turns every bit over from a place on: reverses the order of keys. */
  invert(from: number): void {
    for (let i = from; i < this.length; i++) this.bytes[i] = ~(this.bytes[i] ?? 0) & 0xff
  }

  /** Puts other bytes in the place of all from a place on. */
  replace(from: number, bytes: Uint8Array): void {
    this.length = from
    this.raw(bytes)
  }

  /** UTF-8 with 0 and 1 escaped, then 0; so a prefix sorts before what it begins. */
  text(value: string): void {
    this.reserve(value.length * 6 + 1)
    const start = this.length
    let end = start + this.bytes.write(value, start, 'utf8')
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i] ?? 0
      if (byte > 1) continue
      this.bytes.copyWithin(i + 1, i, end++)
      this.bytes[i] = 1
      this.bytes[++i] = byte + 1
    }
    this.bytes[end++] = 0
    this.length = end
  }

  number(value: unknown): void {
    if (typeof value === 'number' || value instanceof Int32 || value instanceof Double)
      return this.double(Number(value))
    const exact = fraction(value)
    const nearest = toNumber(value) ?? NaN
    if (exact === undefined) return this.double(nearest)
    let base = Number.isFinite(nearest) ? nearest : nearest > 0 ? Number.MAX_VALUE : -Infinity
    if (base === -Infinity) return this.double(-Number.MAX_VALUE)
    let floor = doubleFraction(base)
    if (compareFractions(floor, exact) > 0) {
      base = nextDouble(base, -1)
      floor = doubleFraction(base)
    }
    const above = nextDouble(base, 1)
    const ceiling = doubleFraction(Number.isFinite(above) ? above : base)
    const gap = { n: ceiling.n * floor.d - floor.n * ceiling.d, d: ceiling.d * floor.d }
    const rest = { n: exact.n * floor.d - floor.n * exact.d, d: exact.d * floor.d }
    const part = gap.n === 0n ? (1n << 80n) - 1n : (rest.n * gap.d * (1n << 80n)) / (rest.d * gap.n)
    this.double(base, part)
  }

  /** A double in order-preserving form and, for what lies between two doubles, the share of the way to the next one in 80 bits. */
  double(value: number, part = 0n): void {
    this.reserve(19)
    const at = this.length
    if (Number.isNaN(value)) this.bytes.fill(0, at, at + 8)
    else {
      this.bytes.writeDoubleBE(value === 0 ? 0 : value, at)
      if (value < 0) for (let i = at; i < at + 8; i++) this.bytes[i] = ~(this.bytes[i] ?? 0) & 0xff
      else this.bytes[at] = (this.bytes[at] ?? 0) | 0x80
    }
    this.length = at + 8
    this.byte(part === 0n ? 0 : 1)
    if (part !== 0n) this.raw(Buffer.from(part.toString(16).padStart(20, '0').slice(-20), 'hex'))
  }

  value(value: unknown): void {
    this.byte(rank(value))
    this.payload(value)
  }

  private payload(value: unknown): void {
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'boolean') return this.byte(value ? 1 : 0)
    if (Array.isArray(value)) {
      for (const item of value) this.value(item)
      return this.byte(0)
    }
    if (rank(value) === 0x10) return this.number(value)
    if (typeof value === 'object' && value !== null) this.objectPayload(value)
  }

  private objectPayload(value: object): void {
    switch (bsonType(value)) {
      case 'object':
        for (const [name, item] of entriesOf(value)) {
          this.byte(rank(item))
          this.text(name)
          this.payload(item)
        }
        return this.byte(0)
      case 'binData': {
        const { bytes, subtype } = binaryParts(value)
        const head = Buffer.alloc(5)
        head.writeUInt32BE(bytes.length, 0)
        head[4] = subtype
        this.raw(head)
        return this.raw(bytes)
      }
      case 'objectId':
        return this.raw('id' in value && value.id instanceof Uint8Array ? value.id : new Uint8Array(12))
      case 'date': {
        const bytes = Buffer.alloc(8)
        const time = Number(value)
        bytes.writeBigInt64BE(Number.isNaN(time) ? -(2n ** 63n) : BigInt(time))
        bytes[0] = (bytes[0] ?? 0) ^ 0x80
        return this.raw(bytes)
      }
      case 'timestamp': {
        const bytes = Buffer.alloc(8)
        if (value instanceof Long) bytes.writeBigUInt64BE(BigInt.asUintN(64, value.toBigInt()))
        return this.raw(bytes)
      }
      case 'regex': {
        const { pattern, flags } = regexParts(value)
        this.text(pattern)
        return this.text(flags)
      }
      case 'minKey':
      case 'maxKey':
        return
      default:
        return this.text(JSON.stringify(value))
    }
  }
}

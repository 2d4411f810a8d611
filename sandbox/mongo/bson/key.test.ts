import { Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareValues } from './compare.ts'
import { encodeValue, MAX_KEY, sealKey } from './key.ts'

const scalar = fc.oneof(
  fc.integer().map((n) => new Int32(n)),
  fc.double({ noNaN: false }).map((n) => new Double(n)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -40, max: 40 }))
    .map(([n, e]) => Decimal128.fromString(`${n}E${e}`)),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(null, true, false, new MinKey(), new MaxKey(), '', '\0', '\u0001', 'a\0', '！', '😀'),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
)
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'ab'), scalar, { maxKeys: 3, noNullPrototype: true }),
  },
)

const sign = (n: number): number => Math.sign(n)

describe('index key bytes', () => {
  it('order as the values do', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(sign(Buffer.compare(encodeValue(a), encodeValue(b)))).toBe(sign(compareValues(a, b)))
      }),
      { numRuns: 3000 },
    )
  })

  it('turn round for descending fields, also before another field', () => {
    fc.assert(
      fc.property(value, value, fc.nat(255), (a, b, next) => {
        const left = Buffer.concat([encodeValue(a, true), Buffer.from([next])])
        const right = Buffer.concat([encodeValue(b, true), Buffer.from([255 - next])])
        if (compareValues(a, b) !== 0) expect(sign(Buffer.compare(left, right))).toBe(-sign(compareValues(a, b)))
      }),
      { numRuns: 1000 },
    )
  })

  it('are the same for equal numbers of different classes', () => {
    const same = [5, new Int32(5), new Double(5), Long.fromNumber(5), Decimal128.fromString('5.00')].map((n) =>
      encodeValue(n).toString('hex'),
    )
    expect(new Set(same).size).toBe(1)
    expect(encodeValue(Long.fromString('9007199254740993'))).not.toEqual(encodeValue(new Double(9007199254740992)))
  })

  it('stay below the limit of LMDB and tell long values apart', () => {
    const long = 'x'.repeat(5000)
    const keys = [encodeValue(long), encodeValue(`${long}y`)].map(sealKey)
    expect(keys.every(({ length }) => length <= MAX_KEY)).toBe(true)
    expect(keys[0]?.equals(keys[1] ?? Buffer.alloc(0))).toBe(false)
  })
})

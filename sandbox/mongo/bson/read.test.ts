import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  deserialize,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
  UUID,
} from 'bson'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readPlain, readTyped, type Doc } from './values.ts'

const id = new ObjectId('0123456789abcdef01234567')
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(Long.fromBigInt),
  fc.date(),
  fc.constantFrom<unknown>(
    true,
    false,
    null,
    undefined,
    id,
    new Int32(7),
    new Double(7),
    Decimal128.fromString('1.50'),
    new Binary(Buffer.of(1, 2), 0),
    new Binary(Buffer.of(1, 2), 0x80),
    new UUID('01234567-89ab-4def-8123-456789abcdef'),
    new BSONRegExp('^a', 'im'),
    /x/i,
    new BSONSymbol('s'),
    new Code('f()'),
    new Code('f()', { a: 1 }),
    new Timestamp({ t: 5, i: 6 }),
    new MinKey(),
    new MaxKey(),
    new DBRef('people', id, 'company', { note: 'x' }),
  ),
)
const name = fc.oneof(fc.constantFrom('a', '名', '', '7', '__proto__', '$ref', '$id'), fc.string({ maxLength: 4 }))
const fieldName = name.filter((text) => !text.includes('\0'))
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fieldName, tie('value'), { maxKeys: 3 }),
  ),
}))
const doc = fc.dictionary(fieldName, value, { maxKeys: 6 })
const bytesOf = (given: Doc): Uint8Array => serialize(given, { ignoreUndefined: false })

it('documents are read as bson reads them, in both forms', () => {
  const typed = { promoteValues: false, promoteLongs: false, bsonRegExp: true, validation: { utf8: false } }
  fc.assert(
    fc.property(doc, (given) => {
      const raw = bytesOf(given)
      expect(readTyped(raw)).toStrictEqual(deserialize(raw, typed))
      expect(readPlain(raw)).toStrictEqual(deserialize(raw, { validation: { utf8: false } }))
    }),
    { numRuns: 1500 },
  )
})

it('reads documents nested as deep as they come', () => {
  let deep: Doc = { end: 'here' }
  for (let i = 0; i < 3000; i++) deep = i % 2 === 0 ? { deep } : { deep: [deep] }
  const raw = bytesOf(deep)
  expect(Buffer.from(bytesOf(readTyped(raw))).equals(raw)).toBe(true)
})

it('refuses bytes that are no document', () => {
  const whole = Buffer.from(bytesOf({ text: 'abc', list: [1, { a: 'b' }] }))
  for (let size = 0; size < whole.length; size++) {
    expect(() => readTyped(whole.subarray(0, size))).toThrow()
    const cut = Buffer.from(whole.subarray(0, size))
    if (size >= 4) cut.writeInt32LE(size, 0)
    expect(() => readTyped(cut), String(size)).toThrow()
  }
})

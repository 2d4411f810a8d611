import { Decimal128, Double, Int32, Long, ObjectId } from 'bson'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readTyped, write, type Doc } from '../bson/values.ts'
import { patchOf } from './patch.ts'
import { patched } from './patched.ts'
import { parseUpdate, updatedBytes } from './program.ts'

const number = fc.constantFrom<unknown>(
  new Int32(0),
  new Int32(1),
  new Int32(-7),
  new Int32(2_147_483_647),
  new Double(1.5),
  new Double(NaN),
  Long.fromNumber(3),
  Long.MAX_VALUE,
  Decimal128.fromString('0.1'),
)
const scalar = fc.oneof(
  number,
  fc.constantFrom<unknown>('', 'a', '上海', true, null, new Date(5), new ObjectId('0'.repeat(24)), /x/i),
)
const list = fc.array(scalar, { maxLength: 4 })
const value = fc.oneof(scalar, number, list, fc.dictionary(fc.constantFrom('x', 'y', '$z'), scalar, { maxKeys: 2 }))
const field = fc.constantFrom('a', 'b', 'c', 'd', '名', 'ab')
const unusual = fc.constantFrom('_id', 'a.b', '$a', '1', '', 'a$', '__proto__')
const doc = fc
  .tuple(value, fc.array(fc.tuple(field, value), { maxLength: 6 }))
  .map(([x, fields]): Doc => ({ _id: 'one', x, ...Object.fromEntries(fields) }))

const operands: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  $set: value,
  $unset: fc.constant(1),
  $setOnInsert: value,
  $inc: number,
  $mul: number,
  $min: scalar,
  $max: scalar,
  $push: fc.oneof(value, fc.record({ $each: list, $slice: fc.constantFrom(-2, 2), $position: fc.constant(1) })),
  $addToSet: fc.oneof(value, fc.record({ $each: list })),
  $pop: fc.constantFrom(1, -1, 2),
  $pull: fc.oneof(scalar, fc.record({ $gte: number })),
  $pullAll: list,
  $bit: fc.record({ and: number }),
  $rename: field,
  $unknown: scalar,
}
const step = fc
  .tuple(
    fc.constantFrom(...Object.keys(operands), '$set', '$set', '$inc'),
    fc.oneof({ weight: 20, arbitrary: field }, unusual),
  )
  .chain(([op, name]) => fc.tuple(fc.constant(op), fc.constant(name), operands[op] ?? scalar))
const update = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => {
  const made: Record<string, Doc> = {}
  for (const [op, name, operand] of steps) made[op] = { ...made[op], [name]: operand }
  return made
})

const outcome = (work: () => Uint8Array): string => {
  try {
    return Buffer.from(work()).toString('hex')
  } catch (cause) {
    return String(cause)
  }
}

it('a patch does to bytes what the update does to the document, and fails alike', () => {
  const seen = { patched: 0, unchanged: 0, failed: 0 }
  fc.assert(
    fc.property(doc, update, (given, wanted) => {
      const [raw, bytes] = [Buffer.from(write(given)), Buffer.from(write(wanted))]
      const patch = patchOf(bytes)
      if (patch === undefined) return
      const general = outcome(() => updatedBytes(raw, parseUpdate(readTyped(bytes), undefined), {}))
      const fast = outcome(() => patched(raw, patch))
      expect(fast).toBe(general)
      seen[fast === raw.toString('hex') ? 'unchanged' : /^[0-9a-f]+$/.test(fast) ? 'patched' : 'failed']++
    }),
    { numRuns: 2000 },
  )
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
})

it('leaves to the general way what is more than whole fields, or refused', () => {
  const updates: readonly Doc[] = [
    {},
    { a: 1 },
    { $set: {} },
    { $set: 1 },
    { $set: { 'a.b': 1 } },
    { $set: { _id: 1 } },
    { $set: { a: 1 }, $unset: { a: 1 } },
    { $push: { 'a.$[]': 1 } },
    { $rename: { a: 'b' } },
    { $toString: { a: 1 } },
    { $set: { 7: 1 } },
  ]
  for (const one of updates) expect(patchOf(Buffer.from(write(one))), JSON.stringify(one)).toBeUndefined()
})

import { Decimal128, Double, Long, ObjectId } from 'bson'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readTyped, write, type Doc } from '../bson/values.ts'
import { compileFilter, compileStored } from './compile.ts'
import { prepareFilter } from './filter.ts'

const name = fc.constantFrom('a', 'b', 'c', '0')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
const scalar = fc.oneof(
  fc.constantFrom('', 'a', 'ab', '上海', '\u{1f600}', 0, -0, 1, 2, 1.5, NaN, Infinity, true, false, null),
  fc.integer({ min: -3, max: 3 }).map((ms) => new Date(ms * 86_400_000)),
  fc.constantFrom(
    Long.fromNumber(1),
    Decimal128.fromString('1.5'),
    new ObjectId('0'.repeat(24)),
    new Double(2),
    Buffer.of(1),
  ),
)
const { value } = fc.letrec<{ value: unknown; doc: Doc }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
  doc: fc.dictionary(name, tie('value')),
}))
const doc = fc.dictionary(name, value, { maxKeys: 4 })
const ofFields = (tests: fc.Arbitrary<Doc>): fc.Arbitrary<Doc> =>
  fc.tuple(path, tests).map(([field, of]) => ({ [field]: of }))
const joined = (clause: fc.Arbitrary<Doc>): fc.Arbitrary<Doc> =>
  fc
    .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(clause, { minLength: 1, maxLength: 2 }))
    .map(([join, clauses]) => ({ [join]: clauses }))
const filters = fc.letrec<{ filter: Doc; element: Doc; tests: Doc }>((tie) => ({
  tests: fc.oneof(
    { maxDepth: 3 },
    fc.record({ op: fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), value }).map((one) => ({
      [one.op]: one.value,
    })),
    fc.record({ op: fc.constantFrom('$in', '$nin', '$all'), of: fc.array(value, { maxLength: 3 }) }).map((one) => ({
      [one.op]: one.of,
    })),
    fc.boolean().map(($exists) => ({ $exists })),
    fc.constantFrom('string', 'number', 'date', 'array', 'null').map(($type) => ({ $type })),
    fc.constantFrom({ $size: 1 }, { $mod: [2, 0] }, { $regex: '^a' }, { $bitsAllSet: 1 }),
    fc.record({ low: scalar, high: scalar }).map(({ low, high }) => ({ $gte: low, $lt: high })),
    tie('element').map(($elemMatch) => ({ $elemMatch })),
    tie('tests').map(($elemMatch) => ({ $elemMatch })),
    tie('tests').map(($not) => ({ $not })),
  ),
  element: fc.oneof({ maxDepth: 3 }, ofFields(tie('tests')), joined(tie('element'))),
  filter: fc.oneof(
    { maxDepth: 3 },
    ofFields(tie('tests')),
    joined(tie('filter')),
    fc.tuple(path, value).map(([field, other]) => ({ $expr: { $gt: [`$${field}`, { $literal: other }] } })),
  ),
}))

it('a stored document passes the filters it passes when it has been read', () => {
  let passed = 0
  fc.assert(
    fc.property(doc, filters.filter, (given, filter) => {
      const raw = Buffer.from(write(given))
      const prepared = prepareFilter(readTyped(write(filter)))
      const inMemory = compileFilter(prepared)(readTyped(raw))
      expect(compileStored(prepared)(raw)).toBe(inMemory)
      if (inMemory) passed++
    }),
    { numRuns: 3000 },
  )
  expect(passed).toBeGreaterThan(300)
})

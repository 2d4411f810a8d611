import { Long } from 'bson'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { indexInfo } from './catalog.ts'
import { indexKeys } from './indexKeys.ts'

const value = fc.oneof(
  fc.constantFrom('a', 'b', null, true),
  fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
  fc.array(fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }), { maxLength: 2 }),
)
const item = fc.oneof(
  { weight: 6, arbitrary: fc.record({ k: value, v: value }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.constantFrom('no document', null) },
)
const doc = fc.record(
  { list: fc.array(item, { maxLength: 4 }), x: fc.constantFrom('a', 'b', null) },
  { requiredKeys: [] },
)
const one = Long.fromNumber(1)
const keysOf = (key: Record<string, Long>, of: Record<string, unknown>): string[] | string => {
  try {
    return indexKeys(indexInfo(1, { name: 'i', key }, false), of).map((key) => key.toString('latin1'))
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll('w.', '') : String(error)
  }
}

it('fields of one array are indexed alike, whether one level deep or two', () => {
  fc.assert(
    fc.property(doc, fc.boolean(), (of, beside) => {
      const flat = { 'list.k': one, 'list.v': one, ...(beside ? { x: one } : {}) }
      const deep = { 'w.list.k': one, 'w.list.v': one, ...(beside ? { 'w.x': one } : {}) }
      const [got, general] = [keysOf(flat, of), keysOf(deep, { w: of })]
      expect(typeof got === 'string' ? 'refused' : got.sort()).toEqual(
        typeof general === 'string' ? 'refused' : general.sort(),
      )
    }),
    { numRuns: 500 },
  )
})

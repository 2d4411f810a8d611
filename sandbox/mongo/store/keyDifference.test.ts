import { Double, Int32, Long } from 'bson'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Doc } from '../bson/values.ts'
import { indexInfo } from './catalog.ts'
import { indexKeys, keyDifference } from './indexKeys.ts'

const one = Long.fromNumber(1)
const scalar = fc.oneof(
  fc.constantFrom<unknown>('a', 's1:a', '', '0', null, true, false, new Date(1), new Date(2)),
  fc.constantFrom<unknown>(
    new Int32(1),
    new Double(1),
    Long.fromNumber(1),
    new Double(-0),
    new Int32(0),
    new Double(NaN),
  ),
)
const value = fc.oneof({ weight: 5, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) })
const item = fc.record({ k: value, v: value }, { requiredKeys: [] })
const doc = fc.record({ list: fc.array(item, { maxLength: 4 }), x: scalar }, { requiredKeys: [] })
/** Mostly the same document with one item other, as updates go. */
const pair = fc.oneof(
  fc.tuple(doc, doc),
  fc.tuple(fc.array(item, { minLength: 1, maxLength: 5 }), item, fc.nat(), scalar).map(([list, other, at, x]) => {
    const after: Doc = { list: list.with(at % list.length, other), x }
    const before: Doc = { list, x }
    return [before, after] as const
  }),
)
const patterns: readonly Record<string, Long>[] = [
  { 'list.k': one, 'list.v': one },
  { 'list.k': one },
  { 'list.k': one, x: Long.fromNumber(-1) },
  { x: one },
]
const textsOf = (keys: readonly { text: string }[]): string[] => keys.map(({ text }) => text).sort()
const refused = (work: () => unknown): string | null => {
  try {
    work()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

it('the keys an update takes and brings are those one side has and the other lacks', () => {
  fc.assert(
    fc.property(pair, fc.constantFrom(...patterns), ([before, after], key) => {
      const index = indexInfo(1, { name: 'i', key }, false)
      const failed = refused(() => [indexKeys(index, before), indexKeys(index, after)])
      expect(refused(() => keyDifference(index, before, after))).toBe(failed)
      if (failed !== null) return
      const [old, fresh] = [indexKeys(index, before), indexKeys(index, after)].map(textsOf)
      const { gone, come } = keyDifference(index, before, after)
      expect(textsOf(gone)).toEqual(old?.filter((text) => fresh?.includes(text) !== true))
      expect(textsOf(come)).toEqual(fresh?.filter((text) => old?.includes(text) !== true))
    }),
    { numRuns: 2000 },
  )
})

it('a document that comes or goes brings or takes all of its keys', () => {
  const index = indexInfo(1, { name: 'i', key: { 'list.k': one } }, false)
  const of = { list: [{ k: 'a' }, { k: 'b' }, { k: 'a' }] }
  const all = textsOf(indexKeys(index, of))
  expect(all).toHaveLength(2)
  expect(textsOf(keyDifference(index, undefined, of).come)).toEqual(all)
  expect(textsOf(keyDifference(index, of, undefined).gone)).toEqual(all)
})

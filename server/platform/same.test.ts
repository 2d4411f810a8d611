import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSame } from './same.ts'

const scalar = fc.oneof(
  fc.constantFrom<unknown>('a', '', 0, -0, 1, NaN, true, null, undefined),
  fc.integer({ min: 0, max: 2 }).map((ms) => new Date(ms)),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
  ),
}))

it('tells of stored values what node’s own comparison tells', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(isSame(a, b)).toBe(isDeepStrictEqual(a, b))
      expect(isSame(a, structuredClone(a))).toBe(true)
    }),
  )
})

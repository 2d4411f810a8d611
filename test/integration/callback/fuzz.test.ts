import { expect, it } from 'vitest'
import { fuzz } from '../../fuzz/check.ts'

/** A small seed of `npm run fuzz`, the same each time. */
it('takes honest callbacks, refuses bent ones, and crashes on none', () => {
  const kinds = fuzz(3000, 20_261_125)
  expect(Object.keys(kinds).length).toBe(15)
  expect(Math.min(...Object.values(kinds))).toBeGreaterThan(50)
})

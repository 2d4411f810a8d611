import { expect, it } from 'vitest'
import { moved } from './order.ts'

it('moves one among the others, and nothing past an end', () => {
  const ids = ['a', 'b', 'c']
  expect(moved(ids, 'c', 'first')).toEqual(['c', 'a', 'b'])
  expect(moved(ids, 'b', 'earlier')).toEqual(['b', 'a', 'c'])
  expect(moved(ids, 'a', 'later')).toEqual(['b', 'a', 'c'])
  expect(moved(ids, 'a', 'earlier')).toEqual(ids)
  expect(moved(ids, 'c', 'later')).toEqual(ids)
})

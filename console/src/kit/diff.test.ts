import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { diffOf } from './diff.ts'

const shown = (before: string, after: string): string =>
  diffOf(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'gone' ? `[-${text}]` : `[+${text}]`))
    .join('')

it.each([
  ['您好', '您好', '您好'],
  ['', '新', '[+新]'],
  [
    '好久不见，{{ customer.name }}',
    '好久没见，{{ rep.name }}！',
    '好久[-不][+没]见，[-{{ customer.name }}][+{{ rep.name }}！]',
  ],
  ['coupon 30 yuan', 'coupon 60 yuan', 'coupon [-30][+60] yuan'],
])('%j to %j', (before, after, wanted) => {
  expect(shown(before, after)).toBe(wanted)
})

it('leads from one text to the other, whatever they are', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '好', '您', '{{ x }}', '\n'), maxLength: 40 })
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = diffOf(before, after)
      const side = (not: string) => pieces.flatMap(({ kind, text: part }) => (kind === not ? [] : part)).join('')
      expect(side('added')).toBe(before)
      expect(side('gone')).toBe(after)
    }),
  )
})

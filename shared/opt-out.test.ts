import { expect, it } from 'vitest'
import { usualOptOutWords } from './intent.ts'
import { optOutWordIn } from './opt-out.ts'

it.each([
  ['退订', '退订'],
  ['麻烦不要再发了，谢谢', '不要再发'],
  ['td', 'TD'],
  ['ＴＤ', 'TD'],
  ['Please UNSUBSCRIBE me!', 'unsubscribe'],
  ['please opt  out', 'opt out'],
  ['我买的 TDK 耳机到了吗', null],
  ['好的，谢谢', null],
  ['', null],
])('%s: %s', (text, word) => {
  expect(optOutWordIn(text, usualOptOutWords)).toBe(word)
})

it('has no word where the company has none', () => {
  expect(optOutWordIn('退订', [])).toBeNull()
  expect(optOutWordIn('anything', [' '])).toBeNull()
})

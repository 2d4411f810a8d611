import { expect, it } from 'vitest'
import { entryOf, valueOfEntry } from './value-entry.ts'

it.each([
  ['money', 123_450, '1234.5'],
  ['number', 12.5, '12.5'],
  ['text', '上海', '上海'],
  ['choice', 'female', 'female'],
  ['boolean', false, 'false'],
  ['date', '1994-08-12', '1994-08-12'],
] as const)('writes a %s into a form and reads the same from it', (kind, value, entry) => {
  expect(entryOf(value, kind, 'Asia/Shanghai')).toBe(entry)
  expect(valueOfEntry(entry, kind)).toBe(value)
})

it('writes a moment as the day it was where the company is', () => {
  expect(entryOf('2026-03-08T03:30:00Z', 'date', 'America/New_York')).toBe('2026-03-07')
  expect(entryOf('2026-03-08', 'date', 'America/New_York')).toBe('2026-03-08')
})

it('reads lists however they are parted, each entry once', () => {
  expect(valueOfEntry('精华, 面膜、精华\n眼霜；', 'list')).toEqual(['精华', '面膜', '眼霜'])
  expect(entryOf(['精华', '面膜'], 'list', 'Asia/Shanghai')).toBe('精华、面膜')
})

it.each([
  ['number', 'abc'],
  ['money', '十元'],
  ['date', 'someday'],
  ['list', ' 、 '],
  ['text', '  '],
  ['boolean', 'perhaps'],
] as const)('takes no %s from %j', (kind, entry) => {
  expect(valueOfEntry(entry, kind)).toBeNull()
})

it('does not put a masked value into a form', () => {
  expect(entryOf('138****8000', 'text', 'Asia/Shanghai')).toBe('')
  expect(entryOf('****', 'date', 'Asia/Shanghai')).toBe('')
  expect(entryOf(['****'], 'list', 'Asia/Shanghai')).toBe('')
})

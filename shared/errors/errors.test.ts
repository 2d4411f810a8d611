import { expect, it } from 'vitest'
import { sayError } from './index.ts'

it('names what is not there in the reader’s language', () => {
  const params = { what: 'tier scheme', id: 'x' }
  expect(sayError('not_found', params, 'zh')).toBe('找不到分层方案（x），可能已被删除')
  expect(sayError('not_found', params, 'en')).toBe('No tier scheme with id x; it may have been deleted')
})

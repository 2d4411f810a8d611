import { expect, it } from 'vitest'
import { sayResults } from './results.ts'
import { createWords } from './words.ts'

it.each([
  ['zh', { a: 1, b: 1 }, '2 位已收到'],
  ['zh', { a: 1, b: 3, c: 2 }, '1 位已收到，1 位今天已收过群发，1 位不再是好友'],
  ['en', { a: 3 }, '0 received it, 1 had a mass message today'],
] as const)('%s %j', (lang, results, text) => {
  expect(
    sayResults(
      results,
      createWords(lang, () => undefined),
    ),
  ).toBe(text)
})

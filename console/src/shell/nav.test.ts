import { expect, it } from 'vitest'
import { sectionOf } from './nav.ts'

it.each([
  ['/', 'today'],
  ['/contents/new', 'contents'],
  ['/talk-tracks', 'contents'],
  ['/coupons', 'contents'],
  ['/rules/r1', 'rules'],
])('%s is marked under %s', (path, section) => {
  expect(sectionOf(path)).toBe(section)
})

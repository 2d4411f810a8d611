import { expect, it } from 'vitest'
import { bytesOver } from './limit.ts'

it('a text is weighed in bytes: a Chinese character is three', () => {
  expect(bytesOver('a'.repeat(4000))).toBe(0)
  expect(bytesOver('好'.repeat(1333))).toBe(0)
  expect(bytesOver('好'.repeat(1334))).toBe(2)
})

import { expect, it } from 'vitest'
import { leadOf } from './lead.ts'

it.each([
  ['沉默 32 天；平时每 19 天买一次，这次晚了 13 天', '沉默', '沉默 32 天', '平时每 19 天买一次，这次晚了 13 天'],
  ['沉默 32 天（阈值 30 天）', '沉默', '沉默 32 天', '阈值 30 天'],
  ['近 30 天互动 12 次（达到 10 次）', '活跃', '活跃', '近 30 天互动 12 次（达到 10 次）'],
  [
    'Silent for 32 days; usually buys every 19 days, 13 days late',
    'Silent',
    'Silent for 32 days',
    'usually buys every 19 days, 13 days late',
  ],
  ['流失', '流失', '流失', ''],
])('parts %s', (sentence, word, lead, rest) => {
  expect(leadOf(sentence, word)).toEqual({ lead, rest })
})

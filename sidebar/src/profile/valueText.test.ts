import { expect, it } from 'vitest'
import { noon } from '../testing/build.ts'
import { valueText, type Spoken } from './valueText.ts'

const spoken: Spoken = { lang: 'zh', now: noon, zone: 'Asia/Shanghai', birthday: ({ day, days }) => `${day}+${days}` }

it('keeps a day a day and gives a moment the day of the company', () => {
  const there = { ...spoken, zone: 'America/New_York' }
  expect(valueText('member_since', 'date', '2026-07-20', there)).toBe('7 月 20 日')
  expect(valueText('last_order_at', 'date', '2026-07-20T02:00:00Z', there)).toBe('7 月 19 日')
})

it.each([
  ['spend', 'money', 238_000, '¥2,380'],
  ['refund_rate', 'number', 0.04, '4%'],
  ['orders', 'number', 1_200, '1,200'],
  ['categories', 'list', ['精华', '面膜'], '精华、面膜'],
  ['gender', 'choice', 'female', '女'],
  ['last_order_at', 'date', '2026-07-20T02:00:00Z', '7 月 20 日'],
  ['birthday', 'date', '1994-08-12', '8 月 12 日+8'],
  ['member', 'choice', true, '是'],
  ['note', 'text', '温和', '温和'],
] as const)('writes %s', (key, kind, value, expected) => {
  expect(valueText(key, kind, typeof value === 'object' ? [...value] : value, spoken)).toBe(expected)
})

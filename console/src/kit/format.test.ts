import { describe, expect, it } from 'vitest'
import { agoText, dateText } from './format.ts'
import { readable } from './template.ts'

const now = Date.parse('2026-11-23T06:00:00Z')
const before = (seconds: number) => agoText(now - seconds * 1000, now, 'zh')

describe('time in words', () => {
  it('says how long ago', () => {
    expect([0, 2, 300, 7200].map(before)).toEqual(['刚刚', '2 秒前', '5 分钟前', '2 小时前'])
    expect(before(20 * 3600)).toBe('昨天 18:00')
    expect(before(3 * 86_400)).toBe('3 天前')
    expect(before(30 * 86_400)).toBe('10 月 24 日')
  })

  it('gives a moment to come its day', () => {
    expect(agoText(now + 3600_000, now, 'zh')).toBe('今天 15:00')
    expect(agoText(now + 25 * 3600_000, now, 'zh')).toBe('明天 15:00')
    expect(agoText(now + 49 * 3600_000, now, 'zh')).toBe('11 月 25 日 15:00')
    expect(dateText(Date.parse('2025-08-03T00:00:00Z'), now, 'zh')).toBe('2025 年 8 月 3 日')
  })
})

describe('texts', () => {
  it('shows variables by name and leaves unknown ones', () => {
    expect(readable('{{ customer.name }}，{{ tier | default: "C" }} {{ other }}', 'zh')).toBe(
      '‹客户昵称›，‹层级› {{ other }}',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { agoText, clockText, dateText, dayOf, dayText, momentText } from './format.ts'
import { readable } from './template.ts'

const now = Date.parse('2026-11-23T06:00:00Z')
const zone = 'Asia/Shanghai'
const before = (seconds: number) => agoText(now - seconds * 1000, now, 'zh', zone)

describe('time in words', () => {
  it('says how long ago', () => {
    expect([0, 2, 300, 7200].map(before)).toEqual(['刚刚', '2 秒前', '5 分钟前', '2 小时前'])
    expect(before(20 * 3600)).toBe('昨天 18:00')
    expect(before(3 * 86_400)).toBe('3 天前')
    expect(before(30 * 86_400)).toBe('10 月 24 日')
  })

  it('gives a moment to come its day', () => {
    expect(agoText(now + 3600_000, now, 'zh', zone)).toBe('今天 15:00')
    expect(agoText(now + 25 * 3600_000, now, 'zh', zone)).toBe('明天 15:00')
    expect(agoText(now + 49 * 3600_000, now, 'zh', zone)).toBe('11 月 25 日 15:00')
    expect(dateText(Date.parse('2025-08-03T00:00:00Z'), now, 'zh', zone)).toBe('2025 年 8 月 3 日')
  })
})

describe('time in words where summer time is kept', () => {
  const there = 'America/New_York'
  const at = (iso: string) => Date.parse(iso)

  it('goes with the clocks of the company', () => {
    expect(clockText(at('2026-03-08T06:59:00Z'), there)).toBe('01:59')
    expect(clockText(at('2026-03-08T07:00:00Z'), there)).toBe('03:00')
    expect(momentText(at('2026-03-08T03:30:00Z'), at('2026-03-08T12:00:00Z'), 'en', there)).toBe('7 Mar 22:30')
    expect(dateText(at('2026-01-01T02:00:00Z'), at('2026-03-08T12:00:00Z'), 'zh', there)).toBe('2025 年 12 月 31 日')
  })

  it('counts days of 23 and 25 hours as days', () => {
    const early = at('2026-11-01T04:15:00Z')
    expect(agoText(early + 24 * 3_600_000, early, 'en', there)).toBe('today 23:15')
    expect(agoText(early + 25 * 3_600_000, early, 'en', there)).toBe('tomorrow 00:15')
    expect(dayOf(early, there, 1)).toBe('2026-11-02')
    const late = at('2026-03-08T04:30:00Z')
    expect(dayOf(late, there)).toBe('2026-03-07')
    expect(dayOf(late, there, 1)).toBe('2026-03-08')
  })

  it('leaves a day a day', () => {
    expect(dayText('2026-08-03', now, 'en', there)).toBe('3 Aug')
  })
})

describe('texts', () => {
  it('shows variables by name and leaves unknown ones', () => {
    expect(readable('{{ customer.name }}，{{ tier | default: "C" }} {{ other }}', 'zh')).toBe(
      '‹客户昵称›，‹层级› {{ other }}',
    )
  })
})

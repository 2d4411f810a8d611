import { describe, expect, it } from 'vitest'
import { day, hour, noon } from '../testing/build.ts'
import { ageOf, birthdayIn, dateOf, daysBetween, dueOf, stampOf, tomorrowAtNine } from './when.ts'

const minute = 60_000
const zone = 'Asia/Shanghai'

describe('in the company’s zone', () => {
  it('writes dates as the field does', () => {
    expect(dateOf(noon, noon, 'zh', zone)).toBe('8 月 4 日')
    expect(dateOf(noon - 365 * day, noon, 'zh', zone)).toBe('2025 年 8 月 4 日')
    expect(dateOf(noon, noon, 'en', zone)).toBe('4 Aug')
    expect(dateOf(Date.parse('2026-08-03T16:30:00Z'), noon, 'zh', zone)).toBe('8 月 4 日')
  })

  it('counts calendar days, not spans of 24 hours', () => {
    expect(daysBetween(Date.parse('2026-08-03T15:59:00Z'), noon, zone)).toBe(1)
    expect(daysBetween(Date.parse('2026-08-03T16:00:00Z'), noon, zone)).toBe(0)
  })

  it.each([
    [30_000, '刚刚', 'just now'],
    [5 * minute, '5 分钟前', '5 min ago'],
    [2 * hour, '2 小时前', '2 h ago'],
    [13 * hour, '昨天', 'yesterday'],
    [3 * day, '3 天前', '3 days ago'],
    [40 * day, '6 月 25 日', '25 Jun'],
    [-3 * day, '8 月 7 日', '7 Aug'],
  ])('says the age of %d ms', (past, zh, en) => {
    expect(ageOf(noon - past, noon, 'zh', zone)).toBe(zh)
    expect(ageOf(noon - past, noon, 'en', zone)).toBe(en)
  })

  it('stamps a timeline', () => {
    expect(stampOf(noon - 3 * hour, noon, 'zh', zone)).toBe('今天 09:00')
    expect(stampOf(noon - day, noon, 'zh', zone)).toBe('昨天 12:00')
    expect(stampOf(noon - 9 * day, noon, 'zh', zone)).toBe('7 月 26 日')
  })

  it('says what is left of a task', () => {
    expect(dueOf(noon + 20 * hour, noon, 'zh', zone)).toEqual({ text: '还剩 20 小时', late: false })
    expect(dueOf(noon + 10 * minute, noon, 'en', zone)).toEqual({ text: '10 min left', late: false })
    expect(dueOf(noon + 33 * hour, noon, 'zh', zone)).toEqual({ text: '明天 21:00', late: false })
    expect(dueOf(noon - hour, noon, 'zh', zone)).toEqual({ text: '已过 今天 11:00', late: true })
  })

  it('reminds tomorrow at nine', () => {
    expect(new Date(tomorrowAtNine(noon, zone)).toISOString()).toBe('2026-08-05T01:00:00.000Z')
    const justAfterMidnight = Date.parse('2026-08-03T16:00:30Z')
    expect(new Date(tomorrowAtNine(justAfterMidnight, zone)).toISOString()).toBe('2026-08-05T01:00:00.000Z')
  })

  it('knows the next birthday', () => {
    expect(birthdayIn('1994-08-12', noon, 'zh', zone)).toEqual({ day: '8 月 12 日', days: 8 })
    expect(birthdayIn('1994-08-04', noon, 'zh', zone)?.days).toBe(0)
    expect(birthdayIn('08-03', noon, 'en', zone)).toEqual({ day: '3 Aug', days: 364 })
    expect(birthdayIn('summer', noon, 'zh', zone)).toBeNull()
  })

  it('goes by the clocks of a company elsewhere, over a change of summer time', () => {
    const there = 'America/New_York'
    const evening = Date.parse('2026-03-08T02:00:00Z')
    expect(stampOf(evening, evening + 10 * hour, 'zh', there)).toBe('昨天 21:00')
    expect(daysBetween(evening, evening + 10 * hour, there)).toBe(1)
    expect(new Date(tomorrowAtNine(evening, there)).toISOString()).toBe('2026-03-08T13:00:00.000Z')
    expect(new Date(tomorrowAtNine(evening - day, there)).toISOString()).toBe('2026-03-07T14:00:00.000Z')
    expect(dueOf(evening + 20 * hour, evening - 5 * hour, 'en', there).text).toBe('tomorrow 18:00')
    expect(birthdayIn('1990-03-07', evening, 'en', there)).toEqual({ day: '7 Mar', days: 0 })
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { birthday, date, dayOrTime, time } from './time.ts'

const zone = 'Asia/Shanghai'
const said = (text: string, timeZone = zone): string => {
  const cleaned = time(text, timeZone)
  return 'value' in cleaned ? cleaned.value.toISOString() : cleaned.problem.code
}

test.each([
  ['2025/3/1 8:05', '2025-03-01T00:05:00.000Z'],
  ['2025-03-01 08:05:09', '2025-03-01T00:05:09.000Z'],
  ['2025-03-01T08:05:00+08:00', '2025-03-01T00:05:00.000Z'],
  ['2025-03-01T08:05:00.123Z', '2025-03-01T08:05:00.123Z'],
  ['2025年3月1日', '2025-02-28T16:00:00.000Z'],
  ['2025年3月1日 下午3点20分', '2025-03-01T07:20:00.000Z'],
  ['2025年3月1日 8时5分9秒', '2025-03-01T00:05:09.000Z'],
  ['２０２５／３／１　８：０５', '2025-03-01T00:05:00.000Z'],
  ['2025.3.1', '2025-02-28T16:00:00.000Z'],
  ['20250301', '2025-02-28T16:00:00.000Z'],
  ['20250301080500', '2025-03-01T00:05:00.000Z'],
  ['45717', '2025-02-28T16:00:00.000Z'],
  ['45717.3368055556', '2025-03-01T00:05:00.000Z'],
  ['1740787500', '2025-03-01T00:05:00.000Z'],
  ['1740787500000', '2025-03-01T00:05:00.000Z'],
  ['3/31/2025 8:05 AM', '2025-03-31T00:05:00.000Z'],
  ['31/3/2025', '2025-03-30T16:00:00.000Z'],
  ['12/31/2025 12:05 am', '2025-12-30T16:05:00.000Z'],
  ['3/3/2025', '2025-03-02T16:00:00.000Z'],
  ['3/4/2025', 'time.ambiguous'],
  ['2025-02-30', 'time.not'],
  ['2025-13-01', 'time.not'],
  ['2025-03-01 25:00', 'time.not'],
  ['12', 'time.not'],
  ['昨天', 'time.not'],
  ['', 'time.not'],
  ['1960-01-01', 'time.range'],
  ['2150-01-01', 'time.range'],
])('%s is %s', (text, expected) => {
  expect(said(text)).toBe(expected)
})

test('without an offset it is the time on the company’s clocks, summer time and all', () => {
  expect(said('2011-07-01 12:00', 'Europe/London')).toBe('2011-07-01T11:00:00.000Z')
  expect(said('2011-12-01 12:00', 'Europe/London')).toBe('2011-12-01T12:00:00.000Z')
})

test('birthdays are days, from 1900 to today', () => {
  const now = new Date('2026-03-01T00:00:00+08:00')
  const of = (text: string): string => {
    const cleaned = birthday(text, zone, now)
    return 'value' in cleaned ? cleaned.value : cleaned.problem.code
  }
  expect(['1992/12/18', '1992年12月18日', '33956', '2026-03-01', '2026-03-02', '1899-12-31', '三月'].map(of)).toEqual([
    '1992-12-18',
    '1992-12-18',
    '1992-12-18',
    '2026-03-01',
    'birthday.range',
    'birthday.range',
    'birthday.not',
  ])
  expect(date('2024/2/29', zone)).toEqual({ value: '2024-02-29' })
  expect(date('2024-02-29 23:30', zone)).toEqual({ value: '2024-02-29T15:30:00.000Z' })
})

test('a cleaned time stays as it is, in any zone', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-02'), max: new Date('2099-12-30'), noInvalidDate: true }),
      fc.constantFrom(zone, 'UTC', 'America/New_York', 'Asia/Kolkata'),
      (at, timeZone) => {
        expect(time(at.toISOString(), timeZone)).toEqual({ value: at })
      },
    ),
  )
})

test('a day as an attribute is the same in every zone, a time that of the company, whatever the zone of the process', () => {
  const before = process.env['TZ']
  process.env['TZ'] = 'America/Los_Angeles'
  expect(new Date('2025-03-01T08:00:00').toISOString()).toBe('2025-03-01T16:00:00.000Z')
  expect(dayOrTime('2025-03-01', zone)).toEqual({ value: new Date('2025-03-01T00:00:00Z') })
  expect(dayOrTime('2025/3/1', 'America/New_York')).toEqual({ value: new Date('2025-03-01T00:00:00Z') })
  expect(dayOrTime('2025-03-01T08:00:00', zone)).toEqual({ value: new Date('2025-03-01T00:00:00Z') })
  expect(dayOrTime('2025-03-01 08:00', 'UTC')).toEqual({ value: new Date('2025-03-01T08:00:00Z') })
  expect(dayOrTime('2025-03-01T08:00:00.5+09:00', zone)).toEqual({ value: new Date('2025-02-28T23:00:00.500Z') })
  expect(dayOrTime('1949-10-01', zone)).toEqual({ value: new Date('1949-10-01T00:00:00Z') })
  expect(dayOrTime('9999-12-31', zone)).toEqual({ value: new Date('9999-12-31T00:00:00Z') })
  expect(dayOrTime('0001-01-01', zone)).toMatchObject({ problem: { code: 'time.range' } })
  expect(dayOrTime('3/4/2025', zone)).toMatchObject({ problem: { code: 'time.ambiguous' } })
  if (before === undefined) delete process.env['TZ']
  else process.env['TZ'] = before
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDayFor, nextMoment, quietUntil } from './calendar.ts'
import { zonedTime } from './zone.ts'

const zone = 'Asia/Shanghai'
const night = { from: '21:00', to: '09:00' }
/** Saturdays and Sundays, and the first week of October, are off; Saturday 10 October is made up for. */
const isWorkday = (day: string): boolean => {
  if (day === '2026-10-10') return true
  if (day >= '2026-10-01' && day <= '2026-10-07') return false
  return new Date(`${day}T00:00:00Z`).getUTCDay() % 6 !== 0
}
const at = (local: string): Date => new Date(`${local}+08:00`)

describe('the next moment that hours and days allow', () => {
  it.each([
    // Wednesday evening before the holidays.
    ['2026-09-30T20:00', 'workdays', '2026-09-30T20:00'],
    ['2026-09-30T21:30', 'workdays', '2026-10-08T09:00'],
    ['2026-10-03T12:00', 'workdays', '2026-10-08T09:00'],
    // A Saturday that is worked.
    ['2026-10-09T22:00', 'workdays', '2026-10-10T09:00'],
    ['2026-10-09T22:00', 'days_off', '2026-10-11T09:00'],
    ['2026-10-08T12:00', 'days_off', '2026-10-11T09:00'],
    ['2026-10-09T22:00', 'any', '2026-10-10T09:00'],
  ] as const)('%s, %s: %s', (from, days, expected) => {
    expect(nextMoment(at(from), { quiet: night, days, isWorkday, zone })).toEqual(at(expected))
  })

  it('is none where no such day comes', () => {
    expect(
      nextMoment(at('2026-10-01T12:00'), { quiet: null, days: 'days_off', isWorkday: () => true, zone }),
    ).toBeNull()
  })

  it('is never before, is allowed, and nothing allowed lies between', () => {
    const moment = fc.integer({ min: 1.78e12, max: 1.8e12 }).map((ms) => new Date(ms))
    fc.assert(
      fc.property(moment, fc.constantFrom('any', 'workdays', 'days_off'), (from, days) => {
        const when = { quiet: night, days, isWorkday, zone }
        const next = nextMoment(from, when)
        if (next === null) throw new Error('there is always such a day here')
        const allowed = (ms: number): boolean => {
          const one = new Date(ms)
          return quietUntil(one, night, zone) === null && isDayFor(zonedTime(one, zone).date, when)
        }
        expect(allowed(next.getTime())).toBe(true)
        expect(next.getTime()).toBeGreaterThanOrEqual(from.getTime())
        for (let ms = from.getTime(); ms < next.getTime(); ms += 1_800_000) expect(allowed(ms)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})

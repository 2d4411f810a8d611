import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { momentOf, zonedTime } from './zone.ts'

describe('zonedTime', () => {
  it('shows Shanghai', () => {
    expect(zonedTime(new Date('2026-03-02T16:30:00Z'), 'Asia/Shanghai')).toEqual({
      day: 20515,
      minutes: 30,
      weekday: 2,
      date: '2026-03-03',
      clock: '00:30',
    })
  })

  it.each(['Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata'])('comes back from %s', (zone) => {
    fc.assert(
      fc.property(fc.integer({ min: 15_000, max: 25_000 }), fc.integer({ min: 4 * 60, max: 1439 }), (day, minutes) => {
        // Before 04:00 the clocks of some zones skip an hour once a year.
        expect(zonedTime(momentOf(day, minutes, zone), zone)).toMatchObject({ day, minutes })
      }),
    )
  })

  it.each([
    ['America/New_York', '2026-03-08', 2 * 60 + 30, '2026-03-08T07:30:00.000Z'],
    ['Europe/Berlin', '2026-03-29', 2 * 60 + 30, '2026-03-29T01:30:00.000Z'],
  ])('goes on after a time that the clocks of %s leave out', (zone, date, minutes, moment) => {
    expect(momentOf(Date.parse(date) / 86_400_000, minutes, zone).toISOString()).toBe(moment)
  })
})

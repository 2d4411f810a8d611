import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { lastOccurrence, nextOccurrence } from './occurrence.ts'

const zone = 'Asia/Shanghai'

it('knows weekdays', () => {
  const monday = { at: '09:30', weekdays: [1] }
  const now = new Date('2026-03-02T02:00:00Z') // Monday 10:00
  expect(nextOccurrence(monday, now, zone).name).toBe('2026-03-09T09:30')
  expect(lastOccurrence(monday, now, zone).name).toBe('2026-03-02T09:30')
})

it('the next one comes after, the last one not, and nothing lies between', () => {
  const weekdays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 7 })
  fc.assert(
    fc.property(weekdays, fc.integer({ min: 1.7e12, max: 1.9e12 }), (days, ms) => {
      const schedule = { at: '08:15', weekdays: days }
      const now = new Date(ms)
      const next = nextOccurrence(schedule, now, zone)
      const last = lastOccurrence(schedule, now, zone)
      expect(next.at.getTime()).toBeGreaterThan(ms)
      expect(last.at.getTime()).toBeLessThanOrEqual(ms)
      expect(nextOccurrence(schedule, last.at, zone)).toEqual(next)
    }),
  )
})

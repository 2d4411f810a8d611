import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Shift } from '@zhiyin/shared/api/channels'
import { dutyAt, midnightAfter } from './duty.ts'
import { servingOf } from './serving.ts'

const zones = ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'] as const
const people = ['lina', 'wangwei', 'zhao', 'chen'] as const
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
const some = fc.uniqueArray(fc.constantFrom(...people), { minLength: 1 })
const shift: fc.Arbitrary<Shift> = fc.record({
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  from: clock,
  to: fc.oneof(clock, fc.constant('24:00')),
  userids: some,
})
const shifts = fc.array(shift, { maxLength: 6 })
const moment = fc
  .integer({ min: Date.parse('2025-01-01T00:00:00Z') / 60_000, max: Date.parse('2027-12-31T00:00:00Z') / 60_000 })
  .map((minutes) => new Date(minutes * 60_000))
const zone = fc.constantFrom(...zones)
const sorted = (list: readonly string[]): string[] => [...list].sort()

describe('who is on duty', () => {
  it('stays the same until the moment named and is another then', () => {
    fc.assert(
      fc.property(shifts, moment, zone, fc.double({ min: 0, max: 1, noNaN: true }), (plan, at, where, part) => {
        const { userids, until } = dutyAt(plan, at, where)
        const end = until ?? new Date(at.getTime() + 30 * 86_400_000)
        const between = new Date(at.getTime() + Math.floor((end.getTime() - at.getTime() - 1) * part))
        expect(sorted(dutyAt(plan, between, where).userids)).toEqual(sorted(userids))
        if (until === null) return
        expect(until.getTime()).toBeGreaterThan(at.getTime())
        expect(sorted(dutyAt(plan, until, where).userids)).not.toEqual(sorted(userids))
      }),
      { numRuns: 400 },
    )
  })

  it('comes round every week where no clock is put forward or back', () => {
    fc.assert(
      fc.property(shifts, moment, fc.constantFrom('Asia/Shanghai', 'UTC'), (plan, at, where) => {
        const later = new Date(at.getTime() + 7 * 86_400_000)
        expect(dutyAt(plan, later, where).userids).toEqual(dutyAt(plan, at, where).userids)
      }),
      { numRuns: 100 },
    )
  })

  const day: Shift = { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', userids: ['lina'] }
  const night: Shift = { weekdays: [5], from: '22:00', to: '06:00', userids: ['wangwei'] }

  it('reads the clock of the company', () => {
    // Friday 2026-06-05, 08:59 in Shanghai.
    const before = new Date('2026-06-05T00:59:00Z')
    expect(dutyAt([day, night], before, 'Asia/Shanghai')).toEqual({
      userids: [],
      until: new Date('2026-06-05T01:00:00Z'),
    })
    expect(dutyAt([day, night], new Date('2026-06-05T01:00:00Z'), 'Asia/Shanghai')).toEqual({
      userids: ['lina'],
      until: new Date('2026-06-05T10:00:00Z'),
    })
    // Over midnight into Saturday, then nobody until Monday.
    expect(dutyAt([day, night], new Date('2026-06-05T17:00:00Z'), 'Asia/Shanghai').userids).toEqual(['wangwei'])
    expect(dutyAt([day, night], new Date('2026-06-05T22:00:00Z'), 'Asia/Shanghai')).toEqual({
      userids: [],
      until: new Date('2026-06-08T01:00:00Z'),
    })
  })

  it('is right on the days with 23 and 25 hours', () => {
    const early: Shift = { weekdays: [7], from: '01:30', to: '03:30', userids: ['zhao'] }
    // New York: 2026-03-08 skips 02:00–03:00, so the shift lasts an hour; 2026-11-01 has 01:00–02:00 twice, so three.
    const lasts = (from: string) => {
      const begin = new Date(from)
      const { userids, until } = dutyAt([early], begin, 'America/New_York')
      return [userids, ((until?.getTime() ?? 0) - begin.getTime()) / 3_600_000]
    }
    expect(lasts('2026-03-08T06:30:00Z')).toEqual([['zhao'], 1])
    expect(lasts('2026-11-01T05:30:00Z')).toEqual([['zhao'], 3])
  })
})

describe('who stands behind the code', () => {
  const at = new Date('2026-06-05T02:00:00Z')
  const where = { at, zone: 'Asia/Shanghai' }
  const none: ReadonlySet<string> = new Set()
  const plan = { userids: ['lina', 'wangwei'], shifts: [], backups: ['zhao'], paused: false }

  it('is whoever is on duty, then the backups, then anybody able, then nobody', () => {
    expect(servingOf(plan, { ...where, unable: none, full: none })).toEqual({
      userids: ['lina', 'wangwei'],
      by: 'duty',
      until: null,
    })
    const midnight = midnightAfter(at, 'Asia/Shanghai')
    expect(midnight).toEqual(new Date('2026-06-05T16:00:00Z'))
    expect(servingOf(plan, { ...where, unable: none, full: new Set(['lina']) })).toEqual({
      userids: ['wangwei'],
      by: 'duty',
      until: midnight,
    })
    expect(servingOf(plan, { ...where, unable: new Set(['wangwei']), full: new Set(['lina']) })).toMatchObject({
      userids: ['zhao'],
      by: 'backup',
    })
    expect(servingOf(plan, { ...where, unable: new Set(['wangwei', 'zhao']), full: new Set(['lina']) })).toMatchObject({
      userids: ['lina'],
      by: 'rest',
    })
    const all = new Set(['lina', 'wangwei', 'zhao'])
    expect(servingOf(plan, { ...where, unable: all, full: none })).toMatchObject({ userids: [], by: 'nobody' })
  })

  it('leaves a paused channel to its backups', () => {
    const paused = { ...plan, paused: true }
    expect(servingOf(paused, { ...where, unable: none, full: none })).toEqual({
      userids: ['zhao'],
      by: 'backup',
      until: null,
    })
    expect(servingOf(paused, { ...where, unable: new Set(['zhao']), full: none })).toMatchObject({ by: 'nobody' })
  })

  it('never names who is unable, nobody twice, and at most a hundred', () => {
    const member = fc.integer({ min: 0, max: 150 }).map((n) => `m${n}`)
    fc.assert(
      fc.property(fc.array(member, { minLength: 1 }), fc.array(member), fc.array(member), (userids, backups, gone) => {
        const unable = new Set(gone)
        const { userids: found } = servingOf({ ...plan, userids, backups }, { ...where, unable, full: none })
        expect(found.some((userid) => unable.has(userid))).toBe(false)
        expect(new Set(found).size).toBe(found.length)
        expect(found.length).toBeLessThanOrEqual(100)
      }),
    )
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { movableClock } from '../../test/support/clock.ts'
import { quietLog } from '../../test/support/log.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { createCalendar } from './calendar.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-09-01T04:00:00Z'))
const make = () => createCalendar({ mongo: mongo.get(), clock, log: quietLog })
beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
})

describe('the calendar', () => {
  it.each([
    ['2026-10-01', false], // National Day
    ['2026-10-10', true], // a Saturday that is worked for it
    ['2026-09-20', true], // a Sunday that is worked
    ['2026-10-12', true],
    ['2026-10-17', false],
    ['2031-10-01', true], // a Wednesday nobody has announced yet
  ])('knows what the state announced: %s works %s', (day, work) => {
    expect(make().isWorkday(day)).toBe(work)
  })

  it('shows every day of a year with its reason, and where the announcements end', async () => {
    const calendar = make()
    await calendar.set('2026-06-18', { work: false, name: '司庆' }, 'mei')
    const { days, announcedUntil } = await calendar.year(2026)
    expect(days).toHaveLength(365)
    expect(days.filter(({ source }) => source === 'company')).toEqual([
      { day: '2026-06-18', work: false, name: '司庆', nameEn: null, source: 'company' },
    ])
    expect(days.find(({ day }) => day === '2026-10-01')).toEqual({
      day: '2026-10-01',
      work: false,
      name: '国庆节',
      nameEn: 'National Day',
      source: 'holidays',
    })
    expect(announcedUntil).toBeGreaterThanOrEqual(2026)
    expect((await calendar.year(announcedUntil + 1)).days.some(({ source }) => source === 'holidays')).toBe(false)
  })

  it('lets the company have the last word, in every process', async () => {
    const [one, other] = [make(), make()]
    await other.refresh()
    expect(other.isWorkday('2026-10-01')).toBe(false)
    expect(await one.set('2026-10-01', { work: true, name: '大促值班' }, 'mei')).toBeNull()
    expect(one.isWorkday('2026-10-01')).toBe(true)
    clock.advance(2_000)
    await other.refresh()
    expect(other.isWorkday('2026-10-01')).toBe(true)
    expect(await one.unset('2026-10-01')).toEqual({ work: true, name: '大促值班' })
    expect(one.isWorkday('2026-10-01')).toBe(false)
    clock.advance(2_000)
    await other.refresh()
    expect(other.isWorkday('2026-10-01')).toBe(false)
  })
})

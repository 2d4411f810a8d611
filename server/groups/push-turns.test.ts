import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PushSchedule } from '@zhiyin/shared/push-plan'
import { momentOf, zonedTime } from '@zhiyin/shared/zone'
import { firstTurns, nextTurn, sinceChanged, turnsUntil, type Timed, type Times } from './push-turns.ts'

const zone = 'Asia/Shanghai'
const dayMs = 86_400_000
const minuteMs = 60_000
/** National Day 2026 as the state announced it. */
const off = new Set(['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'])
const times: Times = {
  zone,
  isWorkday: (day) => {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
    return day === '2026-10-10' || (weekday > 0 && weekday < 6 && !off.has(day))
  },
}
const at = (day: string, clock = '00:00'): Date => {
  const [hours = '0', minutes = '0'] = clock.split(':')
  return momentOf(Date.parse(`${day}T00:00:00Z`) / dayMs, Number(hours) * 60 + Number(minutes), zone)
}
const item = (schedule: PushSchedule, over: Partial<Timed> = {}): Timed => ({
  id: 'one',
  schedule,
  until: null,
  since: at('2026-09-28'),
  handled: null,
  ...over,
})
const repeated = (over: Partial<Extract<PushSchedule, { type: 'repeated' }>> = {}): PushSchedule => ({
  type: 'repeated',
  at: '09:10',
  weekdays: [],
  monthdays: [],
  days: 'any',
  ...over,
})
const names = (timed: Timed, count: number): string[] => firstTurns(timed, count, times).map(({ name }) => name)

describe('the turns of a line', () => {
  it.each([
    ['every day', repeated(), ['2026-09-28', '2026-09-29', '2026-09-30', '2026-10-01']],
    ['on weekdays', repeated({ weekdays: [1, 4] }), ['2026-09-28', '2026-10-01', '2026-10-05', '2026-10-08']],
    [
      'by the month, a day it lacks being its last',
      repeated({ monthdays: [31] }),
      ['2026-09-30', '2026-10-31', '2026-11-30', '2026-12-31'],
    ],
    ['leaving out days off', repeated({ days: 'workdays' }), ['2026-09-28', '2026-09-29', '2026-09-30', '2026-10-08']],
    [
      'put off to the next working day',
      repeated({ monthdays: [1, 6], days: 'next_workday' }),
      ['2026-10-08', '2026-11-02', '2026-11-06', '2026-12-01'],
    ],
    ['on a Saturday that is worked', repeated({ weekdays: [6], days: 'workdays' }), ['2026-10-10']],
  ])('%s', (_name, schedule, wanted) => {
    expect(names(item(schedule), wanted.length)).toEqual(wanted)
  })

  it('end with the last day', () => {
    expect(names(item(repeated(), { until: '2026-09-29' }), 9)).toEqual(['2026-09-28', '2026-09-29'])
    expect(names(item(repeated({ days: 'workdays', weekdays: [4] }), { until: '2026-10-06' }), 9)).toEqual([])
  })

  it('are the moments named, each once, in their order', () => {
    const moments = [at('2026-10-03', '10:05'), at('2026-09-30', '15:20'), at('2026-09-30', '15:20')]
    const dates: PushSchedule = { type: 'dates', at: moments.map((one) => one.toISOString()) }
    expect(names(item(dates), 9)).toEqual(['2026-09-30T15:20', '2026-10-03T10:05'])
    expect(names(item(dates, { handled: '2026-09-30T15:20' }), 9)).toEqual(['2026-10-03T10:05'])
  })

  it('keep off the full and half hour by 1 to 5 minutes, always the same', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(23), fc.nat(59), (id, h, m) => {
        const clock = `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`
        const next = () => nextTurn(item(repeated({ at: clock }), { id }), times)
        const [turn, again] = [next(), next()]
        const late = (turn?.goAt.getTime() ?? 0) - (turn?.at.getTime() ?? 0)
        expect(late).toBeGreaterThanOrEqual(m % 30 === 0 ? minuteMs : 0)
        expect(late).toBeLessThan(m % 30 === 0 ? 5 * minuteMs : 1)
        expect(again).toEqual(turn)
      }),
    )
  })
})

describe('a line that is changed while its plan is on', () => {
  /** As the plan keeps it: what has come is handled. */
  const run = (timed: Timed, now: Date): { timed: Timed; went: string[] } => {
    const went = turnsUntil(timed, now, times).map(({ name }) => name)
    return { timed: { ...timed, handled: went.at(-1) ?? timed.handled }, went }
  }
  const changed = (timed: Timed, schedule: PushSchedule, now: Date): Timed => {
    const after = { ...timed, schedule }
    return { ...after, since: sinceChanged(timed, after, now, times) }
  }

  it('goes earlier today although that time has passed, but not twice', () => {
    const daily = item(repeated({ at: '10:10' }), { handled: '2026-09-28' })
    const earlier = changed(daily, repeated({ at: '09:10' }), at('2026-09-29', '09:40'))
    const first = run(earlier, at('2026-09-29', '09:40'))
    expect(first.went).toEqual(['2026-09-29'])
    const later = changed(first.timed, repeated({ at: '11:10' }), at('2026-09-29', '10:00'))
    expect(run(later, at('2026-09-30', '11:00')).went).toEqual([])
    expect(run(later, at('2026-09-30', '11:20')).went).toEqual(['2026-09-30'])
  })

  it('does not make up for a day it gets anew', () => {
    const mondays = item(repeated({ weekdays: [1] }), { handled: '2026-09-28' })
    const daily = changed(mondays, repeated(), at('2026-09-30', '15:00'))
    expect(names(daily, 2)).toEqual(['2026-10-01', '2026-10-02'])
  })

  it('never repeats a day and never loses one that both have, whenever and however often it is changed', () => {
    const clock = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`)
    fc.assert(
      fc.property(
        clock,
        fc.array(fc.record({ wait: fc.integer({ min: 1, max: 3000 }), clock }), { maxLength: 12 }),
        (first, edits) => {
          let now = at('2026-09-28')
          let timed = item(repeated({ at: first }))
          const went: string[] = []
          const move = (minutes: number): void => {
            // The sweep looks every second; a minute is close enough.
            const until = now.getTime() + minutes * minuteMs
            for (; now.getTime() <= until; now = new Date(now.getTime() + 7 * minuteMs)) {
              const { timed: after, went: some } = run(timed, now)
              timed = after
              went.push(...some)
            }
          }
          for (const { wait, clock: next } of edits) {
            move(wait)
            timed = changed(timed, repeated({ at: next }), now)
          }
          move(2 * 24 * 60)
          const last = zonedTime(now, zone).day
          const days = Array.from({ length: last - 20_724 }, (_, day) =>
            new Date((20_724 + day) * dayMs).toISOString().slice(0, 10),
          )
          expect(new Set(went).size).toBe(went.length)
          expect(went.filter((day) => days.includes(day))).toEqual(days)
        },
      ),
      { numRuns: 40 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { monthBefore, monthSoFar, nextReviews, overMonth } from './month.ts'

const zone = 'Asia/Shanghai'
const at = (text: string): Date => new Date(`${text}+08:00`)

describe('months by the clocks of the company', () => {
  it('begin and end at midnight there', () => {
    expect(monthBefore(at('2026-03-01T00:30:00'), zone)).toEqual({
      name: '2026-02',
      from: at('2026-02-01T00:00:00'),
      to: at('2026-03-01T00:00:00'),
    })
    expect(monthBefore(at('2026-01-15T12:00:00'), zone).name).toBe('2025-12')
    expect(monthSoFar(at('2026-03-01T00:30:00'), zone)).toMatchObject({
      name: '2026-03',
      from: at('2026-03-01T00:00:00'),
    })
  })
  it('reviews are due at half past four on the first', () => {
    expect(nextReviews(at('2026-02-28T23:00:00'), zone)).toEqual(at('2026-03-01T04:30:00'))
    expect(nextReviews(at('2026-03-01T04:29:00'), zone)).toEqual(at('2026-03-01T04:30:00'))
    expect(nextReviews(at('2026-03-01T04:30:00'), zone)).toEqual(at('2026-04-01T04:30:00'))
    expect(nextReviews(at('2026-12-31T12:00:00'), zone)).toEqual(at('2027-01-01T04:30:00'))
  })
})

describe('where somebody was when a month began and when it ended', () => {
  const month = { name: '2026-02', from: at('2026-02-01T00:00:00'), to: at('2026-03-01T00:00:00') }
  const old = { id: 'x', since: at('2025-01-01T00:00:00'), from: 'a', to: 'a' }
  const move = (when: string, from: string | null, to: string) => ({
    customerId: 'x',
    schemeId: 's',
    at: at(when),
    from,
    to,
  })

  it.each([
    [[], ['a', 'a']],
    [[move('2026-02-10T00:00:00', 'c', 'a')], ['c', 'a']],
    [
      [move('2026-02-10T00:00:00', 'c', 'b'), move('2026-02-20T00:00:00', 'b', 'a')],
      ['c', 'a'],
    ],
    [[move('2026-01-31T23:59:00', 'c', 'a')], ['a', 'a']],
    [
      [move('2026-02-10T00:00:00', 'c', 'b'), move('2026-03-01T00:00:00', 'b', 'a')],
      ['c', 'b'],
    ],
  ])('case %#', (moves, [begin, end]) => {
    expect(overMonth(old, moves, month)).toEqual({ begin, end })
  })
  it('whoever came within the month was nowhere before', () => {
    expect(overMonth({ ...old, since: month.from }, [], month)).toEqual({ begin: null, end: 'a' })
    expect(overMonth({ ...old, since: month.to }, [], month)).toEqual({ begin: null, end: null })
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AddedHours, RuleInput } from '@zhiyin/shared/rule'
import { addedReasons, greeterOf, greets, type Added } from './greeter.ts'

const zone = 'Asia/Shanghai'
type Trigger = Extract<RuleInput['trigger'], { type: 'customer.added' }>
type Rule = Pick<RuleInput, 'trigger' | 'steps' | 'condition'> & { _id: string; updatedAt: Date }

const clock = fc.constantFrom('00:00', '08:30', '12:00', '21:00', '23:59')
const hours: fc.Arbitrary<AddedHours> = fc.record({
  from: clock,
  to: clock,
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
})
const some = (ids: string[]) => fc.subarray(ids, { maxLength: 2 })
const trigger: fc.Arbitrary<Trigger> = fc
  .record({
    channelIds: some(['ch1', 'ch2']),
    userids: fc.option(some(['lina', 'wang']), { nil: undefined }),
    who: fc.option(fc.constantFrom('newcomer' as const, 'returning' as const), { nil: undefined }),
    hours: fc.option(hours, { nil: undefined }),
  })
  .map((asked) => ({ type: 'customer.added', ...asked }))
const rule: fc.Arbitrary<Omit<Rule, '_id'>> = fc.record({
  trigger,
  steps: fc
    .constantFrom('welcome' as const, 'mass' as const)
    .map((channel): RuleInput['steps'] => [{ id: 's', type: 'send', channel, contentId: 'c', expireHours: 1 }]),
  condition: fc.constantFrom<RuleInput['condition']>(
    { type: 'all', of: [] },
    { type: 'tier', in: ['A'] },
    { type: 'tier', in: ['B'] },
  ),
  updatedAt: fc.integer({ min: 0, max: 3 }).map((at) => new Date(at)),
})
const rules = fc.array(rule, { maxLength: 12 }).map((list): Rule[] => list.map((one, i) => ({ ...one, _id: `r${i}` })))
const added: fc.Arbitrary<Added> = fc.record({
  channelId: fc.constantFrom('ch1', 'ch2', 'other', null),
  channel: fc.constant('门店'),
  userid: fc.constantFrom('lina', 'LINA', 'wang', 'zhao'),
  at: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-02-01'), noInvalidDate: true }),
  returning: fc.boolean(),
})
/** The customer of these adds is of tier A. */
const met = ({ condition }: Rule) => ({
  met: condition.type === 'all' || (condition.type === 'tier' && condition.in.includes('A')),
  because: [],
})
const fits = (one: Rule, add: Added): boolean =>
  greets(one) && one.trigger.type === 'customer.added' && addedReasons(one.trigger, add, zone) !== null && met(one).met
const strength = ({ trigger: asked, condition }: Rule): number => {
  if (asked.type !== 'customer.added') return 0
  const named = [
    asked.channelIds.length > 0,
    (asked.userids ?? []).length > 0,
    asked.who !== undefined,
    asked.hours !== undefined,
    condition.type !== 'all',
  ]
  return named.reduce((sum, is) => sum * 2 + Number(is), 0)
}

describe('who greets', () => {
  it('is exactly one rule where any fits, the most specific, whatever the order they are in', () => {
    fc.assert(
      fc.property(rules, added, fc.nat(), (list, add, turn) => {
        const chosen = greeterOf(list, add, zone, met)
        const fitting = list.filter((one) => fits(one, add))
        expect(chosen === null).toBe(fitting.length === 0)
        if (chosen === null) return
        expect(fitting).toContain(chosen.rule)
        for (const other of fitting) expect(strength(other)).toBeLessThanOrEqual(strength(chosen.rule))
        const turned = [...list.slice(turn % list.length), ...list.slice(0, turn % list.length)].toReversed()
        expect(greeterOf(turned, add, zone, met)).toEqual(chosen)
        expect(chosen.because.some(({ code }) => code === 'rule.greeter')).toBe(fitting.length > 1)
      }),
      { numRuns: 2000 },
    )
  })

  const at = (iso: string): Added => ({
    channelId: null,
    channel: null,
    userid: 'lina',
    at: new Date(iso),
    returning: false,
  })
  it.each([
    // 2026-03-02 was a Monday; 02:00Z is 10:00 in Shanghai.
    [{ from: '09:00', to: '18:00', weekdays: [] }, '2026-03-02T02:00:00Z', true],
    [{ from: '09:00', to: '10:00', weekdays: [] }, '2026-03-02T02:00:00Z', false],
    [{ from: '21:00', to: '09:00', weekdays: [1] }, '2026-03-02T14:00:00Z', true],
    [{ from: '21:00', to: '09:00', weekdays: [1] }, '2026-03-03T00:30:00Z', true],
    [{ from: '21:00', to: '09:00', weekdays: [2] }, '2026-03-03T00:30:00Z', false],
    [{ from: '00:00', to: '00:00', weekdays: [6, 7] }, '2026-03-02T02:00:00Z', false],
    [{ from: '00:00', to: '00:00', weekdays: [1] }, '2026-03-02T02:00:00Z', true],
  ])('hours %j hold at %s: %s', (asked, iso, holds) => {
    const reasons = addedReasons({ type: 'customer.added', channelIds: [], hours: asked }, at(iso), zone)
    expect(reasons !== null).toBe(holds)
  })

  it('says why in words that name what decided', () => {
    const of = (id: string, asked: Partial<Trigger>): Rule => ({
      _id: id,
      trigger: { type: 'customer.added', channelIds: [], ...asked },
      steps: [{ id: 's', type: 'send', channel: 'welcome', contentId: 'c', expireHours: 1 }],
      condition: { type: 'all', of: [] },
      updatedAt: new Date(0),
    })
    const list = [of('all', {}), of('rep', { userids: ['Lina'], who: 'newcomer' }), of('late', { who: 'newcomer' })]
    const chosen = greeterOf(list, at('2026-03-02T02:00:00Z'), zone, met)
    expect(chosen?.rule._id).toBe('rep')
    expect(chosen?.because.map(({ code, params }) => [code, params['by']])).toEqual([
      ['rule.added_any', undefined],
      ['rule.newcomer', undefined],
      ['rule.greeter', 'rep'],
    ])
  })
})

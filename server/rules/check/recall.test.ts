import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exits, RuleInput, type StepType } from '@zhiyin/shared/rule'
import { RecallForm, ruleOfRecall, whoOfRecall, type RecallLadder } from '@zhiyin/shared/recall'
import { stages } from '@zhiyin/shared/stage'
import { tiers, type Tier } from '@zhiyin/shared/tier'
import { inputOf } from '../versions.ts'
import { graphProblems, hurriedSends } from './graph.ts'

const form: RecallForm = {
  name: '沉默召回',
  when: { type: 'silent', minDays: 30, maxDays: 90 },
  ladders: [
    {
      tier: 'A',
      gentle: { contentId: 'hello' },
      coupon: { contentId: 'coupon', afterDays: 3 },
      call: { title: '打个电话', afterDays: 4 },
    },
    { tier: 'B', gentle: null, coupon: { contentId: 'coupon', afterDays: 3 }, call: null },
  ],
  tags: [],
  segments: [],
  at: '10:00',
  workdays: true,
  againDays: 60,
  stopOn: ['ordered', 'replied', 'objected'],
  goalDays: 14,
  holdoutPercent: 10,
}

const days = fc.integer({ min: 1, max: 90 })
const rung = fc.record({ contentId: fc.constantFrom('c1', 'c2'), afterDays: days })
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
const ladder = (tier: Tier): fc.Arbitrary<RecallLadder> =>
  fc
    .record({
      tier: fc.constant(tier),
      gentle: maybe(fc.record({ contentId: fc.constantFrom('c1', 'c2') })),
      coupon: maybe(rung),
      call: maybe(fc.record({ title: fc.constant('打个电话'), afterDays: days })),
    })
    .filter(({ gentle, coupon, call }) => gentle !== null || coupon !== null || call !== null)
const named = fc.array(fc.constantFrom({ id: 'x', name: '甲' }, { id: 'y', name: '乙' }), { maxLength: 3 })
const anyForm: fc.Arbitrary<RecallForm> = fc.record({
  name: fc.constantFrom('召回', '换季'),
  when: fc.oneof(
    fc.subarray([...stages], { minLength: 1 }).map((list) => ({ type: 'stage' as const, stages: list })),
    fc.tuple(days, maybe(days)).map(([minDays, more]) => ({
      type: 'silent' as const,
      minDays,
      maxDays: more === null ? null : minDays + more,
    })),
    fc.constantFrom(0.5, 1, 1.5).map((factor) => ({ type: 'rhythm' as const, factor })),
  ),
  ladders: fc.subarray([...tiers], { minLength: 1 }).chain((list) => fc.tuple(...list.map(ladder))),
  tags: named,
  segments: named,
  at: fc.constantFrom('09:30', '10:00'),
  workdays: fc.boolean(),
  againDays: fc.integer({ min: 0, max: 400 }),
  stopOn: fc.subarray([...exits]),
  goalDays: days,
  holdoutPercent: fc.integer({ min: 0, max: 50 }),
})

const walk = (type: StepType, rule: RuleInput): string[] =>
  rule.steps.filter((step) => step.type === type).map(({ id }) => id)

describe('a recall form', () => {
  it('makes a rule with a way for each tier, rung by rung', () => {
    const rule = ruleOfRecall(form)
    expect(rule.trigger).toEqual({ type: 'schedule', at: '10:00', weekdays: [], monthdays: [] })
    expect(rule.condition).toEqual({
      type: 'all',
      of: [
        { type: 'silent', minDays: 30 },
        { type: 'not', of: { type: 'silent', minDays: 90 } },
        { type: 'tier', in: ['A', 'B'] },
      ],
    })
    expect(rule.steps.map(({ id }) => id)).toEqual([
      'tiers',
      'A_gentle',
      'A_wait_1',
      'A_coupon',
      'A_wait_2',
      'A_call',
      'B_coupon',
    ])
    expect(rule.steps[2]).toEqual({
      id: 'A_wait_1',
      type: 'wait_until',
      until: { type: 'replied' },
      hours: 72,
      next: null,
      otherwise: 'A_coupon',
    })
    expect(rule.exitOn).toEqual(['ordered', 'replied', 'objected'])
    expect(rule.limits).toMatchObject({ holdoutPercent: 10, reentryDays: 60, days: 'workdays' })
  })

  it('waits for what it stops at, or simply for the time', () => {
    const waits = (stopOn: RecallForm['stopOn']) => ruleOfRecall({ ...form, stopOn }).steps[2]
    expect(waits(['ordered'])).toMatchObject({ type: 'wait_until', until: { event: 'order.completed' } })
    expect(waits([])).toMatchObject({ type: 'wait', hours: 72, next: 'A_coupon' })
  })

  it('begins with a stage where it is for one, and counts who is in it today', () => {
    const staged: RecallForm = { ...form, when: { type: 'stage', stages: ['silent'] } }
    expect(ruleOfRecall(staged).trigger).toEqual({ type: 'stage.entered', stages: ['silent'] })
    expect(whoOfRecall(staged)).toEqual({
      type: 'all',
      of: [
        { type: 'stage', in: ['silent'] },
        { type: 'tier', in: ['A', 'B'] },
      ],
    })
  })

  it('makes a rule without problems, whatever is filled in', () => {
    fc.assert(
      fc.property(anyForm, (any) => {
        expect(RecallForm.parse(any)).toEqual(any)
        const rule = ruleOfRecall(any)
        expect(graphProblems(rule.steps)).toEqual([])
        // A day is the least a rung waits for.
        expect(hurriedSends(rule.steps, 24)).toEqual([])
        expect(RuleInput.parse(rule)).toEqual(rule)
        const wanted = any.ladders.flatMap(({ gentle, coupon }) => [gentle, coupon].filter((one) => one !== null))
        expect(walk('send', rule)).toHaveLength(wanted.length)
        expect(walk('task', rule)).toHaveLength(any.ladders.filter(({ call }) => call !== null).length)
      }),
      { numRuns: 200 },
    )
  })

  it('stays with its rule until the rule says something else', () => {
    fc.assert(
      fc.property(anyForm, (any) => {
        const rule = ruleOfRecall(any)
        expect(inputOf(rule)).toEqual(rule)
        expect(inputOf({ ...rule, name: '改名' }).recall).toEqual({ ...any, name: '改名' })
        expect(inputOf({ ...rule, exitOn: [...rule.exitOn, 'replied'] }).recall).toBeNull()
        expect(inputOf({ ...rule, steps: rule.steps.slice(0, -1) }).recall).toBeNull()
      }),
      { numRuns: 100 },
    )
  })

  it('is refused where a tier gets nothing, comes twice, or nobody can be silent that long', () => {
    const nothing = { tier: 'A', gentle: null, coupon: null, call: null }
    expect(RecallForm.safeParse({ ...form, ladders: [nothing] }).success).toBe(false)
    expect(RecallForm.safeParse({ ...form, ladders: [form.ladders[1], form.ladders[1]] }).success).toBe(false)
    expect(RecallForm.safeParse({ ...form, when: { type: 'silent', minDays: 30, maxDays: 30 } }).success).toBe(false)
  })
})

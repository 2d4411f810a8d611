import { type Condition } from '@zhiyin/shared/condition'
import { RuleInput, RuleLimits, type Step, type Trigger } from '@zhiyin/shared/rule'
import { stages } from '@zhiyin/shared/stage'
import { tiers } from '@zhiyin/shared/tier'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildRuleInput } from '../testing/fixtures.ts'
import { draftOf, inputOf } from './draft.ts'
import { gapsOf } from './gaps.ts'
import { templateDraft, templateNames } from './templates.ts'

const id = fc.stringMatching(/^[a-z0-9_]{1,12}$/)
const title = fc.stringMatching(/^[a-z\u4e00-\u9fa5]{1,20}$/)
const someStages = fc.uniqueArray(fc.constantFrom(...stages), { minLength: 1 })
const someTiers = fc.uniqueArray(fc.constantFrom(...tiers), { minLength: 1 })

const { condition } = fc.letrec<{ leaf: Condition; condition: Condition }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ type: fc.constant('stage' as const), in: someStages }),
    fc.record({ type: fc.constant('tier' as const), in: someTiers }),
    fc.record({ type: fc.constant('tag' as const), tagId: id, tag: title }),
    fc.record({ type: fc.constant('silent' as const), minDays: fc.integer({ min: 1, max: 3650 }) }),
    fc.record({ type: fc.constant('orders' as const), op: fc.constantFrom('gte', 'lte'), value: fc.nat(50) }),
  ),
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc.record({ type: fc.constant('not' as const), of: tie('condition') }),
    fc.record({ type: fc.constant('all' as const), of: fc.array(tie('condition'), { maxLength: 4 }) }),
    fc.record({ type: fc.constant('any' as const), of: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }) }),
  ),
}))

const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc.record({ type: fc.constant('stage.entered' as const), stages: someStages }),
  fc.record({ type: fc.constant('customer.added' as const), channelIds: fc.array(id, { maxLength: 3 }) }),
  fc.record({ type: fc.constant('tier.changed' as const), to: someTiers }),
  fc.record(
    {
      type: fc.constant('event' as const),
      event: fc.constantFrom('order.completed', 'behavior.tracked'),
      name: title,
      where: fc.array(
        fc.record({
          field: title,
          test: fc.record({ op: fc.constant('at_least' as const), value: fc.nat(9_000_000) }),
        }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['type', 'event', 'where'] },
  ),
  fc.record({
    type: fc.constantFrom('tag.added', 'tag.removed'),
    tags: fc.array(fc.record({ id, name: title }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('date' as const),
    key: id,
    days: fc.integer({ min: -365, max: 3650 }),
    yearly: fc.boolean(),
    at: fc.constant('09:30'),
  }),
  fc.record({ type: fc.constantFrom('manual', 'api') }),
  fc.record({
    type: fc.constant('schedule' as const),
    at: fc.constantFrom('09:00', '23:59'),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
    monthdays: fc.uniqueArray(fc.integer({ min: 1, max: 31 })),
  }),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ id, type: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 8000 }) }),
  fc.record(
    {
      id,
      type: fc.constant('send' as const),
      channel: fc.constantFrom('welcome', 'mass', 'app', 'robot'),
      contentId: id,
      groupId: id,
      expireHours: fc.integer({ min: 1, max: 720 }),
    },
    { requiredKeys: ['id', 'type', 'channel', 'contentId', 'expireHours'] },
  ),
  fc.record({
    id,
    type: fc.constant('tag' as const),
    add: fc.array(id, { maxLength: 3 }),
    remove: fc.array(id, { maxLength: 2 }),
  }),
  fc.record({ id, type: fc.constant('task' as const), title, dueHours: fc.integer({ min: 1, max: 2000 }) }),
  fc.record({
    id,
    type: fc.constant('branch' as const),
    arms: fc.array(fc.record({ id, name: title, condition, next: fc.option(id) }), { minLength: 1, maxLength: 3 }),
    otherwise: fc.option(id),
  }),
  fc.record({
    id,
    type: fc.constant('wait_until' as const),
    until: fc.record({ type: fc.constant('replied' as const) }),
    hours: fc.integer({ min: 1, max: 800 }),
    next: fc.option(id),
    otherwise: fc.option(id),
  }),
  fc.record({ id, type: fc.constant('exit' as const) }),
)

const input: fc.Arbitrary<RuleInput> = fc.record({
  name: title,
  trigger,
  condition,
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  goal: fc.option(
    fc.record({ on: fc.constantFrom('ordered', 'replied'), withinDays: fc.integer({ min: 1, max: 365 }) }),
  ),
  exitOn: fc.uniqueArray(fc.constantFrom('ordered', 'replied')),
  limits: fc
    .record({
      holdoutPercent: fc.nat(50),
      reentryDays: fc.nat(3650),
      quietHours: fc.option(fc.constant({ from: '21:00', to: '09:00' })),
      days: fc.constantFrom('any', 'workdays', 'days_off'),
      priority: fc.nat(100),
      onLoss: fc.constantFrom('wait', 'merge', 'fallback', 'drop'),
      guard: fc.option(fc.constant({ deletedPercent: 2, atLeast: 50 })),
    })
    .map((limits) => RuleLimits.parse(limits)),
})

describe('the draft of a rule', () => {
  it('comes back from the form exactly as it went in, however deep its conditions', () => {
    fc.assert(
      fc.property(input, (rule) => {
        expect(inputOf(draftOf(rule))).toEqual(rule)
        expect(RuleInput.parse(inputOf(draftOf(rule)))).toEqual(rule)
      }),
    )
  })

  it('shares nothing with the rule it was made from', () => {
    const rule = buildRuleInput()
    const draft = draftOf(rule)
    draft.limits.holdoutPercent = 50
    expect(rule.limits.holdoutPercent).toBe(10)
  })
})

describe('what a draft still lacks', () => {
  it('is nothing for a whole rule', () => {
    expect(gapsOf(draftOf(buildRuleInput()))).toEqual([])
  })

  it('is named by the path of its field', () => {
    const draft = draftOf(buildRuleInput({ name: ' ', trigger: { type: 'stage.entered', stages: [] } }))
    draft.steps = [
      { id: 's1', type: 'send', channel: 'robot', contentId: '', expireHours: 1 },
      { id: 's2', type: 'task', title: '', dueHours: 1 },
      {
        id: 's3',
        type: 'branch',
        arms: [{ id: 'a', name: '', condition: { type: 'all', of: [] }, next: null }],
        otherwise: null,
      },
      {
        id: 's4',
        type: 'split',
        arms: [
          { id: 'a', name: '', percent: 50, next: null },
          { id: 'b', name: '', percent: 40, next: null },
        ],
      },
      { id: 's5', type: 'wait_until', until: { type: 'confirmed', stepId: 'gone' }, hours: 1, otherwise: null },
      { id: 's6', type: 'set_attribute', key: '', value: 'x' },
    ]
    expect(gapsOf(draft).map(({ path }) => path)).toEqual([
      'name',
      'trigger.stages',
      'steps.0.contentId',
      'steps.0.groupId',
      'steps.1.title',
      'steps.2.arms.0.condition',
      'steps.3.arms',
      'steps.4.until.stepId',
      'steps.5.key',
    ])
  })

  it.each(templateNames.filter((name) => name !== 'blank'))('is only the content for the template %s', (name) => {
    const gaps = gapsOf(templateDraft(name, '规则', '打个电话'))
    expect(new Set(gaps.map(({ gap }) => gap))).toEqual(new Set(['content']))
  })
})

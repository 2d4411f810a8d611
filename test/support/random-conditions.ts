import * as fc from 'fast-check'
import { countable, type AttributeTest, type Condition, type EventRef } from '@zhiyin/shared/condition'
import { stages } from '@zhiyin/shared/stage'
import { tiers } from '@zhiyin/shared/tier'

/** The small worlds conditions and customers are drawn from, so that they meet. */
export const world = {
  tags: ['t1', 't2', 't3', 't_rule'],
  groups: ['g1', 'g2', 'g3'],
  segments: ['seg_silent', 'seg_nested', 'seg_list'],
  cities: ['上海', '苏州', 'Shanghai', 'SHANGHAI port', 'a+b(c)'],
  hobbies: ['红酒', '露营', '瑜伽'],
  pages: ['Page Viewed', 'Coupon Opened', 'a.b$c'],
  schemes: { rfm: ['a', 'b', 'c'], spenders: ['high', 'low'], table: ['yes', 'no'] },
} as const

const few = fc.integer({ min: 0, max: 4 })
const daysBack = fc.integer({ min: 1, max: 60 })
const daysOrEver = fc.option(daysBack, { nil: null })

const eventRef: fc.Arbitrary<EventRef> = fc.oneof(
  fc.constantFrom(...countable).map((event) => ({ event })),
  fc.constantFrom(...world.pages).map((name) => ({ event: 'behavior.tracked' as const, name })),
)
const day = fc
  .integer({ min: -80, max: 5 })
  .map((days) => new Date(Date.UTC(2026, 5, 1) + days * 86_400_000).toISOString())

const attribute: fc.Arbitrary<Condition> = fc
  .record({
    key: fc.constantFrom(
      ...['city', 'hobbies', 'age', 'vip', 'visit_at', 'spend', 'categories', 'last_order_at', 'last_seen_at', 'none'],
    ),
    test: fc.oneof<fc.Arbitrary<AttributeTest>[]>(
      fc
        .subarray([...world.cities, ...world.hobbies, '护肤', 25, 40, true, false], { minLength: 1, maxLength: 4 })
        .map((values) => ({ op: 'is', values })),
      fc.constantFrom(0, 25, 40, 9_900, 20_000).map((value) => ({ op: 'at_least', value })),
      fc.constantFrom(0, 25, 40, 9_900, 20_000).map((value) => ({ op: 'at_most', value })),
      fc.constantFrom('shang', '上', 'A+B(', '红', '.', 'port').map((value) => ({ op: 'begins', value })),
      day.map((date) => ({ op: 'before', date })),
      day.map((date) => ({ op: 'since', date })),
      daysBack.map((days) => ({ op: 'within_days', days })),
      daysBack.map((days) => ({ op: 'older_days', days })),
      fc.constant({ op: 'known' }),
    ),
  })
  .map((rest) => ({ type: 'attribute', ...rest }))

const level = fc
  .constantFrom(...Object.entries(world.schemes))
  .chain(([schemeId, levels]) =>
    fc
      .subarray([...levels, 'unknown'], { minLength: 1 })
      .map((list): Condition => ({ type: 'level', schemeId, in: list })),
  )

/** Every kind of leaf, by its kind. */
export const leaves: Readonly<Record<string, fc.Arbitrary<Condition>>> = {
  stage: fc.subarray([...stages], { minLength: 1 }).map((list) => ({ type: 'stage', in: list })),
  tier: fc.subarray([...tiers], { minLength: 1 }).map((list) => ({ type: 'tier', in: list })),
  level,
  tag: fc.constantFrom(...world.tags).map((tagId) => ({ type: 'tag', tagId, tag: tagId })),
  silent: daysBack.map((minDays) => ({ type: 'silent', minDays })),
  rhythm: fc.constantFrom(0.5, 0.9, 1, 1.5, 2.3).map((factor) => ({ type: 'rhythm', factor })),
  orders: fc.record({ type: fc.constant('orders'), op: fc.constantFrom('gte', 'lte'), value: few }),
  attribute,
  event: fc.record({
    type: fc.constant('event'),
    of: eventRef,
    op: fc.constantFrom('gte', 'lte'),
    count: few,
    withinDays: daysOrEver,
  }),
  sequence: fc.record({
    type: fc.constant('sequence'),
    first: eventRef,
    next: eventRef,
    withinDays: fc.integer({ min: 1, max: 20 }),
    sinceDays: daysOrEver,
  }),
  group: fc.subarray([...world.groups, 'g9'], { minLength: 1 }).map((chatIds) => ({ type: 'group', chatIds })),
  segment: fc.constantFrom(...world.segments).map((segmentId) => ({ type: 'segment', segmentId, segment: segmentId })),
}

/** Conditions of every kind, nested. */
export const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(...Object.values(leaves)),
    fc.array(tie('condition'), { maxLength: 3 }).map((of): Condition => ({ type: 'all', of })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((of): Condition => ({ type: 'any', of })),
    tie('condition').map((of): Condition => ({ type: 'not', of })),
  ),
}))

import { describe, expect, it } from 'vitest'
import { because } from '@zhiyin/shared/because'
import type { Condition } from '@zhiyin/shared/condition'
import type { Stage } from '@zhiyin/shared/stage'
import type { TierHow, TierScheme } from '@zhiyin/shared/tier-scheme'
import { evaluate } from '../../conditions/evaluate.ts'
import { meets } from '../../conditions/meets.ts'
import type { Subject } from '../../conditions/types.ts'
import { rawLevel, type Around } from './level.ts'

const now = new Date('2026-06-01T00:00:00Z')
const levels: TierScheme['levels'] = [
  { key: 'vip', name: 'VIP', tier: 'A' },
  { key: 'grow', name: '成长', tier: 'B' },
  { key: 'plain', name: '普通', tier: 'C' },
]
const scheme = (how: TierHow): TierScheme => ({ id: 's', name: '试', levels, how, holdDays: 0 })

const levelOf = (how: TierHow, stage: Stage, orders = 0, attrs: Subject['attrs'] = []) => {
  const subject: Subject = {
    stage: { stage },
    tier: { tier: 'C' },
    levels: [],
    tagIds: [],
    segments: [],
    groupIds: [],
    orders,
    purchases: orders,
    lastSeenAt: now,
    lastOrderAt: null,
    medianGapDays: null,
    attrs,
    events: [],
  }
  const around: Around = {
    ordersAt: () => ({ orders: [], lastOrderAt: null }),
    touchedAt: [],
    stage: { stage, because: [because('stage.never_interacted')] },
    stageTakes: (to) => (to === 'active' ? [because('stage.takes_active', { window: 30, min: 10 })] : []),
    meets: (condition) => meets(condition, subject, now),
    why: (condition) => evaluate(condition, subject, now).because,
  }
  const { place, because: why, next } = rawLevel(scheme(how), around, now)
  return {
    level: levels[place]?.key,
    why: why.map(({ code }) => code),
    next: next.map(({ code, params }) => [code, params]),
  }
}

describe('by lifecycle', () => {
  const how: TierHow = {
    type: 'lifecycle',
    levels: { active: 'vip', mature: 'grow', new: 'grow', potential: 'plain', silent: 'plain', lost: 'plain' },
  }
  it.each([
    ['active', 'vip', []],
    // With what that stage takes.
    [
      'mature',
      'grow',
      [
        ['tier.next_stage', { stage: 'active', to: 'VIP' }],
        ['stage.takes_active', { window: 30, min: 10 }],
      ],
    ],
    // The nearest level above that somebody silent can come to: they are new no more.
    ['silent', 'plain', [['tier.next_stage', { stage: 'mature', to: '成长' }]]],
    ['potential', 'plain', [['tier.next_stage', { stage: 'new', to: '成长' }]]],
  ] as const)('%s is on %s', (stage, level, next) => {
    expect(levelOf(how, stage)).toEqual({ level, why: ['tier.by_stage', 'stage.never_interacted'], next })
  })
})

describe('by a table', () => {
  const bought = (value: number): Condition => ({ type: 'orders', op: 'gte', value })
  const how: TierHow = {
    type: 'table',
    rows: [
      { level: 'vip', condition: { type: 'all', of: [bought(9), { type: 'stage', in: ['active'] }] } },
      { level: 'grow', condition: bought(3) },
    ],
    otherwise: 'plain',
  }
  it('says what failed of the first row of the nearest better level, with numbers', () => {
    expect(levelOf(how, 'active', 2)).toEqual({
      level: 'plain',
      why: ['tier.otherwise'],
      next: [
        ['tier.next_row', { to: '成长' }],
        ['rule.orders', { count: 2, op: '≥', value: 3 }],
      ],
    })
    const spend: TierHow = {
      type: 'table',
      rows: [
        { level: 'vip', condition: { type: 'attribute', key: 'spend', test: { op: 'at_least', value: 500_000 } } },
      ],
      otherwise: 'plain',
    }
    const { next } = levelOf(spend, 'active', 0, [{ k: 'spend', v: 123_400 }])
    expect(next).toEqual([
      ['tier.next_row', { to: 'VIP' }],
      ['rule.attribute_money', { key: 'spend', value: 123_400, op: '≥', want: 500_000 }],
    ])
    // Only the part that fails: they are active already.
    expect(levelOf(how, 'active', 4)).toEqual({
      level: 'grow',
      why: ['rule.orders'],
      next: [
        ['tier.next_row', { to: 'VIP' }],
        ['rule.orders', { count: 4, op: '≥', value: 9 }],
      ],
    })
    expect(levelOf(how, 'active', 9)).toMatchObject({ level: 'vip', next: [] })
  })
})

import { expect, it } from 'vitest'
import { say } from '@zhiyin/shared/because'
import { evaluate } from './evaluate.ts'
import type { Subject } from './types.ts'

const nothing = {
  ...{ levels: [], tagIds: [], segments: [], groupIds: [], events: [], attrs: [] },
  ...{ orders: 1, purchases: 1, lastSeenAt: null, lastOrderAt: null, medianGapDays: null },
}

it('tells amounts of attributes that managers have made in yuan, by the name they gave', () => {
  const view: Subject = {
    stage: { stage: 'active' },
    tier: { tier: 'A' },
    ...nothing,
    attrs: [{ k: 'spend_90d', v: 121_900 }],
  }
  const condition = {
    ...{ type: 'attribute' as const, key: 'spend_90d', name: '近 90 天消费', money: true },
    test: { op: 'at_least' as const, value: 50_000 },
  }
  const { met, because } = evaluate(condition, view, new Date())
  expect(met).toBe(true)
  expect(because.map((one) => say(one, 'zh', 'Asia/Shanghai'))).toEqual(['「近 90 天消费」是 ¥1,219（要求 ≥ ¥500）'])
})

it('asks for a customer’s own rhythm from the third purchase on', () => {
  const now = new Date('2026-06-01T00:00:00Z')
  const view: Subject = {
    ...nothing,
    stage: { stage: 'active' },
    tier: { tier: 'A' },
    orders: 3,
    purchases: 3,
    lastOrderAt: new Date('2026-05-17T00:00:00Z'),
    medianGapDays: 10,
  }
  const asked = (factor: number, of: Subject) => {
    const { met, because } = evaluate({ type: 'rhythm', factor }, of, now)
    return [met, ...because.map((one) => say(one, 'en', 'Asia/Shanghai'))]
  }
  const said = '15 days since the last order at a rhythm of 10 days (asked for'
  expect(asked(1.5, view)).toEqual([true, `${said} 1.5×)`])
  expect(asked(1.6, view)).toEqual([false, `${said} 1.6×)`])
  expect(asked(0.5, { ...view, purchases: 2 })).toEqual([
    false,
    'Fewer than three purchases (those of one day are one): no rhythm of their own yet',
  ])
})

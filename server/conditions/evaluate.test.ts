import { expect, it } from 'vitest'
import { say } from '@zhiyin/shared/because'
import { evaluate } from './evaluate.ts'
import type { Subject } from './types.ts'

it('tells amounts of attributes that managers have made in yuan, by the name they gave', () => {
  const view: Subject = {
    stage: { stage: 'active' },
    tier: { tier: 'A' },
    ...{ levels: [], tagIds: [], segments: [], groupIds: [], orders: 1, lastSeenAt: null, events: [] },
    attrs: [{ k: 'spend_90d', v: 121_900 }],
  }
  const condition = {
    ...{ type: 'attribute' as const, key: 'spend_90d', name: '近 90 天消费', money: true },
    test: { op: 'at_least' as const, value: 50_000 },
  }
  const { met, because } = evaluate(condition, view, new Date())
  expect(met).toBe(true)
  expect(because.map((one) => say(one, 'zh'))).toEqual(['「近 90 天消费」是 ¥1,219（要求 ≥ ¥500）'])
})

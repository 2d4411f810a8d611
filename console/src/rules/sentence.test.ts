import type { Trigger } from '@zhiyin/shared/rule'
import { describe, expect, it } from 'vitest'
import { buildChannel, buildContent, buildRuleInput } from '../testing/fixtures.ts'
import { namesOf } from './context.ts'
import { conditionSentence } from '../conditions/sentence.ts'
import { ruleSentence, spanName, stepSentence, triggerSentence } from './sentence.ts'

const names = namesOf({
  tags: [],
  contents: [buildContent()],
  groups: [],
  channels: [buildChannel()],
  reps: [{ id: 'wangmin', name: '王敏' }],
})

describe('a rule in words', () => {
  it('reads as one sentence', () => {
    expect(ruleSentence(buildRuleInput(), names, 'zh')).toBe(
      '进入「沉默」，且层级是 A、B、C，且没有标签「周末勿扰」：用企业群发（顾问确认）发「沉默唤醒」 → 等 3 天 → 给顾问任务「打个电话问候一下」',
    )
    expect(ruleSentence(buildRuleInput({ condition: { type: 'all', of: [] } }), names, 'en')).toContain(
      'When the customer enters Silent: send “沉默唤醒”',
    )
  })

  it.each<[Trigger, string]>([
    [{ type: 'customer.added', channelIds: [] }, '客户被添加'],
    [{ type: 'customer.added', channelIds: ['ch1', 'gone'] }, '通过渠道「活动海报 B」、「gone」添加'],
    [
      {
        type: 'customer.added',
        channelIds: ['ch1'],
        userids: ['wangmin', 'gone'],
        who: 'returning',
        hours: { from: '21:00', to: '09:00', weekdays: [6, 7] },
      },
      '通过渠道「活动海报 B」添加，被加的是王敏、gone，在周六、周日 21:00–09:00，老客户',
    ],
    [{ type: 'tier.changed', to: ['A', 'B'] }, '层级变为 A、B'],
    [{ type: 'event', event: 'order.completed' }, '客户下单'],
    [{ type: 'event', event: 'behavior.tracked', name: 'Product Viewed' }, '客户做了「Product Viewed」'],
    [{ type: 'schedule', at: '10:00', weekdays: [] }, '每天 10:00'],
    [{ type: 'schedule', at: '10:00', weekdays: [1, 5] }, '每周一、周五 10:00'],
  ])('says its trigger %#', (trigger, words) => {
    expect(triggerSentence(trigger, names, 'zh')).toBe(words)
  })

  it('puts nested conditions in brackets', () => {
    const words = conditionSentence(
      {
        type: 'any',
        of: [
          { type: 'stage', in: ['silent'] },
          {
            type: 'all',
            of: [
              { type: 'orders', op: 'gte', value: 5 },
              { type: 'silent', minDays: 14 },
            ],
          },
        ],
      },
      'zh',
    )
    expect(words).toBe('阶段是 沉默，或（至少 5 单，且 14 天未互动）')
  })

  it('says a span in its natural unit', () => {
    expect([0.5, 5, 72].map((hours) => spanName(hours, 'zh'))).toEqual(['30 分钟', '5 小时', '3 天'])
  })

  it('prints the id of a content that is gone', () => {
    const words = stepSentence(
      { id: 's', type: 'send', channel: 'app', contentId: 'gone', expireHours: 1 },
      names,
      'zh',
    )
    expect(words).toContain('「gone」')
  })
})

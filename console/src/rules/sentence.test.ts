import type { Step, Trigger } from '@zhiyin/shared/rule'
import { describe, expect, it } from 'vitest'
import { buildChannel, buildContent, buildRuleInput } from '../testing/fixtures.ts'
import { namesOf } from './context.ts'
import { conditionSentence } from '../conditions/sentence.ts'
import { ruleSentence, stepLines } from './sentence.ts'
import { stepSentence } from './step-sentence.ts'
import { triggerSentence } from './trigger-sentence.ts'
import { spanName } from './words.ts'

const names = namesOf(
  {
    tags: [],
    contents: [buildContent()],
    groups: [],
    channels: [buildChannel()],
    reps: [{ id: 'wangmin', name: '王敏' }],
  },
  'zh',
  [
    {
      key: 'expires',
      name: '会员到期日',
      nameEn: 'Expires',
      builtIn: false,
      layer: 'basic',
      type: 'date',
      choices: [],
    },
  ],
)

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
    [{ type: 'stage.left', stages: ['lost'] }, '离开「流失」'],
    [{ type: 'tier.left', from: ['A'] }, '不再是 A 层'],
    [{ type: 'tag.added', tags: [{ id: 't', name: '高意向' }] }, '被打上标签「高意向」'],
    [{ type: 'event', event: 'order.completed', where: [] }, '客户下单'],
    [
      {
        type: 'event',
        event: 'order.completed',
        where: [
          { field: 'amount', test: { op: 'at_least', value: 50_000 } },
          { field: 'category', test: { op: 'is', values: ['精华', '面霜'] } },
        ],
      },
      '客户下单（金额至少 ¥500、品类是 精华、面霜）',
    ],
    [{ type: 'event', event: 'behavior.tracked', name: 'Product Viewed', where: [] }, '客户做了「看了商品」'],
    [{ type: 'date', key: 'birthday', days: -3, yearly: true, at: '10:00' }, '每年生日前 3 天 10:00'],
    [{ type: 'date', key: 'expires', days: 0, yearly: false, at: '09:00' }, '会员到期日当天 09:00'],
    [{ type: 'schedule', at: '10:00', weekdays: [], monthdays: [] }, '每天 10:00'],
    [{ type: 'schedule', at: '10:00', weekdays: [1, 5], monthdays: [] }, '每周一、周五 10:00'],
    [
      { type: 'schedule', at: '10:00', weekdays: [], monthdays: [1, 15], zone: 'Asia/Tokyo' },
      '每月 1、15 日 10:00（Asia/Tokyo）',
    ],
    [{ type: 'manual' }, '由人放入'],
  ])('says its trigger %#', (trigger, words) => {
    expect(triggerSentence(trigger, names, 'zh')).toBe(words)
  })

  it('says where its ways lead when they part', () => {
    const rule = buildRuleInput({
      condition: { type: 'all', of: [] },
      steps: [
        {
          id: 'f',
          type: 'branch',
          arms: [{ id: 'a', name: 'VIP', condition: { type: 'tier', in: ['A'] }, next: 'x' }],
          otherwise: 'u',
        },
        { id: 'x', type: 'task', title: '打电话', dueHours: 24, next: null },
        { id: 'u', type: 'wait_until', until: { type: 'replied' }, hours: 48, next: 'x', otherwise: null },
      ],
    })
    expect(stepLines(rule.steps, names, 'zh')).toEqual([
      'VIP → 第 2 步、其余 → 第 3 步',
      '给顾问任务「打电话」 → 结束',
      '等到客户回复，最多 2 天 等到了 → 第 2 步、超时 → 结束',
    ])
    expect(ruleSentence(rule, names, 'zh')).toBe('进入「沉默」：按VIP、其余分路；各路合计等待 1 次、顾问任务 1 个')
    expect(ruleSentence(rule, names, 'en')).toBe(
      'When the customer enters Silent: parted by condition (VIP, otherwise); all ways together 1× wait, 1× task for the rep',
    )
  })

  it('says of many steps how many there are', () => {
    const steps = [1, 2, 3].flatMap((n): Step[] => [
      { id: `w${n}`, type: 'wait', hours: 24 },
      { id: `t${n}`, type: 'task', title: '回访', dueHours: 24 },
    ])
    expect(ruleSentence(buildRuleInput({ condition: { type: 'all', of: [] }, steps }), names, 'zh')).toBe(
      '进入「沉默」：等 1 天 → 给顾问任务「回访」 → … 一共等待 3 次、顾问任务 3 个',
    )
  })

  it.each<[Step, string]>([
    [{ id: 's', type: 'wait', hours: 24, at: '10:00', workdays: true }, '等 1 天，再到工作日，到 10:00'],
    [
      {
        id: 's',
        type: 'split',
        arms: [
          { id: 'a', name: '', percent: 70, next: null },
          { id: 'b', name: '优惠券', percent: 30, next: null },
        ],
      },
      '随机分流：路 A 70%、优惠券 30%',
    ],
    [{ id: 's', type: 'set_attribute', key: 'expires', value: null }, '收回规则写的会员到期日'],
    [{ id: 's', type: 'tag', add: [], remove: [] }, '打标签「…」'],
  ])('says its step %#', (step, words) => {
    expect(stepSentence(step, names, 'zh')).toBe(words)
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

import type { SchemeTemplate } from '@zhiyin/shared/api/tiers'
import type { Condition } from '@zhiyin/shared/condition'
import type { labels } from '@zhiyin/shared/labels'
import type { Lang } from '@zhiyin/shared/text'
import type { Tier } from '@zhiyin/shared/tier'
import { rfmScheme, usualHold } from '../profile/levels/read.ts'

type Words = { readonly zh: string; readonly en: string }

const attribute = (key: keyof typeof labels.attribute, op: 'at_least' | 'at_most', value: number): Condition => ({
  type: 'attribute',
  key,
  test: { op, value },
})
const all = (...of: Condition[]): Condition => ({ type: 'all', of })
const any = (...of: Condition[]): Condition => ({ type: 'any', of })
const refunds = (count: number, withinDays: number): Condition => ({
  type: 'event',
  of: { event: 'order.refunded' },
  op: 'gte',
  count,
  withinDays,
})
const answers = (count: number, withinDays: number): Condition => ({
  type: 'event',
  of: { event: 'customer.replied' },
  op: 'gte',
  count,
  withinDays,
})

/** Schemes to begin with, in the reader's language; every figure is meant to be changed. Money in minor units. */
export const templates = (lang: Lang): SchemeTemplate[] => {
  const level = (key: string, name: Words, tier: Tier) => ({ key, name: name[lang], tier })
  const { id: _id, ...rfm } = rfmScheme()
  const vip = level('vip', { zh: 'VIP', en: 'VIP' }, 'A')
  const growing = level('growing', { zh: '成长', en: 'Growing' }, 'B')
  const ordinary = level('ordinary', { zh: '普通', en: 'Ordinary' }, 'C')
  const hint = (zh: string, en: string): string => ({ zh, en })[lang]
  return [
    {
      key: 'rfm',
      hint: hint(
        '最近下单、下单次数、消费金额各打 1–5 分，相加定层级',
        'Recency, frequency and money, 1 to 5 points each',
      ),
      scheme: { ...rfm, name: hint('RFM 分层', 'RFM tiers') },
    },
    {
      key: 'value',
      hint: hint(
        '按近一年消费金额：前 5% 高价值，前 25% 中价值',
        'By a year’s spend: the best 5 %, the best 25 %, the rest',
      ),
      scheme: {
        name: hint('价值分层', 'Value tiers'),
        levels: [
          level('high', { zh: '高价值', en: 'High' }, 'A'),
          level('middle', { zh: '中价值', en: 'Middle' }, 'B'),
          level('low', { zh: '低价值', en: 'Low' }, 'C'),
        ],
        how: {
          type: 'value',
          windowDays: 365,
          measure: 'spend',
          mode: 'quantile',
          limits: [200_000, 50_000],
          shares: [0.05, 0.25],
        },
        holdDays: usualHold,
      },
    },
    {
      key: 'lifecycle',
      hint: hint('跟着生命周期阶段走：沉默和流失各成一层', 'Follows the lifecycle stage'),
      scheme: {
        name: hint('生命周期分层', 'Lifecycle tiers'),
        levels: [
          level('core', { zh: '核心', en: 'Core' }, 'A'),
          level('fresh', { zh: '新进', en: 'Newcomers' }, 'B'),
          level('sleeping', { zh: '待唤醒', en: 'To wake' }, 'B'),
          level('gone', { zh: '待召回', en: 'To win back' }, 'C'),
          level('unknown', { zh: '待激活', en: 'To begin with' }, 'C'),
        ],
        how: {
          type: 'lifecycle',
          levels: {
            active: 'core',
            mature: 'core',
            new: 'fresh',
            silent: 'sleeping',
            lost: 'gone',
            potential: 'unknown',
          },
        },
        holdDays: 0,
      },
    },
    {
      key: 'vip',
      hint: hint('买得多或花得多是 VIP，买过两次以上是成长', 'VIP by orders or spend, growing from two orders on'),
      scheme: {
        name: hint('VIP / 成长 / 普通', 'VIP, growing, ordinary'),
        levels: [vip, growing, ordinary],
        how: {
          type: 'table',
          rows: [
            {
              level: 'vip',
              condition: any({ type: 'orders', op: 'gte', value: 8 }, attribute('spend', 'at_least', 500_000)),
            },
            { level: 'growing', condition: { type: 'orders', op: 'gte', value: 2 } },
          ],
          otherwise: 'ordinary',
        },
        holdDays: 0,
      },
    },
    {
      key: 'needs',
      hint: hint(
        '按行为看需求：常退货、常来问、买得贵，各有各的说法',
        'By what they do: they ask a lot, buy the better things, or look at the price',
      ),
      scheme: {
        name: hint('需求分层', 'Tiers by need'),
        levels: [
          level('quality', { zh: '品质型', en: 'Quality-seeking' }, 'A'),
          level('service', { zh: '服务依赖型', en: 'Service-dependent' }, 'B'),
          level('price', { zh: '价格敏感型', en: 'Price-sensitive' }, 'C'),
          level('unknown', { zh: '还看不出', en: 'Not clear yet' }, 'C'),
        ],
        how: {
          type: 'table',
          rows: [
            { level: 'service', condition: any(answers(5, 30), refunds(2, 90)) },
            {
              level: 'quality',
              condition: all({ type: 'orders', op: 'gte', value: 2 }, attribute('average_order', 'at_least', 50_000)),
            },
            {
              level: 'price',
              condition: all({ type: 'orders', op: 'gte', value: 2 }, attribute('average_order', 'at_most', 15_000)),
            },
          ],
          otherwise: 'unknown',
        },
        holdDays: 0,
      },
    },
  ]
}

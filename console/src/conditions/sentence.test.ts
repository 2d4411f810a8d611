import type { Condition } from '@zhiyin/shared/condition'
import { langs } from '@zhiyin/shared/text'
import { describe, expect, it } from 'vitest'
import { conditionSentence, leafParts, type ConditionNames } from './sentence.ts'
import { bare, isGroup, leafKinds, startOf, type Leaf } from './tree.ts'

const names: ConditionNames = {
  chat: (id) => ({ chat_1: '会员群' })[id],
  rep: (id) => ({ wangmin: '王敏' })[id],
  channel: (id) => ({ ch1: '门店海报' })[id],
  segment: (id) => ({ seg_1: '高价值沉默' })[id],
}
const zh = (condition: Condition): string => conditionSentence(condition, 'zh', names)

const samples: readonly [Condition, string, string][] = [
  [{ type: 'stage', in: ['silent', 'lost'] }, '阶段是 沉默、流失', 'stage is Silent, Lost'],
  [{ type: 'tier', in: ['A'] }, '层级是 A', 'tier is A'],
  [
    { type: 'level', schemeId: 's1', in: ['vip'], scheme: '会员等级', names: { vip: '贵宾' } },
    '会员等级是 贵宾',
    '会员等级 is 贵宾',
  ],
  [{ type: 'tag', tagId: 't1', tag: '敏感肌' }, '有标签「敏感肌」', 'has the tag 敏感肌'],
  [{ type: 'silent', minDays: 30 }, '30 天未互动', 'silent for 30 days'],
  [{ type: 'rhythm', factor: 1.5 }, '距上次下单已满自己节奏的 1.5 倍', 'last bought 1.5× their own rhythm ago'],
  [{ type: 'orders', op: 'lte', value: 1 }, '最多 1 单', 'has bought at most 1×'],
  [
    { type: 'attribute', key: 'city', test: { op: 'is', values: ['上海', '苏州'] } },
    '城市是 上海、苏州',
    'City is 上海, 苏州',
  ],
  [{ type: 'attribute', key: 'gender', test: { op: 'is', values: ['female'] } }, '性别是 女', 'Gender is Female'],
  [
    { type: 'attribute', key: 'spend', test: { op: 'at_least', value: 200_000 } },
    '累计消费至少 ¥2,000',
    'Spend is at least ¥2,000',
  ],
  [
    { type: 'attribute', key: 'reps', test: { op: 'is', values: ['wangmin'] } },
    '跟进顾问包含 王敏',
    'Reps includes 王敏',
  ],
  [
    { type: 'attribute', key: 'skin', name: '肤质', test: { op: 'begins', value: '混合' } },
    '肤质以「混合」开头',
    '肤质 begins with “混合”',
  ],
  [
    { type: 'attribute', key: 'spend_90d', name: '近期消费', money: true, test: { op: 'at_least', value: 50_000 } },
    '近期消费至少 ¥500',
    '近期消费 is at least ¥500',
  ],
  [
    { type: 'attribute', key: 'birthday', test: { op: 'older_days', days: 30 } },
    '生日在 30 天以前',
    'Birthday is more than 30 days ago',
  ],
  [{ type: 'attribute', key: 'city', test: { op: 'known' } }, '知道城市', 'City is known'],
  [
    { type: 'event', of: { event: 'order.completed' }, op: 'gte', count: 2, withinDays: 90 },
    '近 90 天「下单」至少 2 次',
    'bought at least 2× within 90 days',
  ],
  [
    { type: 'event', of: { event: 'behavior.tracked', name: 'Product Added' }, op: 'gte', count: 1, withinDays: null },
    '有「加入购物车」',
    'added to the cart',
  ],
  [
    { type: 'event', of: { event: 'behavior.tracked', name: '签到' }, op: 'lte', count: 0, withinDays: 7 },
    '近 7 天没有「签到」',
    'never “签到” within 7 days',
  ],
  [
    {
      type: 'sequence',
      first: { event: 'behavior.tracked', name: 'Product Viewed' },
      next: { event: 'order.completed' },
      withinDays: 7,
      sinceDays: 90,
    },
    '近 90 天「看了商品」后 7 天内「下单」',
    'bought within 7 days after viewed a product within 90 days',
  ],
  [{ type: 'group', chatIds: ['chat_1'] }, '在群 会员群', 'is in the group 会员群'],
  [{ type: 'segment', segmentId: 'seg_1', segment: '旧名' }, '属于人群「高价值沉默」', 'is in the segment 高价值沉默'],
]

describe('a condition in words', () => {
  it.each(samples)('says %j', (condition, inChinese, inEnglish) => {
    expect(zh(condition)).toBe(inChinese)
    expect(conditionSentence(condition, 'en', names)).toBe(inEnglish)
  })

  it.each(leafKinds.flatMap((kind) => langs.map((lang) => [kind, lang] as const)))(
    'has words for %s in %s, also denied and before it is filled in',
    (kind, lang) => {
      for (const condition of [startOf(kind), { type: 'not' as const, of: startOf(kind) }]) {
        const words = conditionSentence(condition, lang)
        expect(words).not.toMatch(/[{}]|undefined|\b(stage|level|sequence|attribute)\.|order\.completed/)
        expect(words.length).toBeGreaterThan(2)
      }
    },
  )

  it('says what is denied in the words of the field', () => {
    const not = (of: Condition): string => zh({ type: 'not', of })
    expect(not({ type: 'silent', minDays: 30 })).toBe('30 天内有互动')
    expect(not({ type: 'segment', segmentId: 'seg_1', segment: '' })).toBe('不属于人群「高价值沉默」')
    expect(not({ type: 'attribute', key: 'city', test: { op: 'known' } })).toBe('不知道城市')
    expect(not({ type: 'event', of: { event: 'order.completed' }, op: 'gte', count: 1, withinDays: 7 })).toBe(
      '近 7 天没有「下单」',
    )
    expect(not({ type: 'orders', op: 'gte', value: 2 })).toBe('不满足（至少 2 单）')
    expect(
      zh({
        type: 'not',
        of: {
          type: 'any',
          of: [
            { type: 'tier', in: ['A'] },
            { type: 'orders', op: 'gte', value: 1 },
          ],
        },
      }),
    ).toBe('不满足（层级是 A，或至少 1 单）')
  })

  it('marks what a person has chosen, and loses no word', () => {
    for (const [condition, words] of samples) {
      const { inner } = bare(condition)
      if (isGroup(inner)) throw new Error('a leaf was expected')
      const leaf: Leaf = inner
      const parts = leafParts(leaf, false, 'zh', names)
      expect(parts.map(({ text }) => text).join('')).toBe(words)
      expect(parts.some(({ strong }) => strong)).toBe(true)
    }
  })
})

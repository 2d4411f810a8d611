import type { Condition } from '@zhiyin/shared/condition'

type Filter = Record<string, unknown>
/** A segment as a manager would make it, and the filter somebody who knows the collection would write for it. */
export type Typical = { readonly name: string; readonly condition: Condition; readonly byHand: (now: Date) => Filter }

const ago = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000)
const tag = (n: number): Condition => ({ type: 'tag', tagId: `t${n}`, tag: `t${n}` })
const ordered = (count: number, withinDays: number | null): Condition => ({
  type: 'event',
  of: { event: 'order.completed' },
  op: 'gte',
  count,
  withinDays,
})
const behaved = (name: string, count: number, withinDays: number | null): Condition => ({
  type: 'event',
  of: { event: 'behavior.tracked', name },
  op: 'gte',
  count,
  withinDays,
})
const inCity = (...values: string[]): Condition => ({ type: 'attribute', key: 'city', test: { op: 'is', values } })
const spent = (value: number): Condition => ({ type: 'attribute', key: 'spend', test: { op: 'at_least', value } })
const all = (...of: Condition[]): Condition => ({ type: 'all', of })
const any = (...of: Condition[]): Condition => ({ type: 'any', of })
const not = (of: Condition): Condition => ({ type: 'not', of })
const attr = (k: string, v: unknown): Filter => ({ attrs: { $elemMatch: { k, v } } })
const event = (n: string, rest: Filter = {}): Filter => ({ 'state.events': { $elemMatch: { n, ...rest } } })

const timesOf = (n: string): Filter => ({
  $first: { $filter: { input: '$state.events', as: 'e', cond: { $eq: ['$$e.n', n] } } },
})

export const typicalSegments: readonly Typical[] = [
  {
    name: '沉默',
    condition: { type: 'stage', in: ['silent'] },
    byHand: () => ({ 'stage.stage': 'silent' }),
  },
  {
    name: '沉默或流失',
    condition: { type: 'stage', in: ['silent', 'lost'] },
    byHand: () => ({ 'stage.stage': { $in: ['silent', 'lost'] } }),
  },
  {
    name: 'A 层',
    condition: { type: 'tier', in: ['A'] },
    byHand: () => ({ 'tier.tier': 'A' }),
  },
  {
    name: 'A 层沉默',
    condition: all({ type: 'tier', in: ['A'] }, { type: 'stage', in: ['silent'] }),
    byHand: () => ({ 'tier.tier': 'A', 'stage.stage': 'silent' }),
  },
  {
    name: '会员等级',
    condition: { type: 'level', schemeId: 'rfm', in: ['a', 'b'] },
    byHand: () => ({ levels: { $elemMatch: { scheme: 'rfm', level: { $in: ['a', 'b'] } } } }),
  },
  { name: '有标签', condition: tag(3), byHand: () => ({ tagIds: 't3' }) },
  {
    name: '任一标签',
    condition: any(tag(1), tag(2), tag(3)),
    byHand: () => ({ tagIds: { $in: ['t1', 't2', 't3'] } }),
  },
  {
    name: '两个标签',
    condition: all(tag(1), tag(2)),
    byHand: () => ({ tagIds: { $all: ['t1', 't2'] } }),
  },
  {
    name: '有标签，没有另一个',
    condition: all(tag(4), not(tag(5))),
    byHand: () => ({ tagIds: { $eq: 't4', $ne: 't5' } }),
  },
  {
    name: '60 天未互动',
    condition: { type: 'silent', minDays: 60 },
    byHand: (now) => ({ activeAt: { $gte: new Date(0), $lte: ago(now, 60) } }),
  },
  {
    name: '30 到 60 天未互动',
    condition: all({ type: 'silent', minDays: 30 }, not({ type: 'silent', minDays: 60 })),
    byHand: (now) => ({ activeAt: { $lte: ago(now, 30), $gt: ago(now, 60) } }),
  },
  {
    name: '至少 3 单',
    condition: { type: 'orders', op: 'gte', value: 3 },
    byHand: () => ({ orders: { $gte: 3 } }),
  },
  {
    name: '只买过一次',
    condition: all({ type: 'orders', op: 'gte', value: 1 }, { type: 'orders', op: 'lte', value: 1 }),
    byHand: () => ({ orders: 1 }),
  },
  {
    name: '买过但 90 天未互动',
    condition: all({ type: 'orders', op: 'gte', value: 1 }, { type: 'silent', minDays: 90 }),
    byHand: (now) => ({ orders: { $gte: 1 }, activeAt: { $gte: new Date(0), $lte: ago(now, 90) } }),
  },
  { name: '上海', condition: inCity('上海'), byHand: () => attr('city', '上海市') },
  {
    name: '一线城市',
    condition: inCity('上海', '北京', '广州', '深圳'),
    byHand: () => attr('city', { $in: ['上海市', '北京市', '广州市', '深圳市'] }),
  },
  {
    name: '喜欢露营',
    condition: { type: 'attribute', key: 'hobbies', test: { op: 'is', values: ['露营'] } },
    byHand: () => attr('hobbies', '露营'),
  },
  {
    name: '30 到 40 岁',
    condition: all(
      { type: 'attribute', key: 'age', test: { op: 'at_least', value: 30 } },
      { type: 'attribute', key: 'age', test: { op: 'at_most', value: 40 } },
    ),
    byHand: () => attr('age', { $gte: 30, $lte: 40 }),
  },
  { name: '累计消费满 2000', condition: spent(200_000), byHand: () => attr('spend', { $gte: 200_000 }) },
  {
    name: '上海高消费',
    condition: all(inCity('上海'), spent(100_000)),
    byHand: () => ({ $and: [attr('city', '上海市'), attr('spend', { $gte: 100_000 })] }),
  },
  {
    name: '首单在 30 天内',
    condition: { type: 'attribute', key: 'first_order_at', test: { op: 'within_days', days: 30 } },
    byHand: (now) => attr('first_order_at', { $gt: ago(now, 30), $lte: now }),
  },
  {
    name: '30 天内下过单',
    condition: ordered(1, 30),
    byHand: (now) => event('order.completed', { 'at.0': { $gt: ago(now, 30) } }),
  },
  {
    name: '90 天内至少 2 单',
    condition: ordered(2, 90),
    byHand: (now) => event('order.completed', { 'at.1': { $gt: ago(now, 90) } }),
  },
  {
    name: '7 天内加购',
    condition: behaved('Product Added', 1, 7),
    byHand: (now) => event('behavior.tracked:Product Added', { 'at.0': { $gt: ago(now, 7) } }),
  },
  {
    name: '30 天内加购没下单',
    condition: all(behaved('Product Added', 1, 30), not(ordered(1, 30))),
    byHand: (now) => ({
      $and: [
        event('behavior.tracked:Product Added', { 'at.0': { $gt: ago(now, 30) } }),
        { $nor: [event('order.completed', { 'at.0': { $gt: ago(now, 30) } })] },
      ],
    }),
  },
  {
    name: '看过文章 2 次',
    condition: behaved('Article Opened', 2, null),
    byHand: () => event('behavior.tracked:Article Opened', { 'at.1': { $exists: true } }),
  },
  {
    name: '看商品后 7 天内下单',
    condition: {
      type: 'sequence',
      first: { event: 'behavior.tracked', name: 'Product Viewed' },
      next: { event: 'order.completed' },
      withinDays: 7,
      sinceDays: 90,
    },
    byHand: (now) => ({
      $and: [
        event('behavior.tracked:Product Viewed', { 'at.0': { $gt: ago(now, 90) } }),
        event('order.completed'),
        {
          $expr: {
            $let: {
              vars: { look: timesOf('behavior.tracked:Product Viewed'), buy: timesOf('order.completed') },
              in: {
                $anyElementTrue: {
                  $map: {
                    input: '$$look.at',
                    as: 'a',
                    in: {
                      $and: [
                        { $gt: ['$$a', ago(now, 90)] },
                        {
                          $anyElementTrue: {
                            $map: {
                              input: '$$buy.at',
                              as: 'b',
                              in: {
                                $and: [{ $gt: ['$$b', '$$a'] }, { $lte: ['$$b', { $add: ['$$a', 7 * 86_400_000] }] }],
                              },
                            },
                          },
                        },
                      ],
                    },
                  },
                },
              },
            },
          },
        },
      ],
    }),
  },
  {
    name: '在两个群之一',
    condition: { type: 'group', chatIds: ['g1', 'g2'] },
    byHand: () => ({ groupIds: { $in: ['g1', 'g2'] } }),
  },
  {
    name: '人群之内的 A 层',
    condition: all({ type: 'segment', segmentId: 'live', segment: '近期下单' }, { type: 'tier', in: ['A'] }),
    byHand: () => ({ 'segments.id': 'live', 'tier.tier': 'A' }),
  },
  {
    name: '沉默高价值，或流失前常买',
    condition: any(
      all({ type: 'stage', in: ['silent'] }, { type: 'tier', in: ['A', 'B'] }, not(tag(9))),
      all({ type: 'stage', in: ['lost'] }, { type: 'orders', op: 'gte', value: 2 }, inCity('上海', '杭州')),
    ),
    byHand: () => ({
      $or: [
        { 'stage.stage': 'silent', 'tier.tier': { $in: ['A', 'B'] }, tagIds: { $ne: 't9' } },
        { 'stage.stage': 'lost', orders: { $gte: 2 }, ...attr('city', { $in: ['上海市', '杭州市'] }) },
      ],
    }),
  },
]

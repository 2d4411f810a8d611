import { expect, it } from 'vitest'
import { attributeName, sayComputation, sayExactness, sayOrigin, sayReach } from './attribute-words.ts'
import { Computation } from './attribute.ts'

const order = { event: 'order.completed' }

it.each([
  [{ type: 'count', of: order, windowDays: 90 }, '近 90 天「下单」的次数', 'how many “Bought” within 90 days'],
  [
    { type: 'sum', of: order, property: 'amount', windowDays: null },
    '全部「下单」的金额合计',
    'sum of amount of “Bought” ever',
  ],
  [{ type: 'last', of: order, property: null }, '最近一次「下单」的时间', 'when the last “Bought” was'],
  [
    {
      type: 'count',
      of: {
        event: 'behavior.tracked',
        name: 'Product Viewed',
        where: [{ property: 'category', is: ['精华', '面膜'] }],
      },
      windowDays: 7,
    },
    '近 7 天「看了商品」（category 为 精华、面膜）的次数',
    'how many “Viewed a product” (category: 精华, 面膜) within 7 days',
  ],
  [
    { type: 'ratio', of: { event: 'link.opened' }, to: order, windowDays: 30 },
    '近 30 天每次「打开链接」对应几次「下单」',
    'how many “Bought” for each “Opened a link” within 30 days',
  ],
])('says what %j is worked out from', (computation, zh, en) => {
  const parsed = Computation.parse(computation)
  expect([sayComputation(parsed, 'zh'), sayComputation(parsed, 'en')]).toEqual([zh, en])
})

it('says how far a value is exact, and in a definition what it will be', () => {
  expect(sayReach({ newest: 500, foreign: 2 }, 'zh')).toBe('只按最近 500 次算；另有 2 单是其他币种，金额没有算进去')
  expect(sayReach({ newest: 500 }, 'en')).toBe('of the newest 500 only')
  expect(sayReach({}, 'zh')).toBeNull()
  expect(sayExactness({ event: 'order.completed', where: [] }, 'zh')).toContain('减去退款')
  expect(sayExactness({ event: 'link.opened', where: [] }, 'en')).toContain('the newest 500')
})

it('says how built-in values come about, and nothing of what somebody said', () => {
  expect(sayOrigin({ key: 'orders', source: 'order' }, null, 'zh')).toBe('全部订单，不含取消和全额退款的')
  expect(sayOrigin({ key: 'categories', source: 'rep' }, null, 'zh')).toBeNull()
  expect(sayOrigin({ key: 'skin', source: 'ingest' }, undefined, 'zh')).toBeNull()
})

it('calls an attribute by its name in the reader’s language', () => {
  expect(attributeName({ key: 'city', name: '所在地' }, 'zh')).toBe('所在地')
  expect(attributeName({ key: 'city' }, 'en')).toBe('City')
  expect(attributeName({ key: 'skin', name: '肤质', nameEn: 'Skin' }, 'en')).toBe('Skin')
  expect(attributeName({ key: 'skin', name: '肤质' }, 'en')).toBe('肤质')
  expect(attributeName({ key: 'odd' }, 'zh')).toBe('odd')
})

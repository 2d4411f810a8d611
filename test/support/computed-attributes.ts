import type { Attribute, Computation } from '@zhiyin/shared/attribute'

const orders = { event: 'order.completed' as const, where: [] }
const refunds = { event: 'order.refunded' as const, where: [] }
const reads = { event: 'behavior.tracked' as const, name: 'Article Opened', where: [] }
const cancellations = { event: 'order.cancelled' as const, where: [] }
const branded = { ...orders, where: [{ property: 'brand', is: ['初雪'] }] }
const skin = { ...orders, where: [{ property: 'category', is: ['护肤'] }] }

const computations: Readonly<Record<string, readonly [Attribute['type'], Computation]>> = {
  orders_30d: ['number', { type: 'count', of: orders, windowDays: 30 }],
  orders_ever: ['number', { type: 'count', of: orders, windowDays: null }],
  skin_90d: ['number', { type: 'count', of: skin, windowDays: 90 }],
  spend_30d: ['money', { type: 'sum', of: orders, property: 'amount', windowDays: 30 }],
  average_ever: ['money', { type: 'average', of: orders, property: 'amount', windowDays: null }],
  first_amount: ['money', { type: 'first', of: orders, property: 'amount' }],
  last_order: ['date', { type: 'last', of: orders, property: null }],
  last_topic: ['text', { type: 'last', of: reads, property: 'topic' }],
  top_topics: ['list', { type: 'top', of: reads, property: 'topic', most: 2, windowDays: 60 }],
  kinds_bought: ['number', { type: 'unique', of: orders, property: 'category', windowDays: 60 }],
  refund_share: ['number', { type: 'ratio', of: orders, to: refunds, windowDays: 90 }],
  spend_ever: ['money', { type: 'sum', of: orders, property: 'amount', windowDays: null }],
  units_ever: ['number', { type: 'sum', of: orders, property: 'quantity', windowDays: null }],
  names_bought: ['list', { type: 'top', of: orders, property: 'name', most: 2, windowDays: 90 }],
  branded_90d: ['money', { type: 'sum', of: branded, property: 'amount', windowDays: 90 }],
  given_back: ['money', { type: 'sum', of: refunds, property: 'amount', windowDays: 60 }],
  kinds_returned: ['list', { type: 'top', of: refunds, property: 'category', most: 2, windowDays: null }],
  cancelled_60d: ['number', { type: 'count', of: cancellations, windowDays: 60 }],
  reads_ever: ['number', { type: 'count', of: reads, windowDays: null }],
  reads_30d: ['number', { type: 'count', of: reads, windowDays: 30 }],
  first_topic: ['text', { type: 'first', of: reads, property: 'topic' }],
  rhythm: ['number', { type: 'median_gap', of: orders }],
}

/** A computed attribute of every kind, with and without a window. */
export const computedAttributes: readonly Attribute[] = Object.entries(computations).map(
  ([key, [type, computation]]) => ({
    key,
    name: key,
    layer: 'consumption',
    type,
    choices: [],
    sensitivity: 'open',
    sources: [],
    computation,
  }),
)

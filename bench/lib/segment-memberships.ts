import { setTimeout as sleep } from 'node:timers/promises'
import type { Condition } from '@zhiyin/shared/condition'
import type { Mongo } from '../../server/platform/mongo.ts'
import type { Product } from './product.ts'

const events = 600
const perSecond = 30

/** Whoever has bought within two months. */
export const buyers: Condition = {
  type: 'event',
  of: { event: 'order.completed' },
  op: 'gte',
  count: 1,
  withinDays: 60,
}

const order = (userId: string, n: number) => ({
  type: 'track' as const,
  event: 'Order Completed',
  userId,
  messageId: `bench-segments-${n}`,
  properties: { order_id: `bench-${n}`, total: 120, currency: 'CNY', products: [] },
})

/** Orders of customers after `from` who were not in the segment and may be, at a steady rate: ms until each of them is in. */
export const memberships = async (product: Product, mongo: Mongo, live: string, from: string): Promise<number[]> => {
  const customers = mongo.connection.collection<{
    _id: string
    segments: { id: string }[]
    consents: { profiling: string }
  }>('customers')
  const outside = await customers
    .find(
      { _id: { $gt: from }, 'segments.id': { $ne: live }, 'consents.profiling': { $ne: 'withdrawn' } },
      { projection: { _id: 1 } },
    )
    .sort({ _id: 1 })
    .limit(events)
    .toArray()
  product.doneAt.clear()
  const asked = new Map<string, number>()
  const began = performance.now()
  await Promise.all(
    outside.map(async ({ _id }, i) => {
      await sleep(Math.max(0, began + (i / perSecond) * 1000 - performance.now()))
      asked.set(_id, performance.now())
      await product.takeOne(order(_id.slice('customer_'.length), performance.timeOrigin + performance.now() + i))
    }),
  )
  await product.idle()
  const inside = await customers.countDocuments({ _id: { $in: [...asked.keys()] }, 'segments.id': live })
  if (inside !== asked.size) throw new Error(`${asked.size - inside} of ${asked.size} have not come in`)
  return [...asked].map(([id, at]) => (product.doneAt.get(id) ?? Infinity) - at)
}

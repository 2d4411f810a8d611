import * as fc from 'fast-check'
import type { NewFact } from '@zhiyin/shared/fact'

const dayMs = 86_400_000
type Base = { readonly id: string; readonly customerId: string; readonly at: Date }
type Deed = (base: Base) => NewFact

const orderId = (customerId: string, n: number): string => `${customerId}-o${n}`
const few = fc.integer({ min: 1, max: 4 })

/** Everything of one customer that decides where they stand, of few orders and tags, so that deeds meet. */
const deed: fc.Arbitrary<Deed> = fc.oneof<fc.Arbitrary<Deed>[]>(
  fc.record({ n: few, amount: fc.integer({ min: 1, max: 60_000 }) }).map(({ n, amount }) => (base) => ({
    ...base,
    source: 'ingest',
    type: 'order.completed',
    payload: { orderId: orderId(base.customerId, n), amount, currency: 'CNY', products: [] },
  })),
  fc.record({ n: few, amount: fc.integer({ min: 1, max: 60_000 }) }).map(({ n, amount }) => (base) => ({
    ...base,
    source: 'ingest',
    type: 'order.refunded',
    payload: { orderId: orderId(base.customerId, n), refundId: `r${amount % 3}`, amount, currency: 'CNY' },
  })),
  few.map((n) => (base) => ({
    ...base,
    source: 'ingest',
    type: 'order.cancelled',
    payload: { orderId: orderId(base.customerId, n) },
  })),
  fc
    .record({ tagId: fc.constantFrom('t1', 't2', 't3', 't_rule'), on: fc.boolean() })
    .map(({ tagId, on }) => (base) => ({
      ...base,
      source: 'rep',
      type: on ? 'tag.added' : 'tag.removed',
      payload: { tagId, tag: tagId, because: [] },
    })),
  fc.boolean().map((joined) => (base) => ({
    ...base,
    source: 'rep',
    type: joined ? 'list.joined' : 'list.left',
    payload: { listId: 'seg_list', list: '名单', by: 'wang' },
  })),
  fc.constantFrom('granted' as const, 'withdrawn' as const).map((state) => (base) => ({
    ...base,
    source: 'rep',
    type: 'consent.changed',
    payload: { purpose: 'profiling', state, source: 'rep', by: 'wang' },
  })),
  fc.constant((base) => ({ ...base, source: 'wecom', type: 'customer.replied', payload: { via: 'wecom' } })),
  fc.boolean().map((added) => (base) => ({
    ...base,
    source: 'wecom',
    type: added ? 'contact.added' : 'contact.deleted_by_customer',
    payload: { userid: 'rep1' },
  })),
)

/** Deeds of the last 100 days, whole days ago, so that limits are met exactly; the same for whoever they are told of. */
export const anyDeeds = fc.array(fc.record({ daysAgo: fc.nat(100), deed }), { minLength: 1, maxLength: 12 }).map(
  (deeds) =>
    (customerId: string, now: Date): NewFact[] =>
      deeds.map(({ daysAgo, deed: make }, i) =>
        make({ id: `${customerId}:deed${i}`, customerId, at: new Date(now.getTime() - daysAgo * dayMs) }),
      ),
)

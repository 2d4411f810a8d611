import * as fc from 'fast-check'
import type { Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const base = { customerId: 'cus_1', seenAt: new Date(start), source: 'ingest' } as const
const traitSource = fc.constantFrom('ingest' as const, 'import' as const, 'rep' as const, 'rule' as const)

/** Few values, so that facts meet: the same order twice, a refund before its order, a deletion in the second of the add. */
const at = fc.integer({ min: 0, max: 40 }).map((n) => new Date(start + n * 11 * day))
const id = fc.integer({ min: 0, max: 200 }).map((n) => `fact${n}`)
const userid = fc.constantFrom('lina', 'wang')
const amount = fc.integer({ min: 0, max: 50_000 })
const orderId = fc.constantFrom('o1', 'o2', 'o3', 'o4', 'o5')
const because = fc.constantFrom<Because[]>([], [{ code: 'tag.by_wecom', params: {} }])
const tag = fc.record({ tagId: fc.constantFrom('t1', 't2'), tag: fc.constantFrom('新客', '会员'), because })

const fact: fc.Arbitrary<Fact> = fc.tuple(id, at).chain(([factId, when]): fc.Arbitrary<Fact> => {
  const head = { ...base, id: factId, at: when }
  return fc.oneof(
    fc
      .record({ userid, half: fc.boolean(), channelId: fc.constantFrom('c1', 'c2') })
      .map((payload): Fact => ({ ...head, type: 'contact.added' as const, payload })),
    fc.record({ userid }).map((payload): Fact => ({ ...head, type: 'contact.deleted_by_rep' as const, payload })),
    fc.record({ userid, to: fc.constantFrom('lina', 'wang') }).map((pair): Fact => ({
      ...head,
      type: 'contact.deleted_by_rep' as const,
      payload: { ...pair, transfer: true },
    })),
    fc
      .record({ userid, from: fc.constantFrom('lina', 'wang') })
      .map((pair): Fact => ({ ...head, type: 'contact.added' as const, payload: { ...pair, transfer: true } })),
    fc.record({ userid }).map((payload): Fact => ({ ...head, type: 'contact.deleted_by_customer' as const, payload })),
    fc.constant<Fact>({ ...head, type: 'customer.replied', payload: { via: 'ingest' } }),
    fc.record({ orderId, amount }).map((order): Fact => ({
      ...head,
      type: 'order.completed' as const,
      payload: {
        ...order,
        currency: 'CNY',
        products: [{ category: `c${order.amount % 3}`, name: `p${order.amount % 5}` }],
      },
    })),
    fc
      .record({ orderId, amount, refundId: fc.constantFrom('r1', 'r2') })
      .map((refund): Fact => ({ ...head, type: 'order.refunded' as const, payload: { ...refund, currency: 'CNY' } })),
    fc.record({ orderId, amount }).map((order): Fact => ({
      ...head,
      type: 'order.updated' as const,
      payload: { ...order, currency: 'CNY', products: [] },
    })),
    fc.record({ orderId }).map((payload): Fact => ({ ...head, type: 'order.cancelled' as const, payload })),
    fc
      .record({ linkId: fc.constantFrom('l1', 'l2'), url: fc.constant('https://shop.example/') })
      .map((payload): Fact => ({ ...head, type: 'link.opened' as const, payload })),
    fc.record({ topic: fc.constantFrom('护肤', '彩妆', '个护') }).map((properties): Fact => ({
      ...head,
      type: 'behavior.tracked' as const,
      payload: { name: 'Article Opened', properties },
    })),
    fc
      .record({
        city: fc.constantFrom('上海', '杭州'),
        name: fc.constantFrom('陈琳', '林夏'),
        phone: fc.constantFrom('13800138000', '13800138001'),
        marketing_consent: fc.constantFrom('granted', 'withdrawn'),
      })
      .chain((traits) => traitSource.map((source) => ({ traits, source }) as const))
      .map((payload): Fact => ({ ...head, type: 'profile.identified' as const, payload })),
    fc
      .constantFrom({ topics: ['露营'] }, { last_seen_at: '2026-03-01' }, { last_seen_at: null })
      .chain((traits) => traitSource.map((source) => ({ traits, source }) as const))
      .map((payload): Fact => ({ ...head, type: 'profile.identified' as const, payload })),
    fc
      .record({
        purpose: fc.constantFrom('marketing' as const, 'profiling' as const),
        state: fc.constantFrom('granted' as const, 'withdrawn' as const),
        source: fc.constantFrom('rep' as const, 'form' as const),
      })
      .map((payload): Fact => ({ ...head, type: 'consent.changed' as const, payload })),
    tag.map((payload): Fact => ({ ...head, type: 'tag.added' as const, payload })),
    tag.map((payload): Fact => ({ ...head, type: 'tag.removed' as const, payload })),
    fc
      .record({ chatId: fc.constantFrom('g1', 'g2') })
      .map((payload): Fact => ({ ...head, type: 'group.joined' as const, payload })),
    fc
      .record({ chatId: fc.constantFrom('g1', 'g2') })
      .map((payload): Fact => ({ ...head, type: 'group.left' as const, payload })),
    fc
      .record({ listId: fc.constantFrom('l1', 'l2'), list: fc.constant('名单'), by: fc.constant('wang') })
      .chain((payload) =>
        fc.constantFrom('list.joined', 'list.left').map((type): Fact => ({ ...head, type, payload })),
      ),
  )
})

/** Facts of every kind that are told of one customer from 2026 on, over 440 days. A fact's id is its whole identity, so one id has one content. */
export const anyFacts = fc.uniqueArray(fact, { selector: (one) => one.id, maxLength: 40 })

import * as fc from 'fast-check'
import type { Attribute } from '@zhiyin/shared/attribute'
import type { NewFact } from '@zhiyin/shared/fact'
import { StageSettings } from '@zhiyin/shared/stage'
import { rfmScheme } from '../../server/profile/default-scheme.ts'
import type { Definitions } from '../../server/profile/types.ts'
import { world } from './random-conditions.ts'

const dayMs = 86_400_000
type Base = { readonly id: string; readonly customerId: string; readonly at: Date }
type Deal = (base: Base) => NewFact

const date = (key: string, name: string): Attribute => ({
  ...{ key, name, layer: 'basic', type: 'date', choices: [], sensitivity: 'open', sources: [], computation: null },
}) // prettier-ignore

/** What managers have defined in this world: levels, a tag and segments that ask for each other, a date among the attributes. */
export const worldDefinitions: Omit<Definitions, 'version'> = {
  stages: StageSettings.parse({}),
  schemes: [
    rfmScheme(),
    {
      id: 'spenders',
      name: '消费力',
      levels: [
        { key: 'high', name: '高', tier: 'A' },
        { key: 'low', name: '低', tier: 'C' },
      ],
      how: { type: 'value', windowDays: 60, measure: 'spend', mode: 'fixed', limits: [15_000], shares: [] },
      holdDays: 5,
    },
    {
      id: 'table',
      name: '关怀',
      levels: [
        { key: 'yes', name: '是', tier: 'A' },
        { key: 'no', name: '否', tier: 'C' },
      ],
      how: {
        type: 'table',
        rows: [{ level: 'yes', condition: { type: 'segment', segmentId: 'seg_silent', segment: '久未互动' } }],
        otherwise: 'no',
      },
      holdDays: 0,
    },
  ],
  attributes: [date('visit_at', '到店'), date('last_seen_at', '最近互动')],
  tags: { exclusive: [], expiry: {} },
  tagRules: [
    {
      id: 'rule1',
      name: '常客规则',
      version: 1,
      tagId: 't_rule',
      tag: '常客',
      condition: { type: 'event', of: { event: 'order.completed' }, op: 'gte', count: 2, withinDays: 45 },
    },
  ],
  segments: [
    { id: 'seg_silent', name: '久未互动', condition: { type: 'silent', minDays: 20 } },
    {
      id: 'seg_nested',
      name: '常客',
      condition: {
        type: 'any',
        of: [
          { type: 'tag', tagId: 't_rule', tag: '常客' },
          { type: 'segment', segmentId: 'seg_list', segment: '名单' },
        ],
      },
    },
    { id: 'seg_list', name: '名单', condition: null },
  ],
}

const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

const traits = fc.oneof(
  pick(world.cities).map((city) => ({ city })),
  fc.subarray([...world.hobbies], { minLength: 1 }).map((hobbies) => ({ hobbies })),
  pick([25, 40, '25']).map((age) => ({ age })),
  fc.boolean().map((vip) => ({ vip })),
  fc.integer({ min: -70, max: 4 }).chain((days) => {
    const told = new Date(Date.UTC(2026, 5, 1) + days * dayMs).toISOString()
    return fc.constantFrom({ visit_at: told }, { last_seen_at: told })
  }),
)

const deal: fc.Arbitrary<Deal> = fc.oneof<fc.Arbitrary<Deal>[]>(
  pick(['rep1', 'rep2']).map((userid) => (base) => ({
    ...base,
    source: 'wecom',
    type: 'contact.added',
    payload: { userid },
  })),
  fc.constant((base) => ({
    ...base,
    source: 'wecom',
    type: 'contact.deleted_by_customer',
    payload: { userid: 'rep1' },
  })),
  fc.constant((base) => ({ ...base, source: 'wecom', type: 'customer.replied', payload: { via: 'wecom' } })),
  pick([900, 9_900, 20_000]).map((amount) => (base) => ({
    ...base,
    source: 'ingest',
    type: 'order.completed',
    payload: { orderId: base.id, amount, currency: 'CNY', products: [{ category: amount > 900 ? '护肤' : '彩妆' }] },
  })),
  fc.constant((base) => ({
    ...base,
    source: 'ingest',
    type: 'order.refunded',
    payload: { orderId: base.id, amount: 900, currency: 'CNY' },
  })),
  pick(world.pages).map((name) => (base) => ({
    ...base,
    source: 'ingest',
    type: 'behavior.tracked',
    payload: { name, properties: {} },
  })),
  traits.map((told) => (base) => ({
    ...base,
    source: 'ingest',
    type: 'profile.identified',
    payload: { traits: told, source: 'ingest' },
  })),
  fc.record({ tagId: pick(['t1', 't2', 't3', 't_rule']), on: fc.boolean() }).map(({ tagId, on }) => (base) => ({
    ...base,
    source: 'rep',
    type: on ? 'tag.added' : 'tag.removed',
    payload: { tagId, tag: tagId, because: [] },
  })),
  fc.record({ chatId: pick(world.groups), joined: fc.boolean() }).map(({ chatId, joined }) => (base) => ({
    ...base,
    source: 'wecom',
    type: joined ? 'group.joined' : 'group.left',
    payload: { chatId },
  })),
  fc.boolean().map((joined) => (base) => ({
    ...base,
    source: 'rep',
    type: joined ? 'list.joined' : 'list.left',
    payload: { listId: 'seg_list', list: '名单', by: 'wang' },
  })),
)

/** What happened to somebody in the 80 days before `now`: whole days ago (so that limits are met exactly), now and then off them or to come. */
export const lifeOf = (customerId: string, now: Date): fc.Arbitrary<NewFact[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: -2, max: 80 }), pick([0, 0, 1, 3_600_000]), deal), { maxLength: 14 })
    .map((deeds) =>
      deeds.map(([daysAgo, off, make], i) =>
        make({ id: `${customerId}:${i}`, customerId, at: new Date(now.getTime() - daysAgo * dayMs + off) }),
      ),
    )

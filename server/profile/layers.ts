import type { Layer, LayerValue, ValueSource } from '@zhiyin/shared/customer'
import type { Contact } from './customers.model.ts'
import { nameOf } from './look-up.ts'
import { interactionsWithin, type Signals } from './signals.ts'
import { standing } from './state/follows.ts'
import type { CustomerState, TraitEntry } from './state/state.ts'
import { confidenceOf, isStated, traitsOf } from './traits-of.ts'

type Value = LayerValue['value']
type Given = { key: string; value: Value | null; kind: LayerValue['kind']; source: ValueSource; at: Date | null }

/** The attributes every customer could have; completeness is the share that has a value. */
const schema: Readonly<Record<Layer, readonly string[]>> = {
  basic: ['name', 'gender', 'phone', 'email', 'city', 'birthday', 'remark', 'company'],
  consumption: ['orders', 'spend', 'aov', 'last_order', 'cycle', 'categories', 'refund_rate'],
  social: ['reps', 'groups', 'add_way', 'channel'],
  interests: ['topics'],
  trajectory: ['last_seen', 'interactions_30d'],
}
const total = Object.values(schema).flat().length

const genders: Readonly<Record<number, string>> = { 1: 'male', 2: 'female' }
const kinds: Readonly<Record<string, LayerValue['kind']>> = { gender: 'choice', birthday: 'date' }

const fixed = ({ key, value, kind, source, at }: Given): LayerValue[] =>
  value === null || at === null
    ? []
    : [{ key, value, kind, source, seenAt: at.toISOString(), confidence: 1, stated: false, others: [] }]

const valueOf = (value: TraitEntry['value']): Value => (typeof value === 'object' ? [...value] : value)

const traitValues = (state: CustomerState): LayerValue[] =>
  [...traitsOf(state).values()].map(({ key, value, source, at, others }) => ({
    key,
    value: valueOf(value),
    kind: kinds[key] ?? (typeof value === 'object' ? 'list' : typeof value === 'number' ? 'number' : 'text'),
    source,
    seenAt: at.toISOString(),
    confidence: confidenceOf[source],
    stated: isStated(source),
    others: others.map((other) => ({
      value: valueOf(other.value),
      source: other.source,
      seenAt: other.at.toISOString(),
    })),
  }))

/** WeCom's word beside what traits say: a stated value stays in front, the other is kept beside it. */
const beside = (values: readonly LayerValue[], given: LayerValue[]): LayerValue[] => {
  const byKey = new Map(values.map((value) => [value.key, value]))
  for (const value of given) {
    const held = byKey.get(value.key)
    const [front, back] = held === undefined || !held.stated ? [value, held] : [held, value]
    const differs = back !== undefined && JSON.stringify(back.value) !== JSON.stringify(front.value)
    const kept = differs ? [{ value: back.value, source: back.source, seenAt: back.seenAt }, ...back.others] : []
    byKey.set(value.key, { ...front, others: [...front.others, ...kept] })
  }
  return [...byKey.values()]
}

const basicOf = (state: CustomerState, contact: Contact | null): LayerValue[] => {
  const at = contact?.fetchedAt ?? null
  const remark = contact?.follows.find((follow) => follow.remark)?.remark ?? null
  const company = contact?.follows.find((follow) => follow.company)?.company ?? null
  const mobile = contact?.follows.flatMap((follow) => follow.mobiles)[0] ?? null
  const given = [
    { key: 'name', value: contact === null ? null : nameOf(state, contact), kind: 'text', source: 'wecom', at },
    { key: 'gender', value: genders[contact?.gender ?? 0] ?? null, kind: 'choice', source: 'wecom', at },
    { key: 'phone', value: mobile, kind: 'text', source: 'rep', at },
    { key: 'remark', value: remark, kind: 'text', source: 'rep', at },
    { key: 'company', value: company, kind: 'text', source: 'rep', at },
  ] as const
  const hidden = new Set(['unionid', 'external_userid'])
  return beside(
    traitValues(state).filter(({ key }) => !hidden.has(key)),
    given.flatMap(fixed),
  )
}

const commonest = (names: readonly string[], most: number): string[] => {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name)
}

const list = (names: readonly string[]): string[] | null => (names.length === 0 ? null : [...names])

const consumptionOf = (state: CustomerState, s: Signals): LayerValue[] => {
  const { length } = s.orders
  const at = s.lastOrderAt
  const placed = state.orders.filter((order) => order.placed !== null)
  const refunded = placed.filter((order) => order.refunds.length > 0).length
  const source = 'order'
  const rate = placed.length === 0 ? null : Math.round((refunded / placed.length) * 100) / 100
  const given = [
    { key: 'orders', value: length, kind: 'number', source, at },
    { key: 'spend', value: s.spend, kind: 'money', source, at },
    { key: 'aov', value: length === 0 ? null : Math.round(s.spend / length), kind: 'money', source, at },
    { key: 'last_order', value: at?.toISOString() ?? null, kind: 'date', source, at },
    { key: 'cycle', value: s.medianGapDays, kind: 'number', source: 'computed', at },
    {
      key: 'categories',
      value: list(
        commonest(
          s.orders.flatMap((order) => order.categories),
          5,
        ),
      ),
      kind: 'list',
      source,
      at,
    },
    { key: 'refund_rate', value: rate, kind: 'number', source, at },
  ] as const
  return given.flatMap(fixed)
}

const socialOf = (state: CustomerState, repNames: ReadonlyMap<string, string>): LayerValue[] => {
  const holds = state.follows.filter((follow) => standing(follow).state === 'following')
  const groups = state.groups.filter((group) => group.in)
  const newest = (dates: readonly Date[]): Date | null =>
    dates.length === 0 ? null : new Date(Math.max(...dates.map((date) => date.getTime())))
  const first = [...state.follows].sort((a, b) => Number(a.added?.at ?? 0) - Number(b.added?.at ?? 0))
  const came = first.find(({ added }) => added !== null)?.added ?? null
  const reps = holds.map(({ userid }) => repNames.get(userid) ?? userid)
  const source = 'wecom'
  const given = [
    { key: 'reps', value: list(reps), kind: 'list', source, at: newest(holds.map((h) => standing(h).since)) },
    {
      key: 'groups',
      value: list(groups.map((g) => g.name || g.chatId)),
      kind: 'list',
      source,
      at: newest(groups.map((g) => g.at)),
    },
    { key: 'add_way', value: came?.addWay ?? null, kind: 'choice', source, at: came?.at ?? null },
    { key: 'channel', value: came?.channelName ?? null, kind: 'text', source, at: came?.at ?? null },
  ] as const
  return given.flatMap(fixed)
}

/** The five layers (五层画像), each value with where it comes from, when it was seen and how sure it is; and how complete they are. */
export const layersOf = (
  state: CustomerState,
  contact: Contact | null,
  s: Signals,
  now: Date,
  repNames: ReadonlyMap<string, string>,
): { layers: { layer: Layer; values: LayerValue[] }[]; completeness: number } => {
  const seen = s.lastSeenAt
  const topics = commonest(
    state.topics.flatMap(({ topic, marks }) => marks.map(() => topic)),
    8,
  )
  const count = interactionsWithin(s.interactions, 30, now)
  const values: Readonly<Record<Layer, LayerValue[]>> = {
    basic: basicOf(state, contact),
    consumption: consumptionOf(state, s),
    social: socialOf(state, repNames),
    interests: fixed({ key: 'topics', value: list(topics), kind: 'list', source: 'computed', at: seen }),
    trajectory: [
      ...fixed({ key: 'last_seen', value: seen?.toISOString() ?? null, kind: 'date', source: 'computed', at: seen }),
      ...fixed({ key: 'interactions_30d', value: count, kind: 'number', source: 'computed', at: seen }),
    ],
  }
  const order: readonly Layer[] = ['basic', 'consumption', 'social', 'interests', 'trajectory']
  const filled = order.flatMap((layer) => values[layer].filter(({ key }) => schema[layer].includes(key)))
  return {
    layers: order.map((layer) => ({ layer, values: values[layer] })),
    completeness: Math.round((filled.length / total) * 100) / 100,
  }
}

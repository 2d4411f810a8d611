import type { AttributeRow } from '@zhiyin/shared/api/attributes'
import type { Tag } from '@zhiyin/shared/api/tags'
import type { Task } from '@zhiyin/shared/api/tasks'
import { because } from '@zhiyin/shared/because/index'
import type {
  CustomerLevel,
  CustomerProfile,
  CustomerTag,
  LayerValue,
  Suggestion,
  TimelineItem,
} from '@zhiyin/shared/customer'

/** The moment of every test, 12:00 in Shanghai. */
export const noon = Date.parse('2026-08-04T04:00:00.000Z')
export const hour = 3_600_000
export const day = 24 * hour
export const ago = (ms: number): string => new Date(noon - ms).toISOString()

export const buildTag = (over: Partial<CustomerTag> = {}): CustomerTag => ({
  id: 't1',
  name: '敏感肌',
  group: '肤质',
  source: 'rep',
  since: ago(90 * day),
  by: '王敏',
  because: [because('tag.by_person', { by: '王敏' })],
  ...over,
})

export const buildValue = (over: Partial<LayerValue> = {}): LayerValue => ({
  key: 'city',
  value: '上海',
  kind: 'text',
  source: 'rep',
  seenAt: ago(2 * hour),
  confidence: 1,
  stated: true,
  others: [],
  ...over,
})

const row = (key: string, type: AttributeRow['type'], over: Partial<AttributeRow> = {}): AttributeRow => ({
  key,
  name: key,
  layer: 'basic',
  type,
  choices: [],
  sensitivity: 'open',
  sources: [],
  computation: null,
  builtIn: false,
  askable: true,
  editable: true,
  version: 1,
  backfill: null,
  updatedAt: null,
  updatedBy: null,
  ...over,
})

/** Defined attributes: built-in ones, one of each type that a form has an input of its own for, and a computed one. */
export const attributeRows: readonly AttributeRow[] = [
  row('city', 'text', { name: '城市', builtIn: true }),
  row('birthday', 'date', { name: '生日', builtIn: true }),
  row('skin', 'choice', { name: '肤质', nameEn: 'Skin', choices: ['干性', '油性'] }),
  row('budget', 'money', { name: '预算', layer: 'consumption' }),
  row('wishes', 'list', { name: '心愿', layer: 'interests' }),
  row('orders_90d', 'number', {
    name: '近期下单',
    layer: 'consumption',
    editable: false,
    computation: { type: 'count', of: { event: 'order.completed', where: [] }, windowDays: 90 },
  }),
]

export const buildLevel = (over: Partial<CustomerLevel> = {}): CustomerLevel => ({
  schemeId: 'rfm',
  scheme: '默认分层',
  primary: true,
  level: 'A 高价值',
  tier: 'A',
  since: ago(110 * day),
  because: [
    because('tier.rfm', { r: 4, f: 5, m: 5, days: 32, window: 365, orders: 7, amount: 238_000 }),
    because('tier.held', { to: 'B', kept: 'A', until: noon + 5 * day, days: 14 }),
  ],
  ...over,
})

export const buildProfile = (over: Partial<CustomerProfile> = {}): CustomerProfile => ({
  id: 'c1',
  name: '林晓雯',
  externalUserId: 'wm1',
  stage: {
    stage: 'silent',
    since: ago(2 * day),
    because: [because('stage.silent_rhythm', { days: 32, median: 19, late: 13 })],
  },
  tier: {
    tier: 'A',
    level: 'A',
    group: 'rescue',
    scores: { r: 4, f: 5, m: 5 },
    since: ago(110 * day),
    because: [because('tier.rfm', { r: 4, f: 5, m: 5, days: 32, window: 365, orders: 7, amount: 238_000 })],
  },
  levels: [buildLevel()],
  tags: [
    buildTag(),
    buildTag({ id: 't2', name: '晚间活跃', source: 'rule', because: [because('tag.by_rule', { rule: '夜' })] }),
  ],
  reps: [{ userid: 'wang', name: '王敏' }],
  orders: 7,
  spend: 238_000,
  lastSeenAt: ago(32 * day),
  remark: '618 复购群',
  gender: 'female',
  addedAt: ago(214 * day),
  channelName: '活动海报B',
  fromWecom: false,
  follows: [
    {
      userid: 'wang',
      name: '王敏',
      state: 'following',
      since: ago(214 * day),
      half: false,
      sends: true,
      remark: '618 复购群',
      mobiles: [],
    },
  ],
  layers: [
    {
      layer: 'basic',
      values: [buildValue({ others: [{ value: '杭州', source: 'order', seenAt: ago(3 * day) }] })],
    },
  ],
  completeness: 0.78,
  stats: {
    orders: 7,
    spend: 238_000,
    averageOrder: 34_000,
    medianGapDays: 19,
    lastOrderAt: ago(32 * day),
    interactions30d: 0,
  },
  consent: { marketing: 'granted', since: ago(200 * day) },
  consents: [
    {
      purpose: 'marketing',
      state: 'granted',
      source: 'form',
      by: null,
      proof: null,
      at: ago(200 * day),
      overruled: null,
    },
    { purpose: 'profiling', state: 'unknown', source: null, by: null, proof: null, at: null, overruled: null },
    {
      purpose: 'sharing',
      state: 'withdrawn',
      source: 'rep',
      by: '王敏',
      proof: { text: '不要给别人' },
      at: ago(day),
      overruled: null,
    },
    { purpose: 'service', state: 'unknown', source: null, by: null, proof: null, at: null, overruled: null },
  ],
  segments: [{ id: 's1', name: '高潜复购', since: ago(20 * day) }],
  updatedAt: ago(hour),
  ...over,
})

export const buildItem = (id: string, over: Partial<TimelineItem> = {}): TimelineItem => ({
  id,
  type: 'behavior.tracked',
  at: ago(hour),
  source: 'ingest',
  payload: { name: 'Article Opened', properties: { title: id } },
  names: {},
  because: [],
  ...over,
})

export const buildSuggestion = (id: string, over: Partial<Suggestion> = {}): Suggestion => ({
  id,
  text: `晓雯姐，${id}`,
  because: [because('suggest.wake', { days: 32 })],
  ...over,
})

export const buildTask = (over: Partial<Task> = {}): Task => ({
  id: 'k1',
  kind: 'manual',
  title: '跟进林晓雯',
  userid: 'wang',
  customerId: 'c1',
  customer: '林晓雯',
  state: 'open',
  dueAt: new Date(noon + 20 * hour).toISOString(),
  createdAt: ago(hour),
  because: [],
  ...over,
})

export const buildTagOption = (over: Partial<Tag> = {}): Tag => ({
  id: 't9',
  name: '会员日',
  group: '活动',
  wecomId: null,
  ...over,
})

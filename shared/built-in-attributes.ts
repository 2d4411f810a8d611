import type { Attribute, Sensitivity } from './attribute.ts'
import type { Layer, ValueSource } from './customer.ts'
import { labels } from './labels/index.ts'

type Key = keyof typeof labels.attribute
type Rest = {
  readonly choices?: readonly string[]
  readonly sensitivity?: Sensitivity
  readonly sources?: readonly ValueSource[]
}

const one = (layer: Layer, key: Key, type: Attribute['type'], rest: Rest = {}): Attribute => ({
  key,
  name: labels.attribute[key].zh,
  nameEn: labels.attribute[key].en,
  layer,
  type,
  choices: [...(rest.choices ?? [])],
  sensitivity: rest.sensitivity ?? 'open',
  sources: [...(rest.sources ?? [])],
  computation: null,
})

const noted: Rest = { sensitivity: 'personal', sources: ['rep', 'ingest', 'import', 'wecom'] }

/** The attributes every customer could have, before managers define any; completeness is the share of attributes with a value. */
export const builtInAttributes: readonly Attribute[] = [
  one('basic', 'name', 'text', { sources: ['wecom', 'ingest', 'import'] }),
  one('basic', 'gender', 'choice', { choices: ['male', 'female', 'unknown'], sources: ['ingest', 'import', 'wecom'] }),
  one('basic', 'phone', 'text', noted),
  one('basic', 'email', 'text', noted),
  one('basic', 'province', 'text'),
  one('basic', 'city', 'text'),
  one('basic', 'district', 'text'),
  one('basic', 'region', 'text'),
  one('basic', 'birthday', 'date', { sensitivity: 'personal' }),
  one('basic', 'remark', 'text'),
  one('basic', 'company', 'text', { sources: ['rep', 'wecom', 'ingest', 'import'] }),
  one('consumption', 'orders', 'number'),
  one('consumption', 'spend', 'money'),
  one('consumption', 'spend_other', 'list'),
  one('consumption', 'average_order', 'money'),
  one('consumption', 'first_order_at', 'date'),
  one('consumption', 'last_order_at', 'date'),
  one('consumption', 'cycle_days', 'number'),
  one('consumption', 'categories', 'list'),
  one('consumption', 'refund_rate', 'number'),
  one('social', 'reps', 'list'),
  one('social', 'groups', 'list'),
  one('social', 'add_way', 'choice'),
  one('social', 'channels', 'list'),
  one('social', 'added_at', 'date'),
  one('interests', 'topics', 'list'),
  one('trajectory', 'last_seen_at', 'date'),
  one('trajectory', 'interactions_30d', 'number'),
]

export const builtInKeys: ReadonlySet<string> = new Set(builtInAttributes.map(({ key }) => key))

/** Of these a customer may well have none: no orders abroad, no district, no code where the names are known. */
const unexpected: ReadonlySet<string> = new Set<Key>(['spend_other', 'district', 'region'])
/** Whether every customer could have it; only those count for how complete a profile is. */
export const isExpected = ({ key }: Pick<Attribute, 'key'>): boolean => !unexpected.has(key)

/** What somebody can state better than it is known; the rest is exact, or noted in WeCom. */
const statable: ReadonlySet<string> = new Set<Key>([
  'gender',
  'phone',
  'email',
  'province',
  'city',
  'district',
  'birthday',
  'categories',
  'topics',
])
export const isEditable = ({ key }: Pick<Attribute, 'key'>): boolean => !builtInKeys.has(key) || statable.has(key)

/** What no condition may ask for: where to reach somebody, what is sensitive, and what conditions have a question of their own for. */
const unasked: ReadonlySet<string> = new Set<Key>(['name', 'phone', 'email', 'remark', 'groups', 'interactions_30d'])
export const isAskable = ({ key, sensitivity }: Pick<Attribute, 'key' | 'sensitivity'>): boolean =>
  sensitivity !== 'sensitive' && !unasked.has(key)

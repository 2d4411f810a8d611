import { builtInAttributes, isAskable } from '@zhiyin/shared/built-in-attributes'
import type { Attribute, AttributeValue } from '@zhiyin/shared/attribute'
import { label, type Bilingual, type Lang } from '@zhiyin/shared/text'
import { csvLine } from '../platform/csv.ts'
import { masked } from '../platform/personal.ts'
import { clear as inClear, isSealed, mask, type Show } from '../platform/vault.ts'
import type { Reach } from '../profile/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Names } from './types.ts'

const headers = {
  id: { zh: '客户编号', en: 'Customer' },
  external: { zh: '企业微信外部联系人', en: 'external_userid' },
  name: { zh: '昵称', en: 'Name' },
  phone: { zh: '手机', en: 'Phone' },
  email: { zh: '邮箱', en: 'E-mail' },
  stage: { zh: '阶段', en: 'Stage' },
  tier: { zh: '层级', en: 'Tier' },
  since: { zh: '进入人群', en: 'In the segment since' },
  tags: { zh: '标签', en: 'Tags' },
  reps: { zh: '跟进顾问', en: 'Reps' },
  orders: { zh: '订单数', en: 'Orders' },
  spend: { zh: '累计消费（元）', en: 'Spend (CNY)' },
  lastOrder: { zh: '最近下单', en: 'Last order' },
  lastSeen: { zh: '最近互动', en: 'Last seen' },
} as const satisfies Record<string, Bilingual>

/** Columns of their own already. */
const told: ReadonlySet<string> = new Set(['orders', 'spend', 'reps', 'last_order_at', 'last_seen_at'])

/** The first character of a name, of an id the last four. */
const maskedName = (name: string): string => (name === '' ? '' : `${[...name][0] ?? ''}**`)
const maskedId = (id: string): string => (id.length <= 4 ? '****' : `****${id.slice(-4)}`)

/** The attributes a file has columns for, in the order of the layers. */
export const exportedAttributes = (defined: readonly Attribute[]): Attribute[] => {
  const own = new Set(defined.map(({ key }) => key))
  return [...builtInAttributes.filter(({ key }) => !own.has(key)), ...defined].filter(
    (one) => isAskable(one) && !told.has(one.key),
  )
}

type Around = {
  readonly segmentId: string
  readonly lang: Lang
  /** Personal fields in the clear. */
  readonly clear: boolean
  readonly attributes: readonly Attribute[]
  readonly tags: Awaited<ReturnType<Names>>
  readonly reps: Awaited<ReturnType<Names>>
  /** Opens a sealed text. */
  readonly open: (text: string, show: Show) => string
}

const named = (one: Attribute, lang: Lang): string => (lang === 'en' && one.nameEn ? one.nameEn : one.name)
const yuan = (minor: number): string => (minor / 100).toFixed(2)
const day = (at: Date | null): string => at?.toISOString() ?? ''

const valueOf = ({ type, key }: Attribute, value: AttributeValue, lang: Lang): string => {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return value.join('；')
  if (type === 'money' && typeof value === 'number') return yuan(value)
  return type === 'choice' && typeof value === 'string' ? label(key, value, lang) : String(value)
}

/** The first line, with the mark by which spreadsheets know UTF-8. */
export const headerLine = (attributes: readonly Attribute[], lang: Lang): string =>
  `\ufeff${csvLine([...Object.values(headers).map((text) => text[lang]), ...attributes.map((one) => named(one, lang))], ',')}`

/** One customer as a line; `reach` is sealed, as the profile keeps it. */
export const exportLine = (view: CustomerView, reach: Reach | undefined, around: Around): string => {
  const { segmentId, lang, clear, attributes, tags, reps, open } = around
  const shown = (kind: keyof Reach): string => {
    const kept = reach?.[kind] ?? ''
    if (clear || kept === '') return open(kept, inClear)
    return isSealed(kept) ? open(kept, mask) : masked(kind, kept)
  }
  const cells = [
    view.id,
    clear ? (view.externalUserId ?? '') : maskedId(view.externalUserId ?? ''),
    clear ? view.name : maskedName(view.name),
    shown('phone'),
    shown('email'),
    label('stage', view.stage.stage, lang),
    view.tier.tier,
    day(view.segments.find(({ id }) => id === segmentId)?.since ?? null),
    view.tagIds.map((id) => tags.get(id) ?? id).join('；'),
    view.follows.flatMap(({ userid, state }) => (state === 'following' ? [reps.get(userid) ?? userid] : [])).join('；'),
    String(view.orders),
    yuan(view.spend),
    day(view.lastOrderAt),
    day(view.lastSeenAt),
    ...attributes.map((one) => {
      const value = view.attrs.find(({ k }) => k === one.key)?.v
      if (value === undefined) return ''
      if (!clear && one.sensitivity !== 'open') return '***'
      // A number that somebody noted in any text is sealed in it.
      return open(valueOf(one, value, lang), clear ? inClear : mask)
    }),
  ]
  return csvLine(cells, ',')
}

import { isOfOrders, mostKept, type Computation } from './attribute.ts'
import type { EventRef } from './condition.ts'
import type { LayerValue } from './customer.ts'
import { fill, label, type Bilingual, type Lang } from './text.ts'

type Named = { readonly key: string; readonly name?: string | undefined; readonly nameEn?: string | undefined }

/** What an attribute is called: as managers named it, else by the product’s word; its key where nobody defined it. */
export const attributeName = ({ key, name, nameEn }: Named, lang: Lang): string =>
  (lang === 'en' ? nameEn || name : name) || label('attribute', key, lang)

const texts = {
  count: { zh: '{when}{event}的次数', en: 'how many {event}{when}' },
  sum: { zh: '{when}{event}的{property}合计', en: 'sum of {property} of {event}{when}' },
  average: { zh: '{when}{event}的{property}平均', en: 'average {property} of {event}{when}' },
  first: { zh: '最早一次{event}的{property}', en: '{property} of the first {event}' },
  firstTime: { zh: '最早一次{event}的时间', en: 'when the first {event} was' },
  last: { zh: '最近一次{event}的{property}', en: '{property} of the last {event}' },
  lastTime: { zh: '最近一次{event}的时间', en: 'when the last {event} was' },
  top: { zh: '{when}{event}里最多的 {most} 种{property}', en: 'the {most} commonest {property} of {event}{when}' },
  unique: { zh: '{when}{event}里有几种{property}', en: 'how many kinds of {property} of {event}{when}' },
  ratio: { zh: '{when}每次{event}对应几次{to}', en: 'how many {to} for each {event}{when}' },
  median_gap: {
    zh: '最近 13 次{event}相隔天数的中位数',
    en: 'median of the days between the newest 13 {event}',
  },
  window: { zh: '近 {days} 天', en: ' within {days} days' },
  ever: { zh: '全部', en: ' ever' },
  event: { zh: '「{name}」', en: '“{name}”' },
  only: { zh: '{event}（{property}为 {values}）', en: '{event} ({property}: {values})' },
} as const satisfies Record<string, Bilingual>

type Of = Computation['of']

/** A property as people call it; the name systems give it stands apart in a Chinese sentence. */
const propertyName = ({ event }: Of, property: string, lang: Lang): string => {
  const name = isOfOrders(event) ? label('order_property', property, lang) : property
  return lang === 'zh' && name === property ? ` ${name} ` : name
}

const eventName = ({ event, name }: EventRef, lang: Lang): string =>
  fill(texts.event, { name: label('fact', name ?? event, lang) }, lang)

const ofName = (of: Of, lang: Lang): string =>
  of.where.reduce(
    (event, { property, is }) =>
      fill(
        texts.only,
        {
          event,
          property: propertyName(of, property, lang).trimStart(),
          values: is.map(String).join(lang === 'zh' ? '、' : ', '),
        },
        lang,
      ),
    eventName(of, lang),
  )

/** What a computed value is worked out from, and over which window. */
export const sayComputation = (computation: Computation, lang: Lang): string => {
  const event = ofName(computation.of, lang)
  const named = (property: string): string => propertyName(computation.of, property, lang)
  const days = 'windowDays' in computation ? computation.windowDays : null
  const when = days === null ? texts.ever[lang] : fill(texts.window, { days }, lang)
  switch (computation.type) {
    case 'count':
    case 'median_gap':
      return fill(texts[computation.type], { event, when }, lang)
    case 'first':
    case 'last': {
      const { type, property } = computation
      return property === null
        ? fill(texts[`${type}Time`], { event }, lang)
        : fill(texts[type], { event, property: named(property) }, lang).trimEnd()
    }
    case 'ratio':
      return fill(texts.ratio, { event, when, to: ofName(computation.to, lang) }, lang)
    case 'top':
      return fill(texts.top, { event, when, property: named(computation.property), most: computation.most }, lang)
    case 'sum':
    case 'average':
    case 'unique':
      return fill(texts[computation.type], { event, when, property: named(computation.property) }, lang)
  }
}

const reaches = {
  orders: {
    zh: '按全部订单算：金额减去退款，取消和全额退款的不算',
    en: 'All orders: amounts less refunds, without those cancelled or refunded in full',
  },
  others: { zh: '按全部订单算，一次不少', en: 'All of them, of all orders' },
  events: {
    zh: '每位客户最近 {most} 次以内准确，更早的不算',
    en: 'Exact for up to {most} events of a customer; of more the newest {most} count',
  },
  foreign: {
    zh: '另有 {n} 单是其他币种，金额没有算进去',
    en: '{n} more in other currencies, whose amounts are left out',
  },
  newest: { zh: '只按最近 {n} 次算', en: 'of the newest {n} only' },
} as const satisfies Record<string, Bilingual>

/** How far what is computed of some events is exact; what managers read while they define it. */
export const sayExactness = ({ event }: Of, lang: Lang): string => {
  if (!isOfOrders(event)) return fill(reaches.events, { most: mostKept }, lang)
  return reaches[event === 'order.completed' ? 'orders' : 'others'][lang]
}

/** How far one value is not exact; null where it is. */
export const sayReach = ({ newest, foreign }: Pick<LayerValue, 'newest' | 'foreign'>, lang: Lang): string | null => {
  const parts = [
    ...(newest === undefined ? [] : [fill(reaches.newest, { n: newest }, lang)]),
    ...(foreign === undefined ? [] : [fill(reaches.foreign, { n: foreign }, lang)]),
  ]
  return parts.length === 0 ? null : parts.join(lang === 'zh' ? '；' : '; ')
}

/** How the product itself works out what no manager defined. */
const builtIn: Readonly<Record<string, Bilingual>> = {
  orders: { zh: '全部订单，不含取消和全额退款的', en: 'all orders but those cancelled or refunded in full' },
  spend: { zh: '全部人民币订单的金额，减去退款', en: 'all orders in CNY less refunds' },
  spend_other: { zh: '其他币种订单的金额，减去退款', en: 'orders in other currencies less refunds' },
  average_order: { zh: '全部人民币订单的平均金额', en: 'the average of all orders in CNY' },
  first_order_at: { zh: '最早一单的时间', en: 'when the first order was' },
  last_order_at: { zh: '最近一单的时间', en: 'when the last order was' },
  cycle_days: { zh: '最近 13 次购买相隔天数的中位数', en: 'median of the days between the newest 13 purchases' },
  categories: { zh: '全部订单里最多的品类', en: 'the commonest categories of all orders' },
  refund_rate: { zh: '有退款的订单 ÷ 未取消的订单', en: 'orders with a refund by orders not cancelled' },
  province: { zh: '城市所在的省份', en: 'where the city lies' },
  topics: { zh: '看过的内容里最多的主题', en: 'the commonest topics of what was looked at' },
  last_seen_at: { zh: '客户最近一次互动', en: 'when the customer last did anything' },
  interactions_30d: { zh: '近 30 天的互动次数', en: 'interactions of the last 30 days' },
}

/** What a value is worked out from; null for one that somebody said. */
export const sayOrigin = (
  { key, source }: Pick<LayerValue, 'key' | 'source'>,
  computation: Computation | null | undefined,
  lang: Lang,
): string | null => {
  if (computation) return sayComputation(computation, lang)
  return source === 'computed' || source === 'order' ? (builtIn[key]?.[lang] ?? null) : null
}

import type { Bilingual } from '../text.ts'

/** Why a customer is in a lifecycle stage. Days are whole days in the company's time zone; `median` is days between orders. */
export const stageBecause = {
  'stage.never_interacted': { zh: '认识但从未下单或回应', en: 'Known, but has never bought or answered' },
  'stage.first_contact': {
    zh: '{days|ago}首次添加，仍在 {limit} 天新客期内',
    en: 'First contact {days|ago}, within the {limit}-day new period',
  },
  'stage.first_order': {
    zh: '{days|ago}首次下单，仍在 {limit} 天新客期内',
    en: 'First order {days|ago}, within the {limit}-day new period',
  },
  'stage.many_interactions': {
    zh: '近 {window} 天互动 {count} 次（达到 {min} 次）',
    en: '{count} interactions in {window} days (at least {min})',
  },
  'stage.own_rhythm': {
    zh: '{days|ago}下单，在其 {median|round} 天的购买周期内',
    en: 'Bought {days|ago}, inside their own {median|round}-day cycle',
  },
  'stage.repeat_buyer': {
    zh: '复购客户（{orders} 单），{days|ago}有过互动',
    en: 'Repeat buyer ({orders} orders), last seen {days|ago}',
  },
  'stage.once_buyer': {
    zh: '买过 {orders} 单，{days|ago}有过互动',
    en: 'Bought {orders} time(s), last seen {days|ago}',
  },
  'stage.in_touch': {
    zh: '还没有下过单，{days|ago}有过互动',
    en: 'Has not bought yet, last seen {days|ago}',
  },
  'stage.silent_days': { zh: '沉默 {days} 天（阈值 {limit} 天）', en: 'Silent for {days} days (limit {limit})' },
  'stage.silent_rhythm': {
    zh: '沉默 {days} 天；平时每 {median|round} 天买一次，这次晚了 {late|round} 天',
    en: 'Silent for {days} days; usually buys every {median|round} days, {late|round} days late',
  },
  'stage.lost_days': {
    zh: '{days} 天没有互动（阈值 {limit} 天）',
    en: 'No interaction for {days} days (limit {limit})',
  },
  'stage.takes_new': {
    zh: '首次添加或首次下单后的 {limit} 天内',
    en: 'Within {limit} days of the first contact or the first order',
  },
  'stage.takes_active': {
    zh: '{window} 天内互动满 {min} 次',
    en: '{min} interactions within {window} days',
  },
  'stage.takes_rhythm': {
    zh: '或者下一单：其购买周期是 {median|round} 天',
    en: 'Or an order, inside their own {median|round}-day cycle',
  },
  'stage.takes_mature': {
    zh: '下过单（现在 {orders} 单）、过了 {limit} 天新客期，且 {silent} 天内有互动',
    en: 'Has bought ({orders} so far), past the {limit}-day new period, seen in the last {silent} days',
  },
  'stage.lost_deleted': { zh: '客户于 {at|date} 删除了全部顾问', en: 'Deleted every rep on {at|date}' },
} as const satisfies Record<string, Bilingual>

import type { Bilingual } from '../text.ts'

/** Why a customer is in a tier: one line per score, then the class. Amounts in minor units. */
export const tierBecause = {
  'tier.rfm': {
    zh: 'R{r} F{f} M{m}：{days|ago}下单，近 {window} 天 {orders} 单、{amount|money}',
    en: 'R{r} F{f} M{m}: last order {days|ago}, {orders} order(s) and {amount|money} in {window} days',
  },
  'tier.no_order': { zh: '还没有下过单', en: 'No order yet' },
  'tier.next_order': { zh: '再下一单可升到 {to}', en: 'One more order moves them up to {to}' },
  'tier.next': { zh: '再消费 {amount|money} 可升到 {to}', en: '{amount|money} more moves them up to {to}' },
  'tier.next_orders': { zh: '再下 {count} 单可升到 {to}', en: '{count} more order(s) move them up to {to}' },
  'tier.next_both': {
    zh: '再下 {count} 单、共消费 {amount|money} 可升到 {to}',
    en: '{count} more orders for {amount|money} together move them up to {to}',
  },
  'tier.next_average': {
    zh: '客单价达到 {amount|money} 可升到 {to}',
    en: 'An average order of {amount|money} moves them up to {to}',
  },
  'tier.value_spend': { zh: '近 {window} 天消费 {amount|money}', en: '{amount|money} in {window} days' },
  'tier.value_orders': { zh: '近 {window} 天 {amount} 单', en: '{amount} order(s) in {window} days' },
  'tier.value_average': {
    zh: '近 {window} 天客单价 {amount|money}',
    en: 'Average order of {amount|money} in {window} days',
  },
  'tier.held': {
    zh: '现在只够 {to}，{kept} 保留到 {until|date}（{days} 天缓冲）',
    en: 'Would be {to} now; {kept} is kept until {until|date} ({days} days of grace)',
  },
  'tier.by_stage': { zh: '阶段是「{stage|stage}」', en: 'Stage is {stage|stage}' },
  'tier.next_stage': {
    zh: '进入「{stage|stage}」阶段可升到 {to}',
    en: 'Entering the stage {stage|stage} moves them up to {to}',
  },
  'tier.otherwise': { zh: '上面的条件都不满足', en: 'None of the conditions holds' },
  'tier.next_row': { zh: '要升到 {to}，还差：', en: 'Up to {to} as soon as this is different:' },
} as const satisfies Record<string, Bilingual>

/** What would move a customer up stands after why they are where they are; this is the first part. */
export const whyHere = <T extends { readonly code: string }>(reasons: readonly T[]): T[] => {
  const next = reasons.findIndex(({ code }) => code.startsWith('tier.next'))
  return next === -1 ? [...reasons] : reasons.slice(0, next)
}

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
} as const satisfies Record<string, Bilingual>

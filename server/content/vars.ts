import type { Tier } from '@zhiyin/shared/tier'
import type { CustomerView } from '../profile/view.ts'
import { moneyOf } from '@zhiyin/shared/text'

/** What a template may name. Every value has a fallback, so that a message never shows a hole. */
export type Vars = {
  readonly customer: { readonly name: string }
  readonly rep: { readonly name: string }
  readonly tier: string
  readonly stage: string
  /** Whole days since the customer was last seen; 0 when never. */
  readonly days_silent: number
  readonly orders: number
  /** Spend so far, as ¥2,380. */
  readonly spend: string
  readonly last_product: string
}

export type VarsView = Pick<CustomerView, 'name' | 'tier' | 'stage' | 'orders' | 'spend' | 'lastSeenAt' | 'lastProduct'>

const dayMs = 86_400_000
/** How a customer without a name is addressed. */
export const politeName = '您'

/** What the profile calls somebody whose name nobody knows; no way to address them. */
const placeholder = '未具名客户'

/** The name to address a customer by; null when none is known. */
export const addressName = (name: string): string | null => (name === '' || name === placeholder ? null : name)

/** The variables for one customer; a missing name becomes 您, a missing rep 我. */
export const varsOf = (view: VarsView, rep: string | null, now: Date): Vars => ({
  customer: { name: addressName(view.name) ?? politeName },
  rep: { name: rep || '我' },
  tier: view.tier.tier,
  stage: view.stage.stage,
  days_silent:
    view.lastSeenAt === null ? 0 : Math.max(0, Math.floor((now.getTime() - view.lastSeenAt.getTime()) / dayMs)),
  orders: view.orders,
  spend: moneyOf(view.spend),
  last_product: view.lastProduct ?? '',
})

/** The variables for a customer group: everybody in it is spoken to. */
export const groupVarsOf = ({ name, tier }: { name: string; tier: Tier }, rep: string | null): Vars => ({
  customer: { name: name || '大家' },
  rep: { name: rep || '我' },
  tier,
  stage: '',
  days_silent: 0,
  orders: 0,
  spend: '¥0',
  last_product: '',
})

/** Stands in where there is no customer: previews, and the trial at saving. */
export const sampleVars: Vars = {
  customer: { name: '陈琳' },
  rep: { name: '王敏' },
  tier: 'A',
  stage: 'silent',
  days_silent: 32,
  orders: 4,
  spend: '¥2,380',
  last_product: '舒缓精华',
}
